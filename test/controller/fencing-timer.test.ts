import { describe, expect, it } from 'vitest'
import { BrokerSessions } from '../../src/controller/broker-sessions.ts'
import { FencingTimer } from '../../src/controller/fencing-timer.ts'
import { ManualClock } from '../support/manual-clock.ts'

const TIMEOUT_MS = 1_000

/** Writes down who was fenced, and when. */
function make() {
  const clock = new ManualClock(0)
  const sessions = new BrokerSessions(TIMEOUT_MS, () => clock.monotonic())
  const fenced: string[] = []
  let looks = 0
  const timer = new FencingTimer(clock, sessions, () => {
    looks++
    for (let stale = sessions.takeExpired(); stale !== null; stale = sessions.takeExpired()) {
      fenced.push(`${stale.id} at ${clock.monotonic()}`)
    }
  })
  const contact = (id: number): void => {
    sessions.contact(id, 1)
    timer.arm()
  }
  return { clock, sessions, timer, fenced, contact, looks: () => looks }
}

describe('the timer for the end of sessions', () => {
  it('fires to the millisecond', async () => {
    const { clock, fenced, contact } = make()
    contact(1)
    await clock.advance(300)
    contact(2)
    await clock.advance(699)
    expect(fenced).toEqual([])
    await clock.advance(1)
    expect(fenced).toEqual(['1 at 1000'])
    await clock.advance(5_000)
    expect(fenced).toEqual(['1 at 1000', '2 at 1300'])
    expect(clock.timerCount).toBe(0)
  })

  it('rests while brokers send heartbeats', async () => {
    const { clock, fenced, contact, looks } = make()
    for (let beat = 0; beat < 50; beat++) {
      for (const id of [1, 2, 3]) contact(id)
      await clock.advance(200)
    }
    expect(fenced).toEqual([])
    expect(looks()).toBeLessThanOrEqual(13)
    await clock.advance(TIMEOUT_MS)
    expect(fenced).toEqual(['1 at 10800', '2 at 10800', '3 at 10800'])
  })

  it('begins with the first sign of life', async () => {
    const { clock, timer, fenced, contact } = make()
    timer.arm()
    expect(clock.timerCount).toBe(0)
    await clock.advance(10_000)
    contact(7)
    await clock.advance(TIMEOUT_MS)
    expect(fenced).toEqual(['7 at 11000'])
  })

  it('stays silent once cancelled', async () => {
    const { clock, timer, fenced, contact } = make()
    contact(1)
    timer.cancel()
    await clock.advance(5_000)
    expect(fenced).toEqual([])
  })

  it('first lets heartbeats in when this process itself stood still', () => {
    const clock = new StoppedClock()
    const sessions = new BrokerSessions(TIMEOUT_MS, () => clock.monotonic())
    const fenced: number[] = []
    const timer = new FencingTimer(clock, sessions, () => {
      for (let stale = sessions.takeExpired(); stale !== null; stale = sessions.takeExpired()) fenced.push(stale.id)
    })
    sessions.contact(1, 1)
    sessions.contact(2, 1)
    timer.arm()
    clock.nowMs = 30_000
    clock.fire()
    expect(fenced).toEqual([])
    // What lay in the socket is read now.
    sessions.contact(1, 1)
    clock.nowMs += 20
    clock.fire()
    expect(fenced).toEqual([2])
  })
})

/** Fires its one timer when told to, however late. */
class StoppedClock {
  nowMs = 0
  private callback: (() => void) | null = null
  now = (): number => this.nowMs
  monotonic = (): number => this.nowMs
  setTimer(_: number, callback: () => void) {
    this.callback = callback
    return { cancel: () => undefined }
  }
  fire(): void {
    this.callback?.()
  }
}
