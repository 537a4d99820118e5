import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ProtocolError } from '../../src/base/errors.ts'
import { FrameAssembler } from '../../src/network/frame-assembler.ts'

function frameOf(body: Buffer): Buffer {
  const size = Buffer.alloc(4)
  size.writeInt32BE(body.length)
  return Buffer.concat([size, body])
}

function drain(assembler: FrameAssembler): Buffer[] {
  const frames: Buffer[] = []
  for (let frame = assembler.next(); frame !== null; frame = assembler.next()) frames.push(frame)
  return frames
}

/** Cuts a stream at the given places. */
function cut(stream: Buffer, places: readonly number[]): Buffer[] {
  const at = [0, ...places.map((place) => place % (stream.length + 1)).sort((a, b) => a - b), stream.length]
  return at.slice(1).map((end, index) => stream.subarray(at[index]!, end))
}

describe('FrameAssembler', () => {
  it('gives back the frames that went in, however the stream is cut', () => {
    const bodies = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { minLength: 1, maxLength: 8 })
    const cuts = fc.array(fc.nat(), { maxLength: 20 })
    fc.assert(
      fc.property(bodies, cuts, (contents, places) => {
        const expected = contents.map((body) => Buffer.from(body))
        const assembler = new FrameAssembler(1000)
        const frames: Buffer[] = []
        for (const chunk of cut(Buffer.concat(expected.map(frameOf)), places)) {
          assembler.push(Buffer.from(chunk))
          frames.push(...drain(assembler))
        }
        expect(frames).toEqual(expected)
        expect(assembler.bufferedBytes).toBe(0)
      }),
    )
  })

  it('hands out a frame within one chunk as a view of it', () => {
    const assembler = new FrameAssembler(1000)
    const chunk = Buffer.concat([frameOf(Buffer.from('one')), frameOf(Buffer.from('two'))])
    assembler.push(chunk)
    const frames = drain(assembler)
    expect(frames.map(String)).toEqual(['one', 'two'])
    for (const frame of frames) expect(frame.buffer).toBe(chunk.buffer)
  })

  it('puts a large frame together from many small chunks', () => {
    const body = Buffer.alloc(700_000, 'kafka')
    const stream = frameOf(body)
    const assembler = new FrameAssembler(1_000_000)
    for (let at = 0; at < stream.length; at += 997) assembler.push(stream.subarray(at, at + 997))
    const frames = drain(assembler)
    expect(frames.length).toBe(1)
    expect(frames[0]!.equals(body)).toBe(true)
  })

  it.each([0, -1, -2147483648, 1001, 2147483647])('refuses a size of %i', (size) => {
    const prefix = Buffer.alloc(4)
    prefix.writeInt32BE(size)
    const assembler = new FrameAssembler(1000)
    assembler.push(prefix)
    expect(() => assembler.next()).toThrow(ProtocolError)
  })

  it('takes a frame of exactly the limit', () => {
    const assembler = new FrameAssembler(1000)
    assembler.push(frameOf(Buffer.alloc(1000, 1)))
    expect(assembler.next()?.length).toBe(1000)
  })

  it('does not allocate what a frame only claims', () => {
    const before = process.memoryUsage().arrayBuffers
    const liars = Array.from({ length: 50 }, () => {
      const assembler = new FrameAssembler(100 * 1024 * 1024)
      const prefix = Buffer.alloc(5)
      prefix.writeInt32BE(100 * 1024 * 1024)
      assembler.push(prefix)
      expect(assembler.next()).toBeNull()
      return assembler
    })
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50 * 1024 * 1024)
    expect(liars.every((liar) => liar.bufferedBytes === 1)).toBe(true)
  })

  it('counts what it holds', () => {
    const assembler = new FrameAssembler(1000)
    assembler.push(Buffer.from([0, 0]))
    assembler.next()
    expect(assembler.bufferedBytes).toBe(2)
    assembler.push(Buffer.from([0, 3, 1]))
    assembler.next()
    expect(assembler.bufferedBytes).toBe(1)
    assembler.push(Buffer.from([2, 3, 0]))
    expect(assembler.next()).toEqual(Buffer.from([1, 2, 3]))
    assembler.next()
    expect(assembler.bufferedBytes).toBe(1)
  })

  it('keeps no big chunk alive for the few bytes at its end', () => {
    const assembler = new FrameAssembler(1000)
    const chunk = Buffer.concat([frameOf(Buffer.alloc(900, 7)), Buffer.from([0, 0])])
    assembler.push(chunk)
    expect(assembler.next()?.length).toBe(900)
    expect(assembler.next()).toBeNull()
    assembler.push(Buffer.from([0, 1, 9]))
    expect(assembler.next()).toEqual(Buffer.from([9]))
  })
})
