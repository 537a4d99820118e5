/** A steady rate for commands that send: Kafka's ThroughputThrottler, without a thread to put to sleep. */

/** The shortest pause worth taking: timers are no finer than a millisecond. */
const MIN_PAUSE_MS = 2
/** How many may go at once when there is no limit: the clock is read again after them. */
const UNLIMITED = Number.MAX_SAFE_INTEGER

export class Throttle {
  /** Per second; below zero there is no limit, and at zero nothing goes after the first. */
  readonly perSecond: number
  readonly #startMs: number

  constructor(perSecond: number, startMs: number) {
    this.perSecond = perSecond
    this.#startMs = startMs
  }

  /** How many may go now, when `sent` have gone. */
  allowed(sent: number, nowMs: number): number {
    if (this.perSecond < 0) return UNLIMITED
    if (sent === 0) return 1
    const due = Math.floor(((nowMs - this.#startMs) / 1000) * this.perSecond) + 1
    return Math.max(0, due - sent)
  }

  /** How long to wait until the next may go, in ms; infinity when none ever may. */
  pauseMs(sent: number, nowMs: number): number {
    if (this.perSecond === 0) return Number.POSITIVE_INFINITY
    const dueAt = this.#startMs + (sent / this.perSecond) * 1000
    return Math.max(MIN_PAUSE_MS, Math.ceil(dueAt - nowMs))
  }
}
