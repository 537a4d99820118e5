import { describe, expect, it } from 'vitest'
import { nextTurn, pause } from '../../src/commands/pause.ts'
import { ManualClock } from '../support/manual-clock.ts'

describe('pause', () => {
  it('ends after its time', async () => {
    const clock = new ManualClock()
    let ended = false
    const pausing = pause(clock, 100, new AbortController().signal).then(() => {
      ended = true
    })
    clock.advance(99)
    await nextTurn()
    expect(ended).toBe(false)
    clock.advance(1)
    await pausing
    expect(ended).toBe(true)
  })

  it('ends at once when the work is interrupted, before or meanwhile', async () => {
    const controller = new AbortController()
    const pausing = pause(new ManualClock(), Number.POSITIVE_INFINITY, controller.signal)
    controller.abort()
    await pausing
    await pause(new ManualClock(), 1000, controller.signal)
  })
})
