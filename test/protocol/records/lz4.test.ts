import { describe, expect, it } from 'vitest'
import { xxhash32 } from '../../../src/base/xxhash32.ts'
import { lz4Compress, lz4Decompress } from '../../../src/protocol/records/lz4.ts'

/** A frame by hand: flags, block descriptor, content size if any, blocks. */
function frame(flags: number, descriptor: number, content: Buffer, ...blocks: readonly Buffer[]): Buffer {
  const head = Buffer.concat([Buffer.from([flags, descriptor]), content])
  return Buffer.concat([
    Buffer.from('04224d18', 'hex'),
    head,
    Buffer.from([(xxhash32(head) >>> 8) & 0xff]),
    ...blocks,
    Buffer.alloc(4),
  ])
}

function block(bytes: Buffer, stored = false): Buffer {
  const size = Buffer.alloc(4)
  size.writeUInt32LE((bytes.length | (stored ? 0x80000000 : 0)) >>> 0)
  return Buffer.concat([size, bytes])
}

const NONE = Buffer.alloc(0)
const hello = Buffer.from('hello')
const refusal = (bytes: Buffer, limit = 1000) => {
  expect(() => lz4Decompress(bytes, limit)).toThrow(expect.objectContaining({ errorName: 'INVALID_RECORD' }))
}

describe('lz4 frames', () => {
  it('are written as Kafka writes them: version 1, independent blocks of 64 KiB, nothing else', () => {
    const packed = lz4Compress(Buffer.alloc(200_000, 'abc'))
    expect(packed.subarray(0, 7).toString('hex')).toBe('04224d18' + '60' + '40' + '82')
    expect(packed.subarray(-4).toString('hex')).toBe('00000000')
  })

  it('store what does not get smaller', () => {
    expect(lz4Compress(hello).subarray(7).toString('hex')).toBe('05000080' + '68656c6c6f' + '00000000')
  })

  it('with content size, block checksums and content checksum are read', () => {
    expect(lz4Decompress(frame(0x60, 0x40, NONE, block(hello, true)), 100).toString()).toBe('hello')
    expect(lz4Decompress(frame(0x68, 0x70, Buffer.alloc(8, 9), block(hello, true)), 100).toString()).toBe('hello')
    const checksum = Buffer.alloc(4)
    checksum.writeUInt32LE(xxhash32(hello))
    expect(lz4Decompress(frame(0x70, 0x40, NONE, block(hello, true), checksum), 100).toString()).toBe('hello')
    refusal(frame(0x70, 0x40, NONE, block(hello, true), Buffer.alloc(4)))
    expect(lz4Decompress(Buffer.concat([frame(0x64, 0x40, NONE, block(hello, true)), checksum]), 100)).toHaveLength(5)
  })

  it('read literals, overlapping matches and long lengths', () => {
    // 3 literals, distance 3, length 4 + 15 + 255 + 1: 'abc' over and over; then the last five literals.
    const sequence = Buffer.concat([Buffer.from('3f', 'hex'), Buffer.from('abc'), Buffer.from('0300ff01', 'hex')])
    const last = Buffer.concat([Buffer.from('50', 'hex'), Buffer.from('abcab')])
    const output = lz4Decompress(frame(0x60, 0x40, NONE, block(Buffer.concat([sequence, last]))), 1000)
    expect(output.toString()).toBe(`${'abc'.repeat(100).slice(0, 3 + 275)}abcab`)
  })

  it('of other kinds are refused', () => {
    refusal(Buffer.from('not a frame at all'))
    refusal(frame(0x40, 0x40, NONE)) // dependent blocks
    refusal(frame(0x20, 0x40, NONE)) // version 0
    refusal(frame(0x61, 0x40, NONE)) // reserved bit
    refusal(frame(0x60, 0x30, NONE)) // block size 3
    refusal(frame(0x60, 0x41, NONE))
    const wrong = frame(0x60, 0x40, NONE)
    wrong[6]! ^= 1
    refusal(wrong)
  })

  it('that lie are refused', () => {
    const lying = (...bytes: number[]) => refusal(frame(0x60, 0x40, NONE, block(Buffer.from(bytes))))
    lying(0x10, 65, 0, 0) // distance 0
    lying(0x10, 65, 2, 0) // distance before the block
    lying(0xf0, 255, 255) // literal length without end
    lying(0x50, 65) // literals cut short
    lying(0x1f, 65, 1, 0, 255) // match length without end
    lying(0x10, 65, 1) // distance cut short
    refusal(frame(0x60, 0x40, NONE, Buffer.from([9, 0, 0, 0, 1])).subarray(0, 12))
    const huge = Buffer.alloc(4)
    huge.writeUInt32LE(70_000)
    refusal(frame(0x60, 0x40, NONE, huge, Buffer.alloc(70_000)))
    refusal(frame(0x60, 0x40, NONE, block(hello, true)).subarray(0, -4))
  })

  it('whose block holds more than the frame allows are refused', () => {
    // One literal, then a match of 4 + 15 + 300 * 255 bytes in a frame of 64 KiB blocks.
    const bytes = Buffer.concat([Buffer.from([0x1f, 65, 1, 0]), Buffer.alloc(300, 255), Buffer.from([0, 0x10, 65])])
    refusal(frame(0x60, 0x40, NONE, block(bytes)), 10_000_000)
    expect(lz4Decompress(frame(0x60, 0x50, NONE, block(bytes)), 10_000_000).length).toBe(1 + 19 + 300 * 255 + 1)
  })
})
