import { describe, expect, it } from 'vitest'
import { ByteSink } from '../../../src/commands/console-consumer/byte-sink.ts'

describe('ByteSink', () => {
  it('gathers text, bytes and ranges in order', () => {
    const sink = new ByteSink()
    sink.text('grün ')
    sink.bytes(Buffer.from([0xff]))
    sink.range(Buffer.from('abcdef'), 2, 3)
    expect(sink.length).toBe(10)
    expect(sink.take()).toEqual(Buffer.concat([Buffer.from('grün '), Buffer.from([0xff]), Buffer.from('cde')]))
    expect(sink.length).toBe(0)
  })
  it('grows', () => {
    const sink = new ByteSink()
    const big = Buffer.alloc(300_000, 'x')
    sink.text('a')
    sink.bytes(big)
    sink.text('é'.repeat(100_000))
    const taken = sink.take()
    expect(taken.length).toBe(1 + 300_000 + 200_000)
    expect(taken.subarray(1, 300_001).equals(big)).toBe(true)
  })
})
