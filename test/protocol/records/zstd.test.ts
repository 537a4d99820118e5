import { beforeAll, describe, expect, it } from 'vitest'
import { frameBounds, type ZstdLibrary, zstdOfNode, zstdOfWasm } from '../../../src/protocol/records/zstd.ts'

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')
/** A frame without content size: window 128 KiB and one raw block, the last. */
const HELLO = hex('28b52ffd 00 38 290000 68656c6c6f')

describe('zstd as WebAssembly', () => {
  let zstd: ZstdLibrary
  beforeAll(async () => {
    zstd = await zstdOfWasm()
  })
  const refusal = (bytes: Buffer, errorName = 'INVALID_RECORD', limit = 1000) => {
    expect(() => zstd.decompress(bytes, limit)).toThrow(expect.objectContaining({ errorName }))
  }

  it('reads frames without a content size, as streams write them', () => {
    expect(zstd.decompress(HELLO, 100).toString()).toBe('hello')
    expect(zstd.decompress(HELLO, 5).toString()).toBe('hello')
    refusal(HELLO, 'MESSAGE_TOO_LARGE', 4)
  })

  it('reads several frames and steps over skippable ones', () => {
    const skippable = hex('512a4d18 03000000 aabbcc')
    expect(zstd.decompress(Buffer.concat([HELLO, skippable, HELLO]), 100).toString()).toBe('hellohello')
    refusal(Buffer.concat([HELLO, HELLO]), 'MESSAGE_TOO_LARGE', 9)
    refusal(skippable)
  })

  it('believes no content size that the blocks cannot hold', () => {
    // Eight bytes of content size: 2^40, then the block of five bytes.
    refusal(hex('28b52ffd c0 38 0000000000010000 290000 68656c6c6f'), 'INVALID_RECORD', 2 ** 31)
    // A run of 128 KiB in four bytes, which is honest, but more than asked for.
    refusal(hex('28b52ffd 00 38 030010 61'), 'MESSAGE_TOO_LARGE', 1000)
    expect(zstd.decompress(hex('28b52ffd 00 38 030010 61'), 200_000).length).toBe(131_072)
  })

  it('refuses what is no frame', () => {
    refusal(Buffer.alloc(0))
    refusal(hex('28b52ffd'))
    refusal(hex('28b52ffd 00 38 2900'))
    refusal(hex('28b52ffd 00 38 290000 6865'))
    refusal(hex('28b52ffd 00 38 2f0000 68656c6c6f')) // reserved block type
    refusal(hex('512a4d18 ff000000 aa'))
    refusal(hex('04224d18 6040'))
  })

  it('takes negative and high levels', () => {
    const input = Buffer.alloc(50_000, 'some text to press together ')
    for (const level of [-5, 1, 3, 19, 22]) {
      expect(zstd.decompress(zstd.compress(input, level), 50_000).equals(input)).toBe(true)
    }
  })
})

describe('frame bounds', () => {
  it('are found by walking the blocks', () => {
    expect(frameBounds(Buffer.concat([HELLO, HELLO]))).toEqual([
      { start: 0, end: 14, contentBytes: 5, claimedBytes: -1 },
      { start: 14, end: 28, contentBytes: 5, claimedBytes: -1 },
    ])
  })

  it('know every form of content size', () => {
    const claimed = (descriptor: string, size: string) =>
      frameBounds(hex(`28b52ffd ${descriptor} ${size} 290000 68656c6c6f`))[0]?.claimedBytes
    expect(claimed('20', '05')).toBe(5)
    expect(claimed('60', '0100')).toBe(257)
    expect(claimed('a0', '07000000')).toBe(7)
    expect(claimed('e0', '0800000000000000')).toBe(8)
  })
})

describe("zstd of Node's own", () => {
  const calls: unknown[] = []
  const failure = (code: string) => Object.assign(new Error('failed'), { code })
  const fake = {
    constants: { ZSTD_c_compressionLevel: 100 },
    zstdCompressSync: (...args: unknown[]) => {
      calls.push(args)
      return HELLO
    },
    zstdDecompressSync: (_: Buffer, { maxOutputLength }: { maxOutputLength: number }) => {
      if (maxOutputLength < 5) throw failure('ERR_BUFFER_TOO_LARGE')
      if (maxOutputLength > 100) throw failure('ZSTD_error_corruption_detected')
      return Buffer.from('hello')
    },
  }

  it('is used where it is, null elsewhere', () => {
    expect(zstdOfNode({})).toBeNull()
    expect(zstdOfNode(fake)).not.toBeNull()
  })

  it('is given level and limit, and its failures become ours', () => {
    const zstd = zstdOfNode(fake)!
    zstd.compress(HELLO)
    zstd.compress(HELLO, 7)
    expect(calls).toEqual([
      [HELLO, { params: { 100: 3 } }],
      [HELLO, { params: { 100: 7 } }],
    ])
    expect(zstd.decompress(HELLO, 50).toString()).toBe('hello')
    expect(() => zstd.decompress(HELLO, 4)).toThrow(expect.objectContaining({ errorName: 'MESSAGE_TOO_LARGE' }))
    expect(() => zstd.decompress(HELLO, 200)).toThrow(expect.objectContaining({ errorName: 'INVALID_RECORD' }))
    expect(() => zstd.decompress(hex('00'), 50)).toThrow(expect.objectContaining({ errorName: 'INVALID_RECORD' }))
  })
})
