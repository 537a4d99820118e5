import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/base/random.ts'
import { FrameStream } from '../../src/protocol/frame-stream.ts'

/** Frames as they were told, each put together again. */
function kept(max = 1000) {
  const frames: Buffer[] = []
  let pieces: Buffer[] = []
  let size = -1
  const stream = new FrameStream(max, {
    begin: (sizeInBytes) => {
      size = sizeInBytes
      pieces = []
    },
    data: (piece) => void pieces.push(Buffer.from(piece)),
    end: () => {
      const frame = Buffer.concat(pieces)
      expect(frame.length).toBe(size)
      frames.push(frame)
    },
  })
  return { frames, stream }
}

function framed(body: Buffer): Buffer {
  const size = Buffer.alloc(4)
  size.writeInt32BE(body.length)
  return Buffer.concat([size, body])
}

describe('a stream of frames', () => {
  it('is cut into the same frames, in whatever pieces it comes', () => {
    for (let seed = 0; seed < 50; seed++) {
      const random = seededRandom(seed)
      const bodies = Array.from({ length: 8 }, () => random.bytes(4 + Math.floor(random.next() * 300)))
      const bytes = Buffer.concat(bodies.map(framed))
      const { frames, stream } = kept()
      for (let at = 0; at < bytes.length; ) {
        const size = 1 + Math.floor(random.next() ** 2 * 400)
        stream.push(bytes.subarray(at, at + size))
        at += size
      }
      expect(frames).toEqual(bodies)
      expect(stream.isMidFrame).toBe(false)
    }
  })

  it('hands pieces on as they come', () => {
    const { frames, stream } = kept()
    stream.push(framed(Buffer.from('complete')).subarray(0, 7))
    expect([frames, stream.isMidFrame]).toEqual([[], true])
    stream.push(Buffer.from('plete'))
    expect(frames).toEqual([Buffer.from('complete')])
  })

  it('believes no size that cannot be', () => {
    for (const size of [-1, 0, 3, 1001, 0x7fffffff]) {
      const bytes = Buffer.alloc(4)
      bytes.writeInt32BE(size)
      expect(() => kept().stream.push(bytes)).toThrow(`a frame of ${size} bytes was announced, 1000 are allowed`)
    }
  })
})
