import { describe, expect, it } from 'vitest'
import { nearest } from '../../src/cli/nearest.ts'

describe('nearest', () => {
  it('finds slips of the fingers: a letter too many, missing, wrong, swapped', () => {
    const options = ['topic', 'partitions', 'bootstrap-server', 'describe', 'list']
    for (const slip of ['topicc', 'topc', 'topik', 'tpoic']) expect(nearest(slip, options)).toEqual(['topic'])
    expect(nearest('bootsrtap-servr', options)).toEqual(['bootstrap-server'])
    expect(nearest('descirbe', options)).toEqual(['describe'])
  })

  it('finds words that begin with or contain what was typed, and plurals', () => {
    expect(nearest('bootstrap', ['bootstrap-server', 'command-config'])).toEqual(['bootstrap-server'])
    expect(nearest('server', ['bootstrap-server', 'list'])).toEqual(['bootstrap-server'])
    expect(nearest('brokers', ['broker', 'group'])).toEqual(['broker'])
  })

  it('finds the first word of a longer name, give or take a letter', () => {
    expect(nearest('offsets', ['offset-json-file', 'command-config'])).toEqual(['offset-json-file'])
    expect(nearest('retention', ['retention.ms'])).toEqual(['retention.ms'])
    expect(nearest('all', ['alt-a', 'command-config'])).toEqual([])
  })

  it('gives the best first and no more than asked for', () => {
    expect(nearest('orders', ['order', 'orders-2024', 'border', 'orders1'])).toEqual(['order', 'orders1', 'border'])
    expect(nearest('orders', ['order', 'orders1', 'border'], 1)).toEqual(['order'])
  })

  it('stays silent when nothing is near', () => {
    expect(nearest('payments', ['a', 'xyz', 'orders'])).toEqual([])
    expect(nearest('', ['a'])).toEqual([])
    expect(nearest('x', [])).toEqual([])
  })

  it('does not care about case', () => {
    expect(nearest('ORDERS', ['Orders'])).toEqual(['Orders'])
  })

  it('looks at a limited number of candidates', () => {
    const many = Array.from({ length: 20_000 }, (_, at) => `topic-with-a-long-name-${at}`)
    expect(nearest('orders', [...many, 'orders'])).toEqual([])
    expect(nearest('orders', ['orders', ...many])).toEqual(['orders'])
  })
})
