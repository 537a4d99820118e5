import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readShellLine, wordsBeingTyped } from '../../../src/cli/shell/read-line.ts'

const words = (line: string): readonly string[] | string => {
  const read = readShellLine(line)
  return read.kind === 'words' ? read.words : read.kind
}

describe('words', () => {
  it.each<[string, readonly string[]]>([
    ['topics --list', ['topics', '--list']],
    ['  topics\t--list  # all of them', ['topics', '--list']],
    ['$ bin/kafka-topics.sh --list\r', ['bin/kafka-topics.sh', '--list']],
    [`topics --topic 'a b' "c d"e`, ['topics', '--topic', 'a b', 'c de']],
    ['a\\ b "x\\"y\\\\z\\n" \'\\\'', ['a b', 'x"y\\z\\n', '\\']],
    ["''", ['']],
    // Quoted, or no name: a word like any other.
    ["'A=b' c", ['A=b', 'c']],
    ['0=a b', ['0=a', 'b']],
    ['a#b', ['a#b']],
    ['topics \\\n  --list', ['topics', '--list']],
    ['a\\\nb "c\\\nd"', ['ab', 'cd']],
    // Names of topics as Java expressions, not of files.
    ['topics --topic orders-.*', ['topics', '--topic', 'orders-.*']],
    ['topics --topic a$', ['topics', '--topic', 'a$']],
    ['configs --add-config a=[b,c]', ['configs', '--add-config', 'a=[b,c]']],
  ])('%j', (line, expected) => expect(words(line)).toEqual(expected))

  it.each(['', '   ', '# nothing', '\n'])('%j is nothing', (line) => expect(words(line)).toBe('empty'))

  it.each(['a "b', "a 'b", 'a \\', 'cat <<END\nx', 'cat <<-END', '"a\nb'])('%j goes on', (line) =>
    expect(words(line)).toBe('open'),
  )

  it('come back from a quoted line, whatever is in them', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (all) => {
        const plain = all.map((word) => word.replaceAll(/[\r!]/g, ''))
        const line = plain.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
        expect(words(line)).toEqual(plain)
      }),
    )
  })
})

describe('lines for sh', () => {
  const programs = (line: string): readonly string[] | string => {
    const read = readShellLine(line)
    return read.kind === 'sh' ? read.programs.map(({ word }) => word) : read.kind
  }

  it.each<[string, readonly string[]]>([
    ['topics --list | head -3', ['topics', 'head']],
    ['topics --list > list.txt', ['topics']],
    ['< in console-producer --topic t', ['console-producer']],
    ['a 2>&1 | b', ['a', 'b']],
    ['a && b || c; d & e', ['a', 'b', 'c', 'd', 'e']],
    ['for t in a b; do topics --topic $t; done', ['for', 'topics', 'done']],
    ['X=1 topics --list', ['topics']],
    ['if a; then b; fi', ['a', 'b', 'fi']],
    ['topics --topic "$T"', ['topics']],
    ['dump-log --files ~/x.log', ['dump-log']],
    ['a `b`', ['a']],
    ['(topics --list)', ['topics']],
    ['console-producer --topic t <<END\na b\nEND', ['console-producer']],
  ])('%j', (line, expected) => expect(programs(line)).toEqual(expected))

  it('are given as they stand behind !', () => {
    expect(readShellLine('!ls "a')).toEqual({ kind: 'sh', text: 'ls "a', programs: [] })
  })
  it('quoted operators are letters', () => {
    expect(words(`topics --topic 'a|b' "c>d" e\\&f '$x'`)).toEqual(['topics', '--topic', 'a|b', 'c>d', 'e&f', '$x'])
  })
})

it.each<[string, string[]]>([
  ['', ['']],
  ['top', ['top']],
  ['topics ', ['topics', '']],
  ['topics --topic or', ['topics', '--topic', 'or']],
  ['topics --topic "or', ['topics', '--topic', 'or']],
  ['topics --list | console-pro', ['console-pro']],
])('what is being typed in %j', (line, expected) => expect(wordsBeingTyped(line)).toEqual(expected))
