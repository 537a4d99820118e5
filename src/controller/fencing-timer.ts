/** One timer for the earliest end of a broker's session, so that a dead broker is fenced when its time is up, not later. */
import type { Clock, Timer } from '../base/clock.ts'
import type { BrokerSessions } from './broker-sessions.ts'

/**
 * A timer that comes this late tells that this process itself stood still. Heartbeats then lie in its sockets unread, and
 * are read before anybody is judged.
 */
const LATE_MS = 50
const GRACE_MS = 20

export class FencingTimer {
  private readonly clock: Clock
  private readonly sessions: BrokerSessions
  private readonly onExpiry: () => void
  private timer: Timer | null = null
  private cancelled = false

  /** `onExpiry` takes the expired sessions out; it may find none. */
  constructor(clock: Clock, sessions: BrokerSessions, onExpiry: () => void) {
    this.clock = clock
    this.sessions = sessions
    this.onExpiry = onExpiry
  }

  /**
   * Sets the timer unless it is set. Signs of life only put an end off, so a timer that is set never comes too late; one
   * that comes too early finds nobody expired and is set again.
   */
  arm(): void {
    if (this.timer !== null || this.cancelled) return
    const atMs = this.sessions.earliestExpiryMs()
    if (atMs === null) return
    this.set(atMs - this.clock.monotonic(), () => {
      if (this.clock.monotonic() - atMs > LATE_MS) this.set(GRACE_MS, () => this.expire())
      else this.expire()
    })
  }

  /** For good: the next active controller has sessions of its own. */
  cancel(): void {
    this.cancelled = true
    this.timer?.cancel()
    this.timer = null
  }

  private set(delayMs: number, callback: () => void): void {
    this.timer = this.clock.setTimer(Math.max(0, delayMs), callback, { background: true })
  }

  private expire(): void {
    this.timer = null
    this.onExpiry()
    this.arm()
  }
}
