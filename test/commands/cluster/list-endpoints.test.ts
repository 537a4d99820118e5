import { describe, expect, it } from 'vitest'
import { endpointsText } from '../../../src/commands/cluster/list-endpoints.ts'

const node = (id: number, host: string, rack: string | null = null, isFenced = false) => ({
  id,
  host,
  port: 9092,
  rack,
  isFenced,
})

describe('the table of endpoints', () => {
  it('has columns as wide as what stands in them, each cell padded', () => {
    expect(endpointsText([node(1, 'broker-one', 'r'), node(2, 'b2', 'rack', true)], false)).toBe(
      'ID         HOST       PORT       RACK STATE      ENDPOINT_TYPE  \n' +
        '1          broker-one 9092       r    unfenced   broker         \n' +
        '2          b2         9092       rack fenced     broker         \n',
    )
  })

  it('breaks where a title is wider than its column, as the script’s does', () => {
    expect(endpointsText([node(1, 'h', 'r')], true)).toBe(
      'ID         HOST PORT       RACK ENDPOINT_TYPE  \n1          h 9092       r controller     \n',
    )
  })

  it('says null where there is no rack, in the order of a Java map', () => {
    const lines = endpointsText([node(1, 'h'), node(18, 'h'), node(16, 'h')], false).split('\n')
    expect(lines.slice(1, 4).map((line) => line.split(/ +/).slice(0, 5))).toEqual([
      ['16', 'h', '9092', 'null', 'unfenced'],
      ['1', 'h', '9092', 'null', 'unfenced'],
      ['18', 'h', '9092', 'null', 'unfenced'],
    ])
  })

  it('is a wide title alone where there are no nodes', () => {
    expect(endpointsText([], true)).toBe(`ID         ${'HOST'.padEnd(100)} PORT       RACK       ENDPOINT_TYPE  \n`)
  })
})
