import { describe, expect, it } from 'vitest'
import { re2SyntaxError } from '../../../src/commands/consumer-groups/re2-syntax.ts'

/** What RE2/J says of each pattern, the library that Kafka's brokers use. */
const FINDINGS: Readonly<Record<string, readonly string[]>> = {
  'missing closing )': ['foo((', '(a', '('],
  'missing closing ]': ['[a', '[]', '[a\\]', '[[a'],
  'missing argument to repetition operator': ['*a', 'a|*', '(*)', '(?i)*', '{2}', '+', '\\Q\\E*'],
  'invalid nested repetition operator': ['a**', 'a*+', 'a*??', 'a{2}{3}', 'a{2}*', 'a+*'],
  'invalid repeat count': ['a{3,2}', 'a{1001}', 'x{2,1001}'],
  'invalid or unsupported Perl syntax': ['foo(?=x)', '(?!a)', '(?x)', '(?', '(?i-', '(?--i)', '(?P=n)', '(?#c)'],
  'invalid named capture': ['(?<=a)b', '(?<!a)b', '(?P<1-a>a)', '(?P<>a)', '(?<n'],
  'duplicate capture group name': ['(?P<n>a)(?P<n>b)'],
  'invalid character class range': ['[z-a]', '[[:foo:]]', '\\p{Foo}', '\\pX', '\\p'],
  'invalid escape sequence': ['\\y', '\\8', '\\1', '\\x4', '\\xg1', '\\Z', '\\C', '[a-\\d]', '\\x{110000}'],
  'trailing backslash at end of expression': ['\\', 'a\\'],
  'regexp/syntax: internal error': [')', 'a)'],
}

describe('re2SyntaxError', () => {
  it.each(
    Object.entries(FINDINGS).flatMap(([finding, patterns]) => patterns.map((pattern) => [pattern, finding] as const)),
  )('%s: %s', (pattern, finding) => {
    expect(re2SyntaxError(pattern)).toBe(finding)
  })

  it.each([
    ...['foo.*', '', '()', '(|a)', 'a||b', '^*', '$*', '.*', 'a*?', '(a{2}){3}', 'a{2,}', 'a{,2}', 'a{x}', 'a{1000}'],
    ...['(?i)a', '(?i:a)', '(?-i)a', '(?i-s:a)', '(?P<n>a)', '(?<n>a)', '(?:a)*', '[a-z]', '[]a]', '[^]a]', '[a-]'],
    ...[
      '[-a]',
      '[a-b-c]',
      '[\\d-z]',
      '[[:alpha:]]',
      '[[:alpha:]-z]',
      '\\d\\w\\s',
      '\\_',
      '\\-',
      '\\12',
      '\\0',
      '\\x41',
    ],
    ...['\\x{41}', '\\pL', '\\p{Greek}', '\\P{^L}', '\\Qa(b\\E', '\\Qa(b', '\\z', '\\bfoo\\B', 'é+', '[é-ü]'],
  ])('%s is valid', (pattern) => {
    expect(re2SyntaxError(pattern)).toBeNull()
  })
})
