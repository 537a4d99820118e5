import type { Clock, Timer } from '../base/clock.ts'

/** Pauses of one owner, which all end without effect when the owner does. */
export class Pauses {
  private readonly clock: Clock
  private readonly running = new Map<Timer, () => void>()
  private closed = false

  constructor(clock: Clock) {
    this.clock = clock
  }

  /** Calls `done` after the time, or never when the owner has ended. */
  start(delayMs: number, done: () => void): void {
    if (this.closed) return
    this.add(delayMs, done, () => undefined)
  }

  /** Resolves after the time, or when the owner ends. */
  sleep(delayMs: number): Promise<void> {
    if (this.closed) return Promise.resolve()
    return new Promise((resolve) => this.add(delayMs, resolve, resolve))
  }

  private add(delayMs: number, done: () => void, cancelled: () => void): void {
    const fire = (): void => {
      this.running.delete(timer)
      done()
    }
    const timer = this.clock.setTimer(delayMs, fire, { background: true })
    this.running.set(timer, cancelled)
  }

  close(): void {
    this.closed = true
    for (const [timer, cancelled] of this.running) {
      timer.cancel()
      cancelled()
    }
    this.running.clear()
  }
}
