import { describe, expect, it } from 'vitest'
import { readCommandLine, typed } from '../../../src/commands/explain/shell-words.ts'

const words = (line: string) => readCommandLine(line).commands.map((each) => each.words.join('|'))

describe('a command line as it is pasted', () => {
  it.each([
    ['a b  c', ['a|b|c']],
    [`a 'b c' "d e" f\\ g`, ['a|b c|d e|f g']],
    [`a "it's" 'say "x"' "\\$HOME"`, [`a|it's|say "x"|$HOME`]],
    ['a $(b c) `d e` $F <topic name>', ['a|$(b c)|`d e`|$F|<topic name>']],
    ['a | b && c; d & e || f', ['a', 'b', 'c', 'd', 'e', 'f']],
    ['a \\\n   b\nc', ['a|b', 'c']],
    ['a # comment | b', ['a']],
    ['a b#c', ['a|b#c']],
    ['a -> what it does', ['a']],
    ["a 'open", ['a|open']],
    ['', []],
    ['   \n  ', []],
  ])('%s', (line, expected) => {
    expect(words(line)).toEqual(expected)
  })

  it.each([
    '$ a b',
    '$: a b',
    '> a b',
    '>a b',
    '* a b',
    '  - $ a b',
    '[root@host kafka]# a b',
    '[me@host ~]$ a b',
    'me@host:~$ a b',
  ])('passes over the prompt of %s', (line) => {
    expect(words(line)).toEqual(['a|b'])
  })

  it('takes variables, redirects and what follows', () => {
    expect(readCommandLine('A=1 B="x y" prog --opt=C=3 > out 2>&1 < in 2>/dev/null &').commands).toEqual([
      {
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: 'x y' },
        ],
        words: ['prog', '--opt=C=3'],
        redirects: ['> out', '2>&1', '< in', '2> /dev/null'],
        end: '&',
      },
    ])
  })

  it('mends what web pages do to quotes and dashes, and says so', () => {
    const { commands, mended } = readCommandLine('a —topic “b c”')
    expect(commands[0]!.words).toEqual(['a', '--topic', 'b c'])
    expect(mended).toHaveLength(2)
    expect(readCommandLine("a --topic 'b'").mended).toEqual([])
  })

  it('ends for any text', () => {
    for (const text of ['|||', '<', '>', '&>', '"', "'", '\\', '$(', '`', '<<<', '2>&1', '>>>>', '&&&', '${']) {
      expect(() => readCommandLine(`a ${text} ${text}b`)).not.toThrow()
    }
  })

  it('types words back as a shell wants them', () => {
    expect(typed(['a', 'b c', "d'e", 'f=g,h:1', '$(x y)', '--i'])).toBe("a 'b c' 'd'\\''e' f=g,h:1 $(x y) --i")
  })
})
