import { describe, expect, it } from 'vitest'
import { parseUuid } from '../../src/commands/uuid-text.ts'

describe('an id', () => {
  it('is read with and without padding', () => {
    expect(parseUuid('v6dlDWMxSlm0Qqh_lIsS2g')).toBe('v6dlDWMxSlm0Qqh_lIsS2g')
    expect(parseUuid('v6dlDWMxSlm0Qqh_lIsS2g==')).toBe('v6dlDWMxSlm0Qqh_lIsS2g')
  })

  it.each([
    [
      'abc',
      'Input string `abc` decoded as 2 bytes, which is not equal to the expected 16 bytes of a base64-encoded UUID',
    ],
    [
      'this-is-far-too-long-for-an-id',
      'Input string with prefix `this-is-far-too-long-for` is too long to be decoded as a base64 UUID',
    ],
    ['a', 'Input byte[] should at least have 2 bytes for base64 bytes'],
    ['a/b', 'Illegal base64 character 2f'],
  ])('is not %s', (text, message) => {
    expect(() => parseUuid(text)).toThrow(message)
  })
})
