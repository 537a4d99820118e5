import { describe, expect, it } from 'vitest'
import type { RecordFact } from '../../../src/learn/facts/records.ts'
import type { Look } from '../../../src/learn/lesson.ts'
import { lesson } from '../../../src/learn/lessons/05-coordinates/index.ts'

const record = (partition: number, offset: number, value: string): RecordFact => ({
  ...{ partition, offset, value, key: null, timestamp: 0 },
})
const ORDERS = [0, 1, 2].flatMap((partition) =>
  [0, 1, 2].map((offset) => record(partition, offset, `order ${partition}${offset}`)),
)

function verdicts(...redo: string[]) {
  const given = redo.map((value, at) => record(0, at, value))
  const facts = { topic: async () => ({}), records: async (topic: string) => (topic.endsWith('redo') ? given : ORDERS) }
  const look = { facts } as unknown as Look
  return Promise.all(lesson.goals.map(({ check }) => check(look)))
}

describe('orders to be done again', () => {
  it('are told by where they stand', async () => {
    const [one, two] = await verdicts('order 12 ')
    expect(one?.state).toBe('done')
    expect(two).toMatchObject({ state: 'not-yet', observed: 'kt-05-redo has: offset 2 of partition 1' })
    expect((await verdicts('order 12', 'order 22')).map(({ state }) => state)).toEqual(['done', 'done'])
  })

  it('may be at the right offset of the wrong partition, or no orders at all', async () => {
    const [one] = await verdicts('order 02', 'hello', 'order 02')
    expect(one).toMatchObject({
      state: 'not-yet',
      observed: "kt-05-redo has: offset 2 of partition 0; 'hello', which is no order",
    })
    expect((await verdicts())[0]).toMatchObject({ observed: 'kt-05-redo is empty' })
  })
})
