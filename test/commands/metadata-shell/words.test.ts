import { describe, expect, it } from 'vitest'
import { wordsOf, wordsSoFar } from '../../../src/commands/metadata-shell/words.ts'

describe('wordsOf', () => {
  it.each<[string, string[]]>([
    ['', []],
    ['  \t ', []],
    ['ls', ['ls']],
    ['  ls \t /image  ', ['ls', '/image']],
    [`cat "a b" 'c d'`, ['cat', 'a b', 'c d']],
    [`cat 'a" b' "c'd"`, ['cat', 'a" b', "c'd"]],
    [`a'b'c`, [`a'b'c`]],
    [`ls a"b'c "d e" 'f"g h`, ['ls', `a"b'c "d`, `e" 'f"g`, 'h']],
    [`'a'b'c d`, [`ab'c d`]],
    [`'a'b`, ['ab']],
    [`ls 'x y`, ['ls', 'x y']],
    [`ls '' x`, ['ls', 'x']],
    ['ls /ima\\ge a\\ b', ['ls', '/image', 'a b']],
    ['\\\\pwd', ['\\pwd']],
    ['ls \\', ['ls']],
    [`'it\\'s'`, ["it's"]],
  ])('reads %j', (line, words) => {
    expect(wordsOf(line)).toEqual(words)
  })
})

describe('wordsSoFar', () => {
  it('ends with the word under the cursor, which may not have begun', () => {
    expect(wordsSoFar('')).toEqual([''])
    expect(wordsSoFar('l')).toEqual(['l'])
    expect(wordsSoFar('ls ')).toEqual(['ls', ''])
    expect(wordsSoFar('ls /im')).toEqual(['ls', '/im'])
  })
})
