import { describe, expect, it } from 'vitest'
import { xxhash32 } from '../../src/base/xxhash32.ts'

describe('xxhash32', () => {
  /** Vectors of the reference implementation. */
  it.each([
    ['', 0, 0x02cc5d05],
    ['a', 0, 0x550d7456],
    ['abc', 0, 0x32d153ff],
    ['Nobody inspects the spammish repetition', 0, 0xe2293b2f],
    ['', 0x9e3779b1, 0x36b78ae7],
  ])('of %j with seed %d', (text, seed, expected) => {
    const bytes = Buffer.from(text)
    expect(xxhash32(bytes, 0, bytes.length, seed)).toBe(expected)
  })

  it('looks at its range only', () => {
    const bytes = Buffer.from('..abc..')
    expect(xxhash32(bytes, 2, 5)).toBe(0x32d153ff)
  })
})
