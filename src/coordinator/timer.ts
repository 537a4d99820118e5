import type { Clock, Timer } from '../base/clock.ts'
import type { CoordinatorResult } from './types.ts'

/** What runs when a timer ends: an operation like any other, it may write records. */
export type TimedOperation = () => CoordinatorResult<undefined>

/**
 * Timers of one shard, by key: scheduling a key again replaces what was there. They never keep the process alive.
 * There are at most a few per member and per group, so their number is bounded by what the groups hold.
 */
export class CoordinatorTimer {
  private readonly clock: Clock
  private readonly run: (key: string, operation: TimedOperation) => void
  private readonly timers = new Map<string, Timer>()

  constructor(clock: Clock, run: (key: string, operation: TimedOperation) => void) {
    this.clock = clock
    this.run = run
  }

  schedule(key: string, delayMs: number, operation: TimedOperation): void {
    this.cancel(key)
    const timer = this.clock.setTimer(delayMs, () => this.fire(key, operation), { background: true })
    this.timers.set(key, timer)
  }

  private fire(key: string, operation: TimedOperation): void {
    this.timers.delete(key)
    this.run(key, operation)
  }

  cancel(key: string): void {
    this.timers.get(key)?.cancel()
    this.timers.delete(key)
  }

  isScheduled(key: string): boolean {
    return this.timers.has(key)
  }

  get size(): number {
    return this.timers.size
  }

  cancelAll(): void {
    for (const timer of this.timers.values()) timer.cancel()
    this.timers.clear()
  }
}
