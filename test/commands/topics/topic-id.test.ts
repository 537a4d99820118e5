import { describe, expect, it } from 'vitest'
import { parseTopicId } from '../../../src/commands/topics/topic-id.ts'

describe('a topic id', () => {
  it('is read with and without padding', () => {
    expect(parseTopicId('v6dlDWMxSlm0Qqh_lIsS2g')).toBe('v6dlDWMxSlm0Qqh_lIsS2g')
    expect(parseTopicId('v6dlDWMxSlm0Qqh_lIsS2g==')).toBe('v6dlDWMxSlm0Qqh_lIsS2g')
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
    ['a/b', 'Illegal base64 character 2f'],
  ])('is not %s', (text, message) => {
    expect(() => parseTopicId(text)).toThrow(message)
  })
})
