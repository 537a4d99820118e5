import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Reader, Writer } from '../../src/base/bytes.ts'
import { ProtocolError } from '../../src/base/errors.ts'

describe('Reader and Writer', () => {
  it('read back every primitive', () => {
    const writer = new Writer(4)
    writer.boolean(true)
    writer.int8(-128)
    writer.int16(-32768)
    writer.uint16(65535)
    writer.int32(-2147483648)
    writer.uint32(4294967295)
    writer.int64(-(2n ** 63n))
    writer.float64(Math.PI)
    writer.uuid('AAAAAAAAAAEAAAAAAAAAAg')
    writer.string('größer', false)
    writer.string('größer', true)
    writer.string(null, true)
    const reader = new Reader(writer.toBuffer())
    expect(reader.boolean()).toBe(true)
    expect(reader.int8()).toBe(-128)
    expect(reader.int16()).toBe(-32768)
    expect(reader.uint16()).toBe(65535)
    expect(reader.int32()).toBe(-2147483648)
    expect(reader.uint32()).toBe(4294967295)
    expect(reader.int64()).toBe(-(2n ** 63n))
    expect(reader.float64()).toBe(Math.PI)
    expect(reader.uuid()).toBe('AAAAAAAAAAEAAAAAAAAAAg')
    expect(reader.string(reader.stringLength(false))).toBe('größer')
    expect(reader.string(reader.stringLength(true))).toBe('größer')
    expect(reader.stringLength(true)).toBe(-1)
    expect(reader.remaining).toBe(0)
  })

  it('keep the order of small writes, large slices and growth', () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 5000 }), { maxLength: 12 })
    fc.assert(
      fc.property(pieces, (list) => {
        const writer = new Writer(16)
        for (const piece of list) {
          writer.int32(piece.length)
          writer.bytes(piece)
        }
        expect(writer.size).toBe(list.reduce((sum, piece) => sum + 4 + piece.length, 0))
        const reader = new Reader(writer.toBuffer())
        for (const piece of list) expect(reader.slice(reader.int32()).equals(piece)).toBe(true)
        expect(reader.remaining).toBe(0)
      }),
    )
  })

  it('copy small slices and keep large ones as they are', () => {
    const large = Buffer.alloc(4096, 1)
    const small = Buffer.alloc(100, 2)
    const writer = new Writer()
    writer.bytes(small)
    writer.bytes(large)
    writer.int8(3)
    const chunks = writer.chunks()
    expect(chunks.map((chunk) => chunk.length)).toEqual([100, 4096, 1])
    expect(chunks[1]!.buffer).toBe(large.buffer)
    expect(chunks[0]!.buffer).not.toBe(small.buffer)
  })

  it('refuse to read behind the end', () => {
    const reader = new Reader(Buffer.alloc(8), 0, 6)
    expect(() => reader.int64()).toThrow(ProtocolError)
    expect(() => reader.slice(7)).toThrow('7 bytes wanted at 0, 6 left')
    expect(() => reader.slice(-1)).toThrow(ProtocolError)
    expect(reader.position).toBe(0)
  })

  it('refuse varints of more than five bytes and counts that cannot be', () => {
    expect(() => new Reader(Buffer.alloc(10, 0xff)).uvarint()).toThrow('varint longer than 5 bytes')
    const reader = new Reader(Buffer.from('0000000a' + '000000', 'hex'))
    expect(() => reader.arrayLength(false)).toThrow('an array of 10 elements cannot fit in 3 bytes')
    expect(() => new Reader(Buffer.from('00000002' + '000000', 'hex')).arrayLength(false, 2)).toThrow(/2 elements/)
    expect(new Reader(Buffer.from('00', 'hex')).arrayLength(true)).toBe(-1)
  })

  it('refuse strings that nobody could read', () => {
    expect(() => new Writer().string('x'.repeat(32768), true)).toThrow('a string of 32768 bytes')
    expect(() => new Writer().uuid('too short')).toThrow(RangeError)
  })
})
