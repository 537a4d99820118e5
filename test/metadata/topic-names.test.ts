import { describe, expect, it } from 'vitest'
import { collisionKey, invalidTopicName } from '../../src/metadata/topic-names.ts'

describe('topic names', () => {
  it.each(['orders', 'a.b_c-D9', '...', 'x'.repeat(249)])('takes %s', (name) => {
    expect(invalidTopicName(name)).toBeNull()
  })

  it.each([
    ['', 'Topic name is invalid: the empty string is not allowed'],
    ['.', "Topic name is invalid: '.' is not allowed"],
    ['..', "Topic name is invalid: '..' is not allowed"],
    [
      'a b',
      "Topic name is invalid: 'a b' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'",
    ],
    [
      'x'.repeat(250),
      `Topic name is invalid: the length of '${'x'.repeat(250)}' is longer than the max allowed length 249`,
    ],
    [
      'größe',
      "Topic name is invalid: 'größe' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'",
    ],
  ])('refuses %j', (name, message) => {
    expect(invalidTopicName(name)).toBe(message)
  })

  it('finds names that would share metrics', () => {
    expect(collisionKey('a.b')).toBe(collisionKey('a_b'))
    expect(collisionKey('a-b')).toBeNull()
  })
})
