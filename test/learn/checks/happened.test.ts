import { describe, expect, it } from 'vitest'
import { clockTime, happened, isrShrank, leaderChanged } from '../../../src/learn/checks/happened.ts'
import { type Event, Journal } from '../../../src/learn/journal.ts'
import { lookAt } from '../../support/learn-fakes.ts'

const AT = new Date(2026, 10, 21, 12, 1, 3).getTime()
const with_ = (...events: Partial<Event>[]) =>
  lookAt(
    {},
    {
      journal: new Journal({ events: events.map((each) => ({ at: AT, after: AT - 1, ...each }) as Event), last: null }),
    },
  )
const leader = (from: number, to: number, partition = 'orders-0') =>
  ({ kind: 'leader', partition, from, to, epoch: 4 }) as Partial<Event>

describe('what happened', () => {
  it('is told as it was last seen, with its time', async () => {
    expect(await leaderChanged('orders')(with_(leader(1, 2), leader(2, 3)))).toEqual({
      state: 'done',
      expected: 'another leader of partition 0',
      observed: 'leader 2 -> 3, leader epoch 4 at 12:01:03',
      show: 'kt topics --describe --topic orders',
    })
  })

  it('is not yet, when nothing fits', async () => {
    for (const look of [with_(), with_(leader(1, 1)), with_(leader(1, -1)), with_(leader(1, 2, 'orders-1'))]) {
      expect(await leaderChanged('orders')(look)).toMatchObject({ state: 'not-yet', observed: 'still the same leader' })
    }
  })

  it('counts a leader that came after none', async () => {
    expect(await leaderChanged('orders', 1)(with_(leader(-1, 2, 'orders-1')))).toMatchObject({
      observed: 'leader none -> 2, leader epoch 4 at 12:01:03',
    })
  })

  it('an ISR shrank only when it lost somebody', async () => {
    const isr = (from: number[], to: number[]) => ({ kind: 'isr', partition: 'orders-0', from, to }) as Partial<Event>
    expect(await isrShrank('orders')(with_(isr([1, 2, 3], [2, 3])))).toMatchObject({
      observed: 'ISR 1,2,3 -> 2,3 at 12:01:03',
    })
    expect(await isrShrank('orders')(with_(isr([2], [1, 2])))).toMatchObject({ state: 'not-yet' })
  })

  it('may be anything that a lesson looks for', async () => {
    const gone = happened('broker', ({ change }) => change === 'gone', {
      expected: 'a broker out of service',
      notYet: 'all in service',
      show: 'kt describe',
      observed: ({ id }) => `broker ${id}`,
    })
    expect(await gone(with_({ kind: 'broker', id: 3, change: 'gone' }))).toMatchObject({
      observed: 'broker 3 at 12:01:03',
    })
  })

  it('has the time of the clock on the wall', () => {
    expect(clockTime(AT)).toBe('12:01:03')
  })
})
