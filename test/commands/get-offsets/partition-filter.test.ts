import { describe, expect, it } from 'vitest'
import { partitionFilterOf } from '../../../src/commands/get-offsets/partition-filter.ts'

const allowed = (rules: string) => {
  const filter = partitionFilterOf(rules, undefined, undefined)
  const all = ['a', 'b'].flatMap((topic) => [0, 1, 2, 3].map((partition) => ({ topic, partition })))
  return all
    .filter(({ topic, partition }) => filter.allows(topic, partition))
    .map(({ topic, partition }) => topic + partition)
    .join(' ')
}

describe('--topic-partitions', () => {
  it.each([
    ['a', 'a0 a1 a2 a3'],
    ['a:', 'a0 a1 a2 a3'],
    ['a:1', 'a1'],
    ['a:1-3', 'a1 a2'],
    ['a:2-', 'a2 a3'],
    ['a:-2', 'a0 a1'],
    [':1', 'a1 b1'],
    ['a:0,b:3', 'a0 b3'],
    ['[ab]:0', 'a0 b0'],
    ['a:3-1', ''],
    ['c', ''],
  ])('%s', (rules, expected) => {
    expect(allowed(rules)).toBe(expected)
  })

  it.each(['a:x', 'a:1-2-3', 'a:1:2'])('refuses %s', (rules) => {
    expect(() => allowed(rules)).toThrow(`Invalid rule specification: ${rules}`)
  })

  it('refuses a number that is none', () => {
    expect(() => allowed('a:99999999999')).toThrow('For input string: "99999999999"')
  })
})

describe('--topic and --partitions', () => {
  it('default to everything', () => {
    const filter = partitionFilterOf(undefined, undefined, undefined)
    expect(filter.allowsTopic('anything')).toBe(true)
    expect(filter.allows('anything', 99)).toBe(true)
    expect(partitionFilterOf(undefined, 'a', '').allows('a', 5)).toBe(true)
  })

  it('hold together', () => {
    const filter = partitionFilterOf(undefined, 'a.*', '1,2')
    expect([filter.allows('ab', 1), filter.allows('ab', 0), filter.allows('b', 1)]).toEqual([true, false, false])
  })
})
