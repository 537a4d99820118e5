import type { Clock } from '../base/clock.ts'
import type { Random } from '../base/random.ts'
import { errorInfo, KafkaError } from '../protocol/error-codes.ts'
import { ConnectionFailure } from './failure.ts'

/** `retry.backoff.ms` and `retry.backoff.max.ms` of Kafka's clients (KIP-580): doubling, with a fifth of jitter. */
const BACKOFF_MS = 100
const MAX_BACKOFF_MS = 1_000
const JITTER = 0.2

/** Milliseconds to wait before try number `attempt` + 1, counted from 0. */
export function backoffMs(attempt: number, random: Random): number {
  const base = Math.min(MAX_BACKOFF_MS, BACKOFF_MS * 2 ** Math.min(attempt, 10))
  return base * (1 - JITTER + 2 * JITTER * random.next())
}

/** Resolves after `delayMs`. */
export function sleep(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => clock.setTimer(delayMs, resolve))
}

/** Resolves when `promise` has settled or `timeoutMs` has passed, whichever is first; a rejection is the caller's. */
export function within(clock: Clock, timeoutMs: number, promise: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.setTimer(timeoutMs, resolve)
    const done = (): void => {
      timer.cancel()
      resolve()
    }
    promise.then(done, done)
  })
}

/** True when the same request may succeed later: a lost connection, or an error code that Kafka marks retriable. */
export function isRetriable(error: unknown): boolean {
  if (error instanceof ConnectionFailure) return error.retriable
  return error instanceof KafkaError && errorInfo(error.code).retriable
}

/** A point in monotonic time that bounds a whole call, retries included. */
export class Deadline {
  readonly timeoutMs: number
  private readonly clock: Clock
  private readonly end: number

  constructor(clock: Clock, timeoutMs: number) {
    this.clock = clock
    this.timeoutMs = timeoutMs
    this.end = clock.monotonic() + timeoutMs
  }

  get remainingMs(): number {
    return Math.max(0, this.end - this.clock.monotonic())
  }

  get passed(): boolean {
    return this.clock.monotonic() >= this.end
  }
}
