import { describe, expect, it } from 'vitest'
import { directoryOf, fixedDirectory, leaf } from '../../../src/commands/metadata-shell/nodes.ts'
import { runShellCommand, type ShellSession } from '../../../src/commands/metadata-shell/run-verb.ts'

const numbers = (count: number) =>
  directoryOf(new Map(Array.from({ length: count }, (_, index) => [`n${index}`, index])), (each) =>
    leaf(() => String(each)),
  )

const root = fixedDirectory({
  many: () => numbers(6),
  one: () => numbers(1),
  none: () => numbers(0),
  file: () => leaf(() => 'text'),
  other: () => leaf(() => 'more'),
})

const session = (screenWidth: number | null = null): ShellSession => ({
  place: { root, workingDirectory: '/' },
  interactive: { screenWidth, history: () => ({ first: 8, lines: ['ls', 'pwd', 'history'] }) },
})

function run(line: string, at = session()): string {
  return [...runShellCommand(line.split(' '), at)!].join('')
}

describe('cat', () => {
  it.each([
    ['cat file', 'text\n'],
    ['cat file other file', 'text\nmore\ntext\n'],
    ['cat {file,one,o*r}', 'text\ncat: {file,one,o*r}: Is a directory\nmore\n'],
    ['cat many', 'cat: many: Is a directory\n'],
    ['cat nope file', 'cat: nope: No such file or directory.\ntext\n'],
    ['cat file/x', 'cat: file/x: No such file or directory.\n'],
  ])('%s', (line, output) => {
    expect(run(line)).toBe(output)
  })
})

describe('tree', () => {
  it.each([
    ['tree file', 'text\n'],
    ['tree one none', 'n0:\n  0\n'],
    ['tree nope', 'tree: nope: No such file or directory.\n'],
  ])('%s', (line, output) => {
    expect(run(line)).toBe(output)
  })
})

describe('find', () => {
  it.each([
    ['find one', 'one\none/n0\n'],
    ['find one/', 'one/\none//n0\n'],
    ['find /one', '/one\n/one/n0\n'],
    ['find o*', 'o*\no*/n0\no*\n'],
    ['find file', 'file\n'],
    ['find nope', 'find: nope: no such file or directory.\n'],
  ])('%s', (line, output) => {
    expect(run(line)).toBe(output)
  })

  it('begins where the person is', () => {
    const at = session()
    run('cd one', at)
    expect(run('find', at)).toBe('.\n./n0\n')
    expect(run('find /', at).split('\n').slice(0, 3)).toEqual(['/', '/file', '/many'])
  })
})

describe('ls', () => {
  it.each([
    ['ls', 'file\nmany\nnone\none\nother\n'],
    ['ls one', 'n0\n'],
    ['ls none', ''],
    ['ls file', 'file\n'],
    ['ls one one', 'one:\nn0\n\none:\nn0\n'],
    ['ls one file', 'file\n\none:\nn0\n'],
    ['ls none one', '\none:\nn0\n'],
    ['ls nope one', 'ls: nope: no such file or directory.\nn0\n'],
    ['ls /', 'file\nmany\nnone\none\nother\n'],
    ['ls / one', '/:\nfile\nmany\nnone\none\nother\n\none:\nn0\n'],
  ])('%s', (line, output) => {
    expect(run(line)).toBe(output)
  })

  it('uses the width of the screen', () => {
    expect(run('ls many', session(80))).toBe('n0  n1  n2  n3  n4  n5\n')
    expect(run('ls many file other', session(12))).toBe('file\nother\n\nmany:\nn0  n2  n4\nn1  n3  n5\n')
  })
})

describe('cd and pwd', () => {
  it('go to a directory, and to the root when none is named', () => {
    const at = session()
    expect(run('cd many', at)).toBe('')
    expect(run('pwd', at)).toBe('/many\n')
    expect(run('cd ../one', at) + run('pwd', at)).toBe('/one\n')
    expect(run('cd', at) + run('pwd', at)).toBe('/\n')
  })

  it('stay where they are', () => {
    const at = session()
    run('cd many', at)
    expect(run('cd nope', at)).toBe('cd: nope: no such directory.\n')
    expect(run('cd /file', at)).toBe('cd: /file: not a directory.\n')
    expect(run('pwd', at)).toBe('/many\n')
  })

  it('end in the last of several', () => {
    const at = session()
    expect(run('cd o*', at)).toBe('cd: o*: not a directory.\n')
    expect(run('pwd', at)).toBe('/one\n')
  })
})

describe('the rest', () => {
  it('shows history with numbers, the last ones when told how many', () => {
    expect(run('history')).toBe('    8  ls\n    9  pwd\n   10  history\n')
    expect(run('history 1')).toBe('   10  history\n')
    expect(run('history 99')).toBe(run('history'))
    expect(run('history 0') + run('history -5')).toBe('')
  })

  it('helps', () => {
    expect(run('help')).toContain('usage:  {cat,')
    expect(run('man ls')).toContain('usage: ls [targets [targets ...]]')
    expect(run('man l')).toBe('man: unknown command l. Type help to get a list of commands.\n')
    expect(run('ls -h')).toContain('usage:  ls [-h] [targets')
  })

  it('ends with exit, and says what it does not understand', () => {
    expect(runShellCommand(['exit'], session())).toBeNull()
    expect(run('exit now')).toBe("unrecognized arguments: 'now'\n")
    expect(run('')).toBe('')
  })
})
