import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Reader } from '../../src/base/bytes.ts'
import {
  sizeOfUvarint,
  sizeOfVarint,
  sizeOfVarlong,
  writeUvarint,
  writeVarint,
  writeVarlong,
} from '../../src/base/varint.ts'

const hex = (write: (bytes: Buffer) => number): string => {
  const bytes = Buffer.alloc(12)
  return bytes.subarray(0, write(bytes)).toString('hex')
}

describe('varints', () => {
  it.each([
    [0, '00'],
    [-1, '01'],
    [1, '02'],
    [63, '7e'],
    [-64, '7f'],
    [64, '8001'],
    [8191, 'fe7f'],
    [-8192, 'ff7f'],
    [2147483647, 'feffffff0f'],
    [-2147483648, 'ffffffff0f'],
  ])('%d is %s, as Kafka writes it', (value, expected) => {
    expect(hex((bytes) => writeVarint(bytes, 0, value))).toBe(expected)
    expect(hex((bytes) => writeVarlong(bytes, 0, value))).toBe(expected)
    expect(sizeOfVarint(value)).toBe(expected.length / 2)
    expect(sizeOfVarlong(value)).toBe(expected.length / 2)
  })

  it.each([
    [2147483648, '8080808010'],
    [-2147483649, '8180808010'],
    [1_700_000_000_000, '80a0abfef962'],
    [Number.MAX_SAFE_INTEGER, 'feffffffffffff1f'],
    [Number.MIN_SAFE_INTEGER, 'fdffffffffffff1f'],
  ])('%d as a varlong is %s', (value, expected) => {
    expect(hex((bytes) => writeVarlong(bytes, 0, value))).toBe(expected)
    expect(sizeOfVarlong(value)).toBe(expected.length / 2)
  })

  it('unsigned and signed are read back, in the size that was foretold', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(0xffffffff), (signed, unsigned) => {
        const bytes = Buffer.alloc(10)
        const middle = writeVarint(bytes, 0, signed)
        const end = writeUvarint(bytes, middle, unsigned)
        expect([middle, end - middle]).toEqual([sizeOfVarint(signed), sizeOfUvarint(unsigned)])
        const reader = new Reader(bytes)
        expect([reader.varint(), reader.uvarint()]).toEqual([signed, unsigned])
      }),
    )
  })
})
