import { describe, expect, it } from 'vitest'
import type { RecordFact } from '../../../src/learn/facts/records.ts'
import { Journal } from '../../../src/learn/journal.ts'
import type { Look } from '../../../src/learn/lesson.ts'
import { lesson, residents } from '../../../src/learn/lessons/08-keys/index.ts'

const record = (partition: number, key: string | null): RecordFact => ({
  ...{ partition, key, offset: 0, value: 'an order', timestamp: 0 },
})
const twice = (partition: number, key: string) => [record(partition, key), record(partition, key)]
const WHOLE = [...twice(0, 'alice'), ...twice(0, 'bob'), ...twice(2, 'carol'), ...twice(1, 'dave')]

function verdicts(records: readonly RecordFact[]) {
  const look = {
    facts: { topic: async () => ({}), records: async () => records },
    journal: new Journal(),
  } as unknown as Look
  return Promise.all(lesson.goals.map(({ check }) => check(look)))
}

describe('orders with keys', () => {
  it('have one partition for each customer', async () => {
    expect((await verdicts(WHOLE)).map(({ state }) => state)).toEqual(['done', 'done'])
    expect(residents(WHOLE)).toBe('partition 0: alice, bob; partition 1: dave; partition 2: carol')
  })

  it('are torn where a customer is in two', async () => {
    expect((await verdicts([...WHOLE, record(1, 'alice')]))[1]).toMatchObject({
      state: 'not-yet',
      observed: 'alice is in 0 and 1',
      wayOut: { next: 'kt learn reset 8' },
    })
  })

  it('may be of other customers too, who are free to experiment', async () => {
    const others = [record(0, 'frank'), record(1, 'frank')]
    expect((await verdicts([...WHOLE, ...others]))[1]).toMatchObject({ state: 'done' })
  })

  it('count only when the name is the key', async () => {
    const [first, second] = await verdicts(Array.from({ length: 8 }, () => record(0, null)))
    expect(first).toMatchObject({ state: 'not-yet', observed: 'alice 0, bob 0, carol 0, dave 0' })
    expect(second).toMatchObject({ state: 'not-yet', observed: 'no record has a key' })
  })
})
