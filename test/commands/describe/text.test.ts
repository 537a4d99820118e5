import { describe, expect, it } from 'vitest'
import { bytesText, numberText, plural } from '../../../src/commands/describe/text.ts'

describe('numbers for people', () => {
  it.each([
    [null, '-'],
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [1536, '1.5 KiB'],
    [150 * 1024, '150 KiB'],
    [1024 ** 2, '1.0 MiB'],
    [5.25 * 1024 ** 3, '5.3 GiB'],
    [2 ** 62, '4096 PiB'],
  ])('%s bytes are %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text)
  })

  it('come with their noun, one or many or not known', () => {
    expect([1, 0, 1234, null].map((count) => plural(count, 'record'))).toEqual([
      '1 record',
      '0 records',
      '1,234 records',
      '- records',
    ])
  })

  it('have their thousands apart', () => {
    expect(numberText(1234567)).toBe('1,234,567')
    expect(numberText(-5)).toBe('-5')
    expect(numberText(null)).toBe('-')
  })

  it('know one from many', () => {
    expect([plural(1, 'topic'), plural(0, 'topic'), plural(2000, 'topic')]).toEqual([
      '1 topic',
      '0 topics',
      '2,000 topics',
    ])
  })
})
