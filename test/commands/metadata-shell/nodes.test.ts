import { describe, expect, it } from 'vitest'
import {
  type DirectoryNode,
  directoryOf,
  fixedDirectory,
  keyedDirectory,
  leaf,
  printedLines,
  sortedNames,
} from '../../../src/commands/metadata-shell/nodes.ts'

const number = (value: number) => leaf(() => String(value))

describe('directories', () => {
  it('know their children by name', () => {
    const directory = directoryOf(new Map([['a', 1]]), number)
    expect(directory.child('a')).toMatchObject({ kind: 'leaf' })
    expect(directory.child('b')).toBeNull()
  })

  it('do not take what every object has for a child', () => {
    const directory = fixedDirectory({ a: () => number(1) })
    expect(directory.child('a')).not.toBeNull()
    expect(directory.child('toString')).toBeNull()
    expect(directory.child('constructor')).toBeNull()
  })

  it('find children of other keys by a text of theirs', () => {
    const directory = keyedDirectory(new Map([[7, 70]]), (name) => (name === 'x' ? null : Number(name)), number)
    expect([...directory.names()]).toEqual(['7'])
    expect([...printedLines(directory.child('07')!)]).toEqual(['70'])
    expect(directory.child('8')).toBeNull()
    expect(directory.child('x')).toBeNull()
  })

  it('sort names by their letters, as Java does', () => {
    const names = ['t10', 't2', 'T', '_', 'é'].map((name): [string, number] => [name, 1])
    expect(sortedNames(directoryOf(new Map(names), number))).toEqual(['T', '_', 't10', 't2', 'é'])
  })
})

describe('printedLines', () => {
  it('indents what is in directories', () => {
    const inner = directoryOf(
      new Map([
        ['y', 2],
        ['x', 1],
      ]),
      number,
    )
    const outer = fixedDirectory({ inner: () => inner, file: () => leaf(() => 'text') })
    expect([...printedLines(outer)]).toEqual(['file:', '  text', 'inner:', '  x:', '    1', '  y:', '    2'])
  })

  it('names a child that cannot be found', () => {
    const broken: DirectoryNode = { kind: 'directory', names: () => ['gone'], child: () => null }
    expect([...printedLines(broken)]).toEqual(['gone:'])
  })
})
