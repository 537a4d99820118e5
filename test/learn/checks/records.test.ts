import { describe, expect, it } from 'vitest'
import { byPartition, ofRecords, partitionsOfKeys, spreadText } from '../../../src/learn/checks/records.ts'
import type { RecordFact } from '../../../src/learn/facts/records.ts'
import type { Look } from '../../../src/learn/lesson.ts'

const record = (partition: number, offset: number, key: string | null = null): RecordFact => ({
  ...{ partition, offset, key, timestamp: 0 },
  value: `${partition}/${offset}`,
})
const RECORDS = [record(0, 0, 'bob'), record(0, 1, 'alice'), record(2, 0, 'alice'), record(2, 1)]

describe('records of a topic', () => {
  it('are told by partition', () => {
    expect([...byPartition(RECORDS)].map(([partition, { length }]) => [partition, length])).toEqual([
      [0, 2],
      [2, 2],
    ])
    expect(spreadText(RECORDS)).toBe('2 in partition 0, 2 in partition 2')
    expect(spreadText([])).toBe('no records')
  })

  it('are told by key; those without one belong to nobody', () => {
    expect([...partitionsOfKeys(RECORDS)]).toEqual([
      ['alice', [0, 2]],
      ['bob', [0]],
    ])
  })
})

describe('a check of records', () => {
  const lookAt = (topic: object | null): Look =>
    ({ facts: { topic: async () => topic, records: async () => RECORDS } }) as unknown as Look
  const check = ofRecords('orders', { expected: 'four' }, ({ length }) => ({
    done: length === 4,
    observed: `${length} records`,
  }))

  it('observes a topic that does not exist', async () => {
    expect(await check(lookAt(null))).toEqual({
      ...{ state: 'not-yet', expected: 'four', observed: 'no topic orders', show: 'kt topics --list' },
    })
  })

  it('says what it saw, and how to see it', async () => {
    expect(await check(lookAt({}))).toEqual({
      ...{ state: 'done', expected: 'four', observed: '4 records' },
      show: 'kt console-consumer --topic orders --exit-at-end --meta',
    })
  })
})
