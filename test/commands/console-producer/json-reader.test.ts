import { describe, expect, it } from 'vitest'
import { JsonReader, type JsonReaderOptions } from '../../../src/commands/console-producer/json-reader.ts'

function readAll(lines: readonly string[], options: JsonReaderOptions = {}) {
  const reader = new JsonReader(options)
  return lines.map((line) => {
    const bytes = Buffer.from(`--${line}--`)
    return reader.parse(bytes, 2, bytes.length - 2)
  })
}

describe('JsonReader', () => {
  it('reads everything a line says', () => {
    const line = '{"topic":"a","partition":3,"timestamp":5,"key":"k","value":"v","headers":[{"key":"h","value":null}]}'
    expect(readAll([line])).toEqual([
      {
        key: Buffer.from('k'),
        value: Buffer.from('v'),
        headers: [{ key: 'h', value: null }],
        partition: 3,
        timestamp: 5,
      },
    ])
  })

  it('leaves the partition to the partitioner when told so', () => {
    expect(readAll(['{"value":"v","partition":3}'], { ignoresPartition: true })[0]).not.toHaveProperty('partition')
  })

  it('steps over empty lines and counts them', () => {
    expect(readAll(['', ' \t', '{"value":null}']).map((each) => each?.value)).toEqual([undefined, undefined, null])
    expect(() => readAll(['', '{"value":"v"}', '{'])).toThrow('standard input, line 3: it is not JSON')
  })

  it('tells of lines that are no record and goes on, when told so', () => {
    const told: string[] = []
    const read = readAll(['nonsense', '{"value":"v"}'], { onSkipped: (message) => void told.push(message) })
    expect(read.map((each) => each?.value?.toString())).toEqual([undefined, 'v'])
    expect(told).toHaveLength(1)
    expect(told[0]).toMatch(/^line 1: it is not JSON/)
  })
})
