import { describe, expect, it } from 'vitest'
import { snappyCompress, snappyDecompress } from '../../../src/protocol/records/snappy.ts'

const HEADER = '82534e415050590000000001' + '00000001'
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')
const refusal = (bytes: Buffer, errorName = 'INVALID_RECORD') => {
  expect(() => snappyDecompress(bytes, 1000)).toThrow(expect.objectContaining({ errorName }))
}

describe('snappy', () => {
  it("is written in snappy-java's framing: header, then blocks of 32 KiB with their length", () => {
    expect(snappyCompress(Buffer.from('hello')).toString('hex')).toBe(`${HEADER}00000007${'0510'}68656c6c6f`)
    const two = snappyCompress(Buffer.alloc(40_000))
    const first = two.readInt32BE(16)
    expect(two.subarray(20, 23).toString('hex')).toBe('808002') // 32768
    expect(two.subarray(20 + first + 4, 20 + first + 6).toString('hex')).toBe('c038') // 7232
  })

  it('is read raw, as other clients send it', () => {
    expect(snappyDecompress(hex('05 10 68656c6c6f'), 100).toString()).toBe('hello')
  })

  it('is read from concatenated streams', () => {
    const one = snappyCompress(Buffer.from('one '))
    const two = snappyCompress(Buffer.from('two'))
    expect(snappyDecompress(Buffer.concat([one, two]), 100).toString()).toBe('one two')
  })

  it('reads copies with one, two and four bytes of distance', () => {
    expect(snappyDecompress(hex('0c 00 61 1d 01'), 100).toString()).toBe('a'.repeat(12))
    expect(snappyDecompress(hex('0c 08 616263 22 0300'), 100).toString()).toBe('abcabcabcabc')
    expect(snappyDecompress(hex('0c 08 616263 23 03000000'), 100).toString()).toBe('abcabcabcabc')
  })

  it('reads literals whose length takes one to four bytes', () => {
    const text = Buffer.alloc(100, 'x')
    for (const tag of ['f0 63', 'f4 6300', 'f8 630000', 'fc 63000000']) {
      expect(snappyDecompress(Buffer.concat([hex(`64 ${tag}`), text]), 100).equals(text)).toBe(true)
    }
  })

  it('that lies is refused', () => {
    refusal(Buffer.alloc(0))
    refusal(hex('ff ff ff ff ff ff'))
    refusal(hex('05 10 6865')) // literal beyond the input
    refusal(hex('04 10 68656c6c6f')) // more than it says
    refusal(hex('06 10 68656c6c6f')) // less than it says
    refusal(hex('05 00 61 01 00')) // distance 0
    refusal(hex('05 00 61 01 02')) // distance before the start
    refusal(hex('05 00 61 01')) // copy cut short
    refusal(hex('05 00 61 22 01')) // copy cut short
    refusal(hex('05 f4 01')) // length cut short
    refusal(hex(`${HEADER} 00000007 0510`)) // block cut short
    refusal(hex(`${HEADER} 000000`))
    refusal(hex(`${HEADER} ffffffff 00`))
  })

  it('that claims what cannot be in it is refused before anything is allocated', () => {
    refusal(hex('ffffffff0f 00 61'), 'MESSAGE_TOO_LARGE')
    expect(() => snappyDecompress(hex('80808080 01 00 61'), 2 ** 30)).toThrow(/cannot come out of/)
  })
})
