import { describe, expect, it } from 'vitest'
import { directoryOf, fixedDirectory, leaf } from '../../../src/commands/metadata-shell/nodes.ts'
import {
  completePath,
  findNodes,
  globPattern,
  pathParts,
  type ShellPlace,
} from '../../../src/commands/metadata-shell/paths.ts'

const root = fixedDirectory({
  image: () =>
    fixedDirectory({
      topics: () =>
        directoryOf(
          new Map([
            ['a', 1],
            ['ab', 2],
            ['b\\(1', 3],
          ]),
          (value) => leaf(() => String(value)),
        ),
      text: () => leaf(() => 'text'),
      acls: () => fixedDirectory({}),
    }),
  local: () => fixedDirectory({ version: () => leaf(() => '1') }),
})

const at = (workingDirectory = '/'): ShellPlace => ({ root, workingDirectory })
const found = (glob: string, from?: string): string[] => Array.from(findNodes(at(from), glob), ({ path }) => path)

describe('pathParts', () => {
  it.each<[string, string, string[]]>([
    ['/', '/x', []],
    ['', '/x', ['x']],
    ['.', '/x', ['x']],
    ['a//b/', '/x', ['x', 'a', 'b']],
    ['../../..', '/x', []],
    ['/a/../b/./c', '/x', ['b', 'c']],
  ])('%j from %j', (path, from, parts) => {
    expect(pathParts(path, from)).toEqual(parts)
  })
})

describe('findNodes', () => {
  it.each<[string, string, string[]]>([
    ['/', '/', ['/']],
    ['image', '/', ['/image']],
    ['topics/a', '/image', ['/image/topics/a']],
    ['../local', '/image', ['/local']],
    ['/image/t*', '/', ['/image/text', '/image/topics']],
    ['/*/t*', '/local', ['/image/text', '/image/topics']],
    ['/image/topics/a?', '/', ['/image/topics/ab']],
    ['/{image,local}/{version,text}', '/', ['/image/text', '/local/version']],
    ['/image/text/below', '/', []],
    ['/image/text/*', '/', []],
    ['/nope/*', '/', []],
    ['/image/acls/*', '/', []],
    ['/image/topics/b\\(1', '/', ['/image/topics/b\\(1']],
  ])('%j from %j', (glob, from, paths) => {
    expect(found(glob, from)).toEqual(paths)
  })

  it('names what it finds by the last part of its path', () => {
    expect(Array.from(findNodes(at(), '/'), ({ name }) => name)).toEqual(['/'])
    expect(Array.from(findNodes(at(), '/local/*'), ({ name }) => name)).toEqual(['version'])
  })
})

describe('globPattern', () => {
  const matches = (glob: string, name: string): boolean => globPattern(glob)!.test(name)

  it('is null for plain names, and for groups that are none', () => {
    for (const plain of ['abc', 'a,b', 'a}', '{a', '{a,{b}}', 'a\\*', '\\{a}', 'a.b[1]']) {
      expect(globPattern(plain), plain).toBeNull()
    }
  })

  it('matches whole names', () => {
    expect(matches('a*', 'xa')).toBe(false)
    expect(matches('*a', 'ab')).toBe(false)
    expect(matches('{a,b}', 'ab')).toBe(false)
    expect(matches('{a,b}c', 'bc')).toBe(true)
    expect(matches('{a*,b}', 'axx')).toBe(true)
    expect(matches('?', '')).toBe(false)
  })

  it('takes the letters of expressions for letters', () => {
    expect(matches('a.*', 'abc')).toBe(false)
    expect(matches('a.*', 'a.c')).toBe(true)
    expect(matches('(x)[1]+$^|*', '(x)[1]+$^|')).toBe(true)
    expect(matches('\\**', '*x')).toBe(true)
    expect(matches('\\**', 'x')).toBe(false)
  })
})

describe('completePath', () => {
  const words = (typed: string, from?: string): string[] => completePath(at(from), typed).map(({ word }) => word)

  it('gives the children whose names begin so, directories with a slash', () => {
    expect(words('')).toEqual(['image/', 'local/'])
    expect(words('/')).toEqual(['/image/', '/local/'])
    expect(words('/image/t')).toEqual(['/image/text', '/image/topics/'])
    expect(words('a', '/image/topics')).toEqual(['a', 'ab'])
    expect(words('../l', '/image')).toEqual(['../local/'])
  })

  it('is done with files only', () => {
    expect(completePath(at(), '/image/te')).toEqual([{ word: '/image/text', isWhole: true }])
    expect(completePath(at(), '/image/to')).toEqual([{ word: '/image/topics/', isWhole: false }])
  })

  it('knows nothing below files and what does not exist', () => {
    expect(words('/image/text/')).toEqual([])
    expect(words('/nope/x')).toEqual([])
    expect(words('x')).toEqual([])
  })
})
