/** Time and timers, handed in so that tests and simulation own them. */
export interface Clock {
  /** Wall clock in milliseconds since the epoch. */
  now(): number
  /** Monotonic time in milliseconds, for intervals only. */
  monotonic(): number
  /** Runs `callback` once after `delayMs`; the timer does not keep the process alive when `background` is set. */
  setTimer(delayMs: number, callback: () => void, options?: { background?: boolean }): Timer
}

export interface Timer {
  cancel(): void
}

/** setTimeout holds at most 2^31-1 ms and fires at once above it. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic() {
    // `performance` would be loaded with its first use: a millisecond of every start.
    const [seconds, nanoseconds] = process.hrtime()
    return seconds * 1000 + nanoseconds / 1e6
  },
  setTimer(delayMs, callback, options) {
    const handle = setTimeout(callback, Math.min(Math.max(0, delayMs), MAX_TIMEOUT_MS))
    if (options?.background) handle.unref()
    return { cancel: () => clearTimeout(handle) }
  },
}
