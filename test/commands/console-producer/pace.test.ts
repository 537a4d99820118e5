import { describe, expect, it } from 'vitest'
import { atRate, breathing } from '../../../src/commands/console-producer/pace.ts'
import { ManualClock } from '../../support/manual-clock.ts'

/** Turns of the promise queue until everything that can go on has gone on. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('atRate', () => {
  it('spreads records evenly', async () => {
    const clock = new ManualClock()
    const pace = atRate(10, clock, new AbortController().signal)
    let gone = 0
    const going = (async () => {
      for (let at = 0; at < 4; at++) {
        await pace()
        gone++
      }
    })()
    await settle()
    expect(gone).toBe(1)
    await clock.advance(99)
    await settle()
    expect(gone).toBe(1)
    await clock.advance(1)
    await settle()
    expect(gone).toBe(2)
    await clock.advance(500)
    await settle()
    expect(gone).toBe(4)
    await going
  })

  it('ends its waiting when interrupted', async () => {
    const interruption = new AbortController()
    const pace = atRate(0.001, new ManualClock(), interruption.signal)
    await pace()
    const waiting = pace()
    interruption.abort()
    await waiting
    await pace()
  })
})

it('lets others have a turn', async () => {
  const pace = breathing()
  let turns = 0
  setImmediate(() => turns++)
  for (let at = 0; at < 99; at++) await pace()
  expect(turns).toBe(0)
  await pace()
  expect(turns).toBe(1)
})
