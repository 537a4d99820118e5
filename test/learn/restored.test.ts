import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Event, Journal } from '../../src/learn/journal.ts'
import { NEW_PROGRESS, opened, passed, progressOf } from '../../src/learn/progress.ts'
import { putBack } from '../../src/learn/restored.ts'
import { LearnStore } from '../../src/learn/store.ts'

const TAKEN_AT = 500
const BACK = { clusterId: 'mine', snapshot: 'last', takenAt: TAKEN_AT, at: 900 }

let home: string
let store: LearnStore
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-restored-'))
  store = new LearnStore(home)
})
afterEach(() => fs.rmSync(home, { recursive: true }))

const leader = (at: number): Event => ({
  ...{ kind: 'leader', partition: 'kt-15-orders-0', from: 1, to: 2, epoch: 1, at, after: at - 10 },
})
const last = { at: 800, partitions: {}, groups: {}, brokers: [1], nodes: {} }

function begin(lesson: number, startedAt: number, clusterId = 'mine'): void {
  store.writeProgress(opened(store.readProgress(), lesson, startedAt))
  const places = store.readPlaces()
  store.writePlaces({ ...places, setUpOn: { ...places.setUpOn, [String(lesson)]: clusterId } })
  store.writeJournal(lesson, new Journal({ events: [leader(startedAt + 50), leader(700)], last }))
}

it('forgets what was seen after the snapshot, and has nothing to compare the next look with', () => {
  begin(15, 100)
  expect(putBack(store, BACK)).toEqual({ begunAnew: [], putBack: [15] })
  const journal = store.readJournal(15)
  expect(journal.events).toEqual([
    leader(150),
    { kind: 'restored', snapshot: 'last', takenAt: TAKEN_AT, at: 900, after: TAKEN_AT },
  ])
  expect(journal.last).toBeNull()
  // What the cluster shows by now is no change.
  expect(journal.note({ ...last, at: 1_000, brokers: [] })).toEqual([])
  expect(progressOf(store.readProgress(), 15)?.restoredAt).toBe(900)
})

it('has a lesson that was begun later set up anew, and passed as it was', () => {
  begin(15, 600)
  store.writeProgress(passed(store.readProgress(), 15, 650))
  expect(putBack(store, BACK)).toEqual({ begunAnew: [15], putBack: [] })
  expect(store.readPlaces().setUpOn).toEqual({})
  expect(progressOf(store.readProgress(), 15)).toMatchObject({ passedAt: 650, startedAt: 600 })
})

it('leaves lessons of other clusters alone, and makes no files where nothing was learned', () => {
  putBack(store, BACK)
  expect(fs.readdirSync(home)).toEqual([])
  begin(15, 600, 'other')
  expect(putBack(store, BACK)).toEqual({ begunAnew: [], putBack: [] })
  expect(store.readJournal(15).events).toHaveLength(2)
  expect(progressOf(store.readProgress(), 15)).not.toHaveProperty('restoredAt')
  expect(store.readProgress()).not.toEqual(NEW_PROGRESS)
})
