import * as zlib from 'node:zlib'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import { KafkaError } from '../../../src/protocol/error-codes.ts'
import { type Codec, loadAllCodecs, loadCodec, loadedCodec } from '../../../src/protocol/records/compression.ts'
import { COMPRESSION_NAMES } from '../../../src/protocol/records/record-batch.ts'

beforeAll(loadAllCodecs)

const LIMIT = 64 * 1024 * 1024
const NAMES = COMPRESSION_NAMES.slice(1)

/** Data of every temper: repeating, half repeating, noise, long runs, matches across block borders. */
function samples(): Buffer[] {
  const random = seededRandom(31)
  const noise = random.bytes(200_000)
  const text = Buffer.from(Array.from({ length: 9000 }, (_, i) => `line ${i % 71} of ${i} `).join(''))
  return [
    Buffer.alloc(0),
    Buffer.from('a'),
    Buffer.from('abcdefghijklm'),
    Buffer.alloc(100_000, 'ab'),
    Buffer.alloc(1_000_000),
    noise,
    text,
    Buffer.concat([noise.subarray(0, 70_000), text, noise.subarray(0, 70_000), text.subarray(3)]),
    Buffer.concat(Array.from({ length: 300 }, (_, i) => noise.subarray(i * 7, i * 7 + 400))),
  ]
}

describe.each(NAMES)('%s', (name) => {
  let codec: Codec
  beforeAll(async () => {
    codec = await loadCodec(name)
  })

  it('gives back what it was given', () => {
    for (const input of samples()) {
      const packed = codec.compress(input)
      expect(codec.decompress(packed, LIMIT).equals(input)).toBe(true)
      expect(codec.decompress(Buffer.from(packed), input.length).equals(input)).toBe(true)
    }
  })

  it('gives back random data of every length around its limits', () => {
    const piece = fc.uint8Array({ maxLength: 40 })
    fc.assert(
      fc.property(piece, fc.nat(70_000), piece, fc.nat(40), (first, length, last, repeat) => {
        const middle = Buffer.concat([Buffer.from(first), Buffer.from(last)])
        const repeated = Buffer.concat(Array.from({ length: repeat }, () => middle))
        const input = Buffer.concat([Buffer.alloc(length % 66_000, 'xyz1'), repeated, last])
        expect(codec.decompress(codec.compress(input), input.length).equals(input)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('compresses what repeats', () => {
    const text = samples()[6]!
    expect(codec.compress(text).length).toBeLessThan(text.length / 2)
  })

  it('stops at the limit with MESSAGE_TOO_LARGE', () => {
    const packed = codec.compress(Buffer.alloc(5_000_000))
    for (const limit of [0, 1, 32_768, 65_536, 131_072, 4_999_999]) {
      expect(() => codec.decompress(packed, limit)).toThrow(expect.objectContaining({ errorName: 'MESSAGE_TOO_LARGE' }))
    }
    expect(codec.decompress(packed, 5_000_000).length).toBe(5_000_000)
  })

  it('refuses noise, cut and changed data with a KafkaError, or gives something within the limit', () => {
    const random = seededRandom(41)
    const packed = codec.compress(samples()[6]!)
    const attempt = (bytes: Buffer): void => {
      try {
        expect(codec.decompress(bytes, 1_000_000).length).toBeLessThanOrEqual(1_000_000)
      } catch (error) {
        expect(error).toBeInstanceOf(KafkaError)
      }
    }
    for (let i = 0; i < 300; i++) {
      attempt(random.bytes(Math.floor(random.next() * 100)))
      attempt(packed.subarray(0, Math.floor(random.next() * packed.length)))
      const changed = Buffer.from(packed)
      for (let n = 0; n < 3; n++) changed[Math.floor(random.next() * 60)] = Math.floor(random.next() * 256)
      attempt(changed)
    }
  })

  it('does not change or keep its input', () => {
    const input = Buffer.alloc(5000, 'abc')
    const packed = codec.compress(input)
    const copy = Buffer.from(packed)
    const output = codec.decompress(packed, 5000)
    packed.fill(0)
    expect(output.equals(input)).toBe(true)
    expect(codec.decompress(copy, 5000).equals(input)).toBe(true)
  })
})

describe('codecs', () => {
  it('have the numbers of the batch attributes', () => {
    COMPRESSION_NAMES.forEach((name, id) => {
      expect(loadedCodec(id)).toMatchObject({ name, id })
    })
  })

  it('are loaded once', async () => {
    expect(await loadCodec('lz4')).toBe(await loadCodec('lz4'))
  })

  it('that do not exist have their error', () => {
    expect(() => loadedCodec(6)).toThrow(expect.objectContaining({ errorName: 'UNSUPPORTED_COMPRESSION_TYPE' }))
  })

  it('gzip and zstd heed the level (KIP-390)', () => {
    const text = samples()[7]!
    for (const [id, low, high] of [
      [1, 1, 9],
      [4, 1, 19],
    ] as const) {
      const codec = loadedCodec(id)
      expect(codec.compress(text, high).length).toBeLessThan(codec.compress(text, low).length)
      expect(codec.decompress(codec.compress(text, high), LIMIT).equals(text)).toBe(true)
    }
  })

  it('gzip reads concatenated members', () => {
    const two = Buffer.concat([zlib.gzipSync('one '), zlib.gzipSync('two')])
    expect(loadedCodec(1).decompress(two, 100).toString()).toBe('one two')
  })
})
