import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JournalEntry } from '../../../src/commands/undo/entry.ts'
import { Journal, lastToUndo, undoneBy } from '../../../src/commands/undo/journal.ts'

let home: string
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-journal-'))
})
afterEach(() => fs.rmSync(home, { recursive: true, force: true }))

const journal = (clusterId = 'c'): Journal => new Journal({ KT_HOME: home }, clusterId)
const lost = (what: string) => [{ kind: 'lost' as const, what, why: 'w' }]
const entry = (command: string, undoes: number | null = null) => ({
  clusterId: 'c',
  timeMs: 1,
  command,
  undoes,
  edits: lost(command),
})
const files = (clusterId = 'c'): string[] => fs.readdirSync(path.join(home, 'undo', `cluster-${clusterId}`))

describe('Journal', () => {
  it('numbers entries by cluster and gives them back, the oldest first', () => {
    expect(journal().list()).toEqual([])
    expect(journal().add(entry('a')).number).toBe(1)
    expect(journal().add(entry('b')).number).toBe(2)
    expect(journal('other').add(entry('x')).number).toBe(1)
    expect(journal().list()).toMatchObject([{ command: 'a' }, { command: 'b' }])
    expect(journal().read(2)).toMatchObject({ version: 1, number: 2, command: 'b' })
    expect(journal().read(3)).toBeNull()
  })

  it('is for its owner alone', () => {
    journal().add(entry('a'))
    const directory = path.join(home, 'undo', 'cluster-c')
    expect(fs.statSync(directory).mode & 0o777).toBe(0o700)
    expect(fs.statSync(path.join(directory, '1.json')).mode & 0o777).toBe(0o600)
  })

  it('stays in its directory whatever a cluster calls itself', () => {
    journal('../../evil/..').add(entry('a'))
    expect(fs.readdirSync(path.join(home, 'undo'))).toEqual(['cluster-______evil___'])
  })

  it('replaces an entry whole', () => {
    const first = journal().add(entry('a'))
    journal().replace({ ...first, edits: [...first.edits, ...lost('more')] })
    expect(journal().read(1)!.edits).toHaveLength(2)
    expect(files()).toEqual(['1.json'])
  })

  it('forgets the oldest, and never gives a number twice', () => {
    for (let count = 0; count < 205; count++) journal().add(entry(`c${count}`))
    expect(files()).toHaveLength(200)
    expect(journal().list()[0]!.number).toBe(6)
    expect(journal().add(entry('next')).number).toBe(206)
  })

  it('holds a bounded number of bytes, and no entry that is larger than that makes sense', () => {
    const large = { ...entry('large'), edits: lost('x'.repeat(4_000_000)) }
    for (let count = 0; count < 10; count++) journal().add(large)
    expect(
      journal()
        .list()
        .map(({ number }) => number),
    ).toEqual([3, 4, 5, 6, 7, 8, 9, 10])
    expect(() => journal().add({ ...entry('huge'), edits: lost('x'.repeat(5_000_000)) })).toThrow(
      'the most that is kept',
    )
  })

  it('steps over what it cannot read: damaged files and those of a newer kt', () => {
    journal().add(entry('a'))
    const directory = path.join(home, 'undo', 'cluster-c')
    fs.writeFileSync(path.join(directory, '2.json'), '{"version":1,')
    fs.writeFileSync(path.join(directory, '3.json'), '{"version":2,"number":3,"edits":[]}')
    fs.writeFileSync(path.join(directory, 'notes.txt'), 'mine')
    expect(journal().list()).toHaveLength(1)
    expect(journal().add(entry('b')).number).toBe(4)
  })

  it('takes the next number when another command was faster', () => {
    const numbers = Array.from({ length: 5 }, () => journal().add(entry('a')).number)
    expect(new Set(numbers).size).toBe(5)
  })

  it('throws what the disk says', () => {
    fs.writeFileSync(path.join(home, 'undo'), 'a file')
    expect(() => journal().add(entry('a'))).toThrow()
    expect(journal().list()).toEqual([])
  })
})

describe('what is undone', () => {
  const list = (...undoes: (number | null)[]): JournalEntry[] =>
    undoes.map((each, at) => ({ version: 1, number: at + 1, ...entry('c', each) }))

  it('follows undos of undos', () => {
    expect([...undoneBy(list(null, 1))]).toEqual([[1, 2]])
    // The undo was undone: the first change stands again.
    expect([...undoneBy(list(null, 1, 2))]).toEqual([[2, 3]])
    expect([...undoneBy(list(null, 1, 2, 3))]).toEqual([
      [3, 4],
      [1, 2],
    ])
  })

  it('goes back change by change', () => {
    expect(lastToUndo([])).toBeNull()
    expect(lastToUndo(list(null, null))!.number).toBe(2)
    expect(lastToUndo(list(null, null, 2))!.number).toBe(1)
    expect(lastToUndo(list(null, null, 2, 1))).toBeNull()
    expect(lastToUndo(list(null, 1, 2))!.number).toBe(1)
  })
})
