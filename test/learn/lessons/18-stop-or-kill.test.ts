import { describe, expect, it } from 'vitest'
import type { RecordFact } from '../../../src/learn/facts/records.ts'
import { type Event, Journal } from '../../../src/learn/journal.ts'
import type { Look } from '../../../src/learn/lesson.ts'
import { lesson, pauseBefore } from '../../../src/learn/lessons/18-stop-or-kill/index.ts'

const click = (offset: number, timestamp: number, leaderEpoch: number): RecordFact => ({
  ...{ partition: 0, offset, timestamp, key: null, value: `click ${offset}` },
  batch: { baseOffset: offset, leaderEpoch },
})
/** Epoch 1 begins after 150 ms, epoch 3 after 2,500 ms. */
const CLICKS = [click(0, 0, 0), click(1, 100, 0), click(2, 250, 1), click(3, 350, 1), click(4, 2850, 3)]

const leader = (from: number, to: number, epoch: number, at: number): Event => ({
  ...{ kind: 'leader', partition: 'kt-18-clicks-0', from, to, epoch, at, after: at - 200 },
})
const ended = (id: number, at: number): Event => ({
  ...{ kind: 'node', id, from: 'running', to: 'stopped', at, after: at - 200 },
})

async function states(events: Event[], records: () => Promise<RecordFact[]> = async () => CLICKS): Promise<string[]> {
  const look = { facts: { records }, journal: new Journal({ events, last: null }) } as unknown as Look
  return Promise.all(lesson.goals.map(async ({ check }) => (await check(look)).state))
}

describe('how long the log stood still', () => {
  it('is the step before the first record of the new leader', () => {
    expect(pauseBefore(1, CLICKS)).toBe(150)
    expect(pauseBefore(3, CLICKS)).toBe(2500)
  })

  it('goes by the next epoch that has records, when one has none', () => {
    expect(pauseBefore(2, CLICKS)).toBe(2500)
  })

  it('is not known without records before and behind', () => {
    expect(pauseBefore(0, CLICKS)).toBeNull()
    expect(pauseBefore(4, CLICKS)).toBeNull()
  })
})

describe('goals', () => {
  const stop = [leader(1, 2, 1, 1000), ended(1, 1200)]
  const kill = [ended(2, 5000), leader(2, 3, 3, 7000)]

  it('take a slow handover for what it is', async () => {
    const slow = async () => [click(0, 0, 0), click(1, 1_220, 1)]
    expect(await states([leader(1, 2, 1, 1000), ended(1, 1000)], slow)).toEqual(['done', 'not-yet'])
    const slower = async () => [click(0, 0, 0), click(1, 3_000, 1)]
    expect(await states([leader(1, 2, 1, 1000), ended(1, 1200)], slower)).toEqual(['done', 'not-yet'])
    expect(await states([leader(1, 2, 1, 3000), ended(1, 3000)], slower)).toEqual(['not-yet', 'done'])
  })

  it('tell a stop from a kill by the pause', async () => {
    expect(await states([])).toEqual(['not-yet', 'not-yet'])
    expect(await states(stop)).toEqual(['done', 'not-yet'])
    expect(await states(kill)).toEqual(['not-yet', 'done'])
    expect(await states([...stop, ...kill])).toEqual(['done', 'done'])
  })

  it('count only a leader whose process went', async () => {
    expect(await states([leader(1, 2, 1, 1000)])).toEqual(['not-yet', 'not-yet'])
    expect(await states([leader(1, 2, 1, 1000), ended(1, 60_000)])).toEqual(['not-yet', 'not-yet'])
  })

  it('wait while nobody answers', async () => {
    expect(await states(kill, () => Promise.reject(new Error('late')))).toEqual(['not-yet', 'not-yet'])
  })
})
