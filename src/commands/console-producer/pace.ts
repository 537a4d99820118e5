/** `--rate`: no more than so many records a second. */
import type { Clock } from '../../base/clock.ts'
import { nextTurn, pause } from '../pause.ts'

/** Resolves when the next record may go. */
export type Pace = () => Promise<void>

/** Nothing is held back. */
export const unhurried: Pace = async () => undefined

/** How many records may go without giving anybody else a turn. */
const BURST = 100

/** A turn for the network now and then, and nothing held back otherwise. */
export function breathing(): Pace {
  let count = 0
  return async () => {
    if (++count % BURST === 0) await nextTurn()
  }
}

/** Evenly spread: record `n` goes `n / perSecond` seconds after the first. Ends its waiting when `signal` is aborted. */
export function atRate(perSecond: number, clock: Clock, signal: AbortSignal): Pace {
  let count = 0
  let startMs = 0
  return async () => {
    if (count === 0) startMs = clock.monotonic()
    const dueMs = startMs + (count++ / perSecond) * 1000
    const waitMs = dueMs - clock.monotonic()
    if (waitMs >= 1 && !signal.aborted) await pause(clock, waitMs, signal)
  }
}
