import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32c, crc32cJs } from '../../src/base/crc32c.ts'

/** RFC 3720, appendix B.4, and the check value everybody prints. */
const VECTORS: readonly (readonly [string, Buffer, number])[] = [
  ['nothing', Buffer.alloc(0), 0],
  ['123456789', Buffer.from('123456789'), 0xe3069283],
  ['32 zeros', Buffer.alloc(32), 0x8a9136aa],
  ['32 ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
  ['0 to 31', Buffer.from(Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e],
  ['31 to 0', Buffer.from(Array.from({ length: 32 }, (_, i) => 31 - i)), 0x113fdb5c],
]

describe('crc32c', () => {
  it.each(VECTORS)('of %s', (_, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected)
    expect(crc32cJs(bytes)).toBe(expected)
  })

  it('is the same in JavaScript and natively, whatever the length and alignment', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 700 }), fc.nat(20), fc.nat(20), (bytes, before, after) => {
        const start = Math.min(before, bytes.length)
        const end = Math.max(start, bytes.length - after)
        expect(crc32c(bytes, start, end)).toBe(crc32cJs(bytes, start, end))
      }),
    )
  })

  it('chains: the checksum of the whole is that of its pieces', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.nat(600), (bytes, at) => {
        const cut = Math.min(at, bytes.length)
        expect(crc32c(bytes, cut, bytes.length, crc32c(bytes, 0, cut))).toBe(crc32c(bytes))
      }),
    )
  })

  it('looks at its range only', () => {
    const bytes = Buffer.alloc(5000, 'abc')
    const before = crc32c(bytes, 100, 4000)
    bytes[99] = 0
    bytes[4000] = 0
    expect(crc32c(bytes, 100, 4000)).toBe(before)
    bytes[3999]! ^= 1
    expect(crc32c(bytes, 100, 4000)).not.toBe(before)
  })
})
