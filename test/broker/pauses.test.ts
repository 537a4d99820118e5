import { describe, expect, it } from 'vitest'
import { Pauses } from '../../src/broker/pauses.ts'
import { ManualClock } from '../support/manual-clock.ts'

describe('pauses', () => {
  it('end after their time, each by itself', async () => {
    const clock = new ManualClock(0)
    const pauses = new Pauses(clock)
    const ended: string[] = []
    pauses.start(20, () => ended.push('a'))
    pauses.start(10, () => ended.push('b'))
    void pauses.sleep(15).then(() => ended.push('c'))
    await clock.advance(14)
    expect(ended).toEqual(['b'])
    await clock.advance(6)
    expect(ended).toEqual(['b', 'c', 'a'])
  })

  it('end with their owner: whoever sleeps goes on, nothing else is done', async () => {
    const clock = new ManualClock(0)
    const pauses = new Pauses(clock)
    const ended: string[] = []
    pauses.start(20, () => ended.push('a'))
    const slept = pauses.sleep(1_000)
    pauses.close()
    await slept
    await clock.advance(5_000)
    expect([ended, clock.timerCount]).toEqual([[], 0])
  })

  it('are none at all after that', async () => {
    const clock = new ManualClock(0)
    const pauses = new Pauses(clock)
    pauses.close()
    await pauses.sleep(1_000)
    pauses.start(1, () => expect.unreachable())
    await clock.advance(10)
    expect(clock.timerCount).toBe(0)
  })
})
