import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ProtocolError } from '../../src/base/errors.ts'
import { FrameReader } from '../../src/client/frame-reader.ts'

const frameOf = (body: Uint8Array): Buffer => {
  const size = Buffer.alloc(4)
  size.writeInt32BE(body.length)
  return Buffer.concat([size, body])
}

const collect = (maxBytes = 1_000_000): { reader: FrameReader; frames: Buffer[] } => {
  const frames: Buffer[] = []
  return { reader: new FrameReader(maxBytes, (frame) => frames.push(frame)), frames }
}

describe('frames', () => {
  it('come out whole, however the stream is cut', () => {
    const bodies = fc.array(fc.uint8Array({ minLength: 4, maxLength: 300 }), { maxLength: 8 })
    const cuts = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(bodies, cuts, (expected, sizes) => {
        const stream = Buffer.concat(expected.map(frameOf))
        const { reader, frames } = collect()
        let turn = 0
        for (let at = 0; at < stream.length; turn++) {
          const size = sizes[turn % sizes.length]!
          reader.push(stream.subarray(at, at + size))
          at += size
        }
        expect(frames.map((frame) => [...frame])).toEqual(expected.map((body) => [...body]))
      }),
    )
  })

  it('are views of the chunk when they lie whole in it', () => {
    const { reader, frames } = collect()
    const chunk = Buffer.concat([frameOf(Buffer.from('first')), frameOf(Buffer.from('second'))])
    reader.push(chunk)
    expect(frames.map(String)).toEqual(['first', 'second'])
    expect(frames.every((frame) => frame.buffer === chunk.buffer)).toBe(true)
  })

  it.each([-1, -2147483648, 0, 3, 1_001, 2147483647])('of %i announced bytes are refused', (length) => {
    for (const cut of [4, 2]) {
      const { reader } = collect(1_000)
      const size = Buffer.alloc(4)
      size.writeInt32BE(length)
      expect(() => {
        reader.push(size.subarray(0, cut))
        reader.push(size.subarray(cut))
      }).toThrow(ProtocolError)
    }
  })

  it('of exactly the limit are let through', () => {
    const { reader, frames } = collect(1_000)
    reader.push(frameOf(Buffer.alloc(1_000, 7)))
    expect(frames[0]).toHaveLength(1_000)
  })
})
