import type { Clock, Timer } from '../../src/base/clock.ts'

interface Scheduled {
  readonly atMs: number
  readonly order: number
  readonly callback: () => void
}

/** A clock that stands still until a test moves it; timers fire in the order of their time, then of their setting. */
export class ManualClock implements Clock {
  private nowMs: number
  private order = 0
  private readonly timers = new Set<Scheduled>()

  constructor(nowMs = 1_700_000_000_000) {
    this.nowMs = nowMs
  }

  now(): number {
    return this.nowMs
  }

  monotonic(): number {
    return this.nowMs
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    const timer: Scheduled = { atMs: this.nowMs + Math.max(0, delayMs), order: this.order++, callback }
    this.timers.add(timer)
    return { cancel: () => this.timers.delete(timer) }
  }

  get timerCount(): number {
    return this.timers.size
  }

  /** Moves time on, firing what falls due; between timers, whatever is ready to run gets its turn. */
  async advance(ms: number): Promise<void> {
    const endMs = this.nowMs + ms
    for (let next = this.nextDue(endMs); next !== null; next = this.nextDue(endMs)) {
      this.timers.delete(next)
      this.nowMs = Math.max(this.nowMs, next.atMs)
      next.callback()
      await settled()
    }
    this.nowMs = endMs
    await settled()
  }

  private nextDue(endMs: number): Scheduled | null {
    const due = [...this.timers].filter(({ atMs }) => atMs <= endMs)
    due.sort((a, b) => a.atMs - b.atMs || a.order - b.order)
    return due[0] ?? null
  }
}

/** Lets every promise that is ready be dealt with. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
