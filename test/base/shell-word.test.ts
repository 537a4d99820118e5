import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { shellWord } from '../../src/base/shell-word.ts'

it('leaves words alone that a shell takes as they are', () => {
  expect(shellWord('/opt/kt/bin/kt')).toBe('/opt/kt/bin/kt')
  expect(shellWord('User:alice@example.com')).toBe('User:alice@example.com')
})

it.each(['a b', "it's", '', '$HOME', '*', 'a\nb', '`id`'])('quotes %j so that it comes out the same', (text) => {
  expect(spawnSync('sh', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' }).stdout).toBe(text)
})
