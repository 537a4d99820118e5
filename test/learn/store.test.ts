import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Journal } from '../../src/learn/journal.ts'
import { NEW_PROGRESS, opened } from '../../src/learn/progress.ts'
import { LearnStore, MAX_ATTEMPTS } from '../../src/learn/store.ts'

let home: string
let store: LearnStore
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-learn-'))
  store = new LearnStore(home)
})
afterEach(() => fs.rmSync(home, { recursive: true }))

const attempt = (lesson: number, line = 'kt topics --list') => ({ at: 1, lesson, line, exitCode: 0, error: '' })
const snapshot = (at: number, brokers: number[]) => ({ at, partitions: {}, groups: {}, brokers, nodes: {} })

describe('progress', () => {
  it('is that of a beginner where nothing was kept', () => {
    expect(store.readProgress()).toEqual(NEW_PROGRESS)
  })

  it('comes back as it was written, readable by its owner alone', () => {
    const progress = opened(NEW_PROGRESS, 3, 7)
    store.writeProgress(progress)
    expect(new LearnStore(home).readProgress()).toEqual(progress)
    expect(fs.statSync(path.join(home, 'learn/progress.json')).mode & 0o777).toBe(0o600)
  })

  it('that is none is said to be none, and is not overwritten', () => {
    fs.mkdirSync(path.join(home, 'learn'))
    fs.writeFileSync(path.join(home, 'learn/progress.json'), 'what?')
    expect(() => store.readProgress()).toThrow('is no progress of kt learn')
  })

  it('of before an import is kept beside it', () => {
    expect(store.keepProgress()).toBeNull()
    store.writeProgress(opened(NEW_PROGRESS, 3, 7))
    expect(fs.readFileSync(store.keepProgress()!, 'utf8')).toContain('"current": 3')
  })

  it('that cannot be written is a failure that names the file', () => {
    fs.writeFileSync(path.join(home, 'learn'), 'a file in its place')
    expect(() => store.writeProgress(NEW_PROGRESS)).toThrow(/cannot be kept in .*progress\.json/)
  })
})

describe('the journal of a lesson', () => {
  it('comes back with its events and its last state', () => {
    const journal = new Journal()
    journal.note(snapshot(1, [1, 2]))
    journal.note(snapshot(2, [1]))
    store.writeJournal(4, journal)
    const again = store.readJournal(4)
    expect(again.events).toEqual(journal.events)
    expect(again.last).toEqual(journal.last)
    expect(store.readJournal(5).events).toEqual([])
  })

  it('begins anew when it cannot be read', () => {
    fs.mkdirSync(path.join(home, 'learn'))
    fs.writeFileSync(path.join(home, 'learn/journal-4.json'), '{')
    expect(store.readJournal(4).events).toEqual([])
  })
})

describe('commands that were run', () => {
  it('are kept in their order; a line that is none is passed over', () => {
    store.addAttempt(attempt(1, 'kt one'))
    fs.appendFileSync(path.join(home, 'learn/commands.jsonl'), 'half a li\n')
    store.addAttempt(attempt(1, 'kt two'))
    expect(store.readAttempts().map(({ line }) => line)).toEqual(['kt one', 'kt two'])
  })

  it('are bounded', () => {
    const long = 'x'.repeat(2_200)
    for (let at = 0; at < MAX_ATTEMPTS + 10; at++) store.addAttempt(attempt(1, `kt ${at} ${long}`))
    const kept = store.readAttempts()
    expect(kept.length).toBeLessThanOrEqual(MAX_ATTEMPTS)
    expect(kept.at(-1)!.line).toContain(`kt ${MAX_ATTEMPTS + 9} `)
    expect(fs.statSync(path.join(home, 'learn/commands.jsonl')).size).toBeLessThan(3 * 1024 * 1024)
  })
})

describe('the open lesson', () => {
  it('is none until it is opened, and none after it was closed', () => {
    expect(store.readOpen()).toBeNull()
    const open = { lesson: 2, at: 5, target: { bootstrapServer: 'kafka:9092' } }
    store.writeOpen(open)
    expect(store.readOpen()).toEqual(open)
    store.closeLesson()
    store.closeLesson()
    expect(store.readOpen()).toBeNull()
  })

  it('is none when its file is not as it was written', () => {
    fs.mkdirSync(path.join(home, 'learn'))
    for (const text of ['', '{', '{"lesson":"2"}', 'null', '[]']) {
      fs.writeFileSync(path.join(home, 'learn/open.json'), text)
      expect(store.readOpen()).toBeNull()
    }
  })
})

describe('places', () => {
  it('are empty at first, and come back', () => {
    expect(store.readPlaces()).toEqual({ setUpOn: {}, agreed: [] })
    store.writePlaces({ setUpOn: { 3: 'c1' }, agreed: ['c2'] })
    expect(store.readPlaces()).toEqual({ setUpOn: { 3: 'c1' }, agreed: ['c2'] })
  })
})

describe('forgetting', () => {
  it('a lesson leaves the others', () => {
    const journal = new Journal()
    journal.note(snapshot(1, [1]))
    for (const lesson of [1, 2]) {
      store.writeJournal(lesson, journal)
      store.addAttempt(attempt(lesson))
    }
    store.writePlaces({ setUpOn: { 1: 'c', 2: 'c' }, agreed: ['c'] })
    store.forget(1)
    expect(store.readJournal(1).last).toBeNull()
    expect(store.readJournal(2).last).not.toBeNull()
    expect(store.readAttempts().map(({ lesson }) => lesson)).toEqual([2])
    expect(store.readPlaces()).toEqual({ setUpOn: { 2: 'c' }, agreed: ['c'] })
  })

  it('everything leaves nothing', () => {
    store.writeProgress(NEW_PROGRESS)
    store.clear()
    store.clear()
    expect(fs.existsSync(path.join(home, 'learn'))).toBe(false)
  })
})
