import type { Clock } from '../base/clock.ts'

/** A day: timers cannot be set to infinity, and a pending one keeps the process alive. */
const LONGEST_MS = 86_400_000

/** Resolves after `delayMs`, or as soon as the signal is aborted. */
export function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      timer.cancel()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = clock.setTimer(Math.min(delayMs, LONGEST_MS), end)
    if (signal.aborted) end()
    else signal.addEventListener('abort', end)
  })
}

/** Lets sockets have their turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
