/** When the metadata log is flushed: one fsync for all appends of a turn, and none for a while where nobody waits. */
import type { Clock, Timer } from '../base/clock.ts'

/** Longest time a record that nobody waits for stays unflushed: idle no-ops must not keep the disk busy. */
const LAZY_FLUSH_MS = 5_000

export class FlushTimer {
  private readonly clock: Clock
  private readonly flush: () => void
  private timer: Timer | null = null
  private isUrgent = false

  constructor(clock: Clock, flush: () => void) {
    this.clock = clock
    this.flush = flush
  }

  schedule(urgent: boolean): void {
    if (this.timer !== null && (this.isUrgent || !urgent)) return
    this.timer?.cancel()
    this.isUrgent = urgent
    const run = (): void => {
      this.timer = null
      this.flush()
    }
    this.timer = this.clock.setTimer(urgent ? 0 : LAZY_FLUSH_MS, run, { background: !urgent })
  }

  cancel(): void {
    this.timer?.cancel()
    this.timer = null
  }
}
