import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  DER,
  DerError,
  derElement,
  derElements,
  derInteger,
  derOid,
  derSequence,
  expectTag,
} from '../../../src/client/security/der.ts'

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')

/** The length octets that DER wants. */
function encode(tag: number, content: Buffer): Buffer {
  const { length } = content
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content])
  const digits = hex(length.toString(16).padStart(length > 0xffff ? 6 : length > 0xff ? 4 : 2, '0'))
  return Buffer.concat([Buffer.from([tag, 0x80 | digits.length]), digits, content])
}

describe('DER', () => {
  it('is read element by element, whatever the length', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300, size: 'max' }), { maxLength: 4 }), (contents) => {
        const bytes = Buffer.concat(contents.map((content) => encode(DER.octets, Buffer.from(content))))
        const read = derElements(bytes)
        expect(read.map(({ content }) => Buffer.from(content))).toEqual(contents.map((each) => Buffer.from(each)))
        expect(Buffer.concat(read.map(({ whole }) => whole)).equals(bytes)).toBe(true)
      }),
      { numRuns: 50 },
    )
  })

  it('has three-byte lengths too', () => {
    expect(derElement(encode(DER.octets, Buffer.alloc(70_000))).content).toHaveLength(70_000)
  })

  it.each([
    ['1.2.840.113549.1.7.1', '06 09 2a864886f70d010701'],
    ['2.16.840.1.101.3.4.1.42', '06 09 60864801650304012a'],
    ['1.3.6.1.4.1.42.2.17.1.1', '06 0a 2b060104012a02110101'],
  ])('knows the identifier %s', (oid, bytes) => {
    expect(derOid(derElement(hex(bytes)))).toBe(oid)
  })

  it('reads numbers and sequences', () => {
    expect(derInteger(derElement(hex('02 02 0800')))).toBe(2048)
    expect(derInteger(derElement(hex('02 01 ff')))).toBe(-1)
    expect(derSequence(hex('30 06 020101 020102')).map((each) => derInteger(each))).toEqual([1, 2])
  })

  it.each([
    ['nothing', '', /too early/],
    ['a length that is cut off', '30 82 01', /too early/],
    ['a content that is cut off', '30 05 0201', /too early/],
    ['an indefinite length', '30 80 0000', /not in the DER encoding/],
    ['a length beyond belief', '30 88 ffffffffffffffff', /not in the DER encoding/],
  ])('refuses %s', (_, bytes, reason) => {
    expect(() => derElement(hex(bytes))).toThrow(DerError)
    expect(() => derElement(hex(bytes))).toThrow(reason)
  })

  it('refuses an element of another type, or none', () => {
    expect(() => expectTag(undefined, DER.set)).toThrow(DerError)
    expect(() => expectTag(derElement(hex('02 01 00')), DER.set)).toThrow(DerError)
    expect(() => derInteger(derElement(hex('02 07 00000000000000')))).toThrow(/too large/)
  })
})
