import type { Clock, Timer } from '../base/clock.ts'
import { KafkaError } from '../protocol/error-codes.ts'

interface Waiting {
  readonly deadlineMs: number
  readonly done: (error: unknown) => void
}

/**
 * Far above what one shard's clients have in flight (a connection has one coordinator request at a time); beyond it the
 * high watermark has stopped and clients are better told to come back.
 */
const MAX_WAITING = 10_000

/** Operations whose records are appended but not yet committed, and those that have seen such records. */
export class PendingWrites {
  private readonly clock: Clock
  private readonly timeoutMs: number
  private readonly waiting = new Set<Waiting>()
  private timer: Timer | null = null
  private last: Promise<void> | null = null

  constructor(clock: Clock, timeoutMs: number) {
    this.clock = clock
    this.timeoutMs = timeoutMs
  }

  get size(): number {
    return this.waiting.size
  }

  /** The commit that everything appended so far waits for; null when nothing is pending. */
  get lastCommit(): Promise<void> | null {
    return this.last
  }

  /** Refuses work before anything is written: clients retry COORDINATOR_NOT_AVAILABLE. */
  ensureRoom(): void {
    if (this.waiting.size >= MAX_WAITING) throw new KafkaError('COORDINATOR_NOT_AVAILABLE')
  }

  /**
   * Calls `done` once: with null when `committed` resolves, with REQUEST_TIMED_OUT when that takes too long (the records
   * stay in the log and may still commit), or with what `failAll` says. A rejection goes to `onRejected`, which decides for all.
   */
  add(committed: Promise<void>, done: (error: unknown) => void, onRejected: (error: unknown) => void): void {
    const entry: Waiting = { deadlineMs: this.clock.monotonic() + this.timeoutMs, done }
    this.waiting.add(entry)
    this.last = committed
    this.arm()
    const release = (): void => {
      if (this.last === committed) this.last = null
    }
    committed.then(
      () => {
        release()
        this.finish(entry, null)
      },
      (error) => {
        release()
        onRejected(error)
      },
    )
  }

  private finish(entry: Waiting, error: unknown): void {
    if (!this.waiting.delete(entry)) return
    if (this.waiting.size === 0) this.disarm()
    entry.done(error)
  }

  private arm(): void {
    const oldest = this.waiting.values().next().value
    if (this.timer !== null || oldest === undefined) return
    const delayMs = Math.max(0, oldest.deadlineMs - this.clock.monotonic())
    this.timer = this.clock.setTimer(delayMs, () => this.expire(), { background: true })
  }

  private disarm(): void {
    this.timer?.cancel()
    this.timer = null
  }

  private expire(): void {
    this.timer = null
    const now = this.clock.monotonic()
    for (const entry of this.waiting) {
      if (entry.deadlineMs > now) break
      this.finish(entry, new KafkaError('REQUEST_TIMED_OUT'))
    }
    this.arm()
  }

  failAll(error: unknown): void {
    this.disarm()
    this.last = null
    for (const entry of [...this.waiting]) this.finish(entry, error)
  }
}
