/** When to look at the cluster: often while something happens, seldom while nothing does. */
import type { Clock, Timer } from '../../../base/clock.ts'

/** Nobody sees the difference to faster, and goals seem to turn by themselves. */
const BUSY_MS = 500
/** After so long without anything new. */
const PACES = [
  { afterMs: 60_000, everyMs: 2_000 },
  { afterMs: 8_000, everyMs: 1_000 },
] as const

export interface LooksParts {
  readonly clock: Clock
  /** At least so long between two looks; a cluster far away is asked less often. */
  readonly leastMs: number
  /** Looks once; true when something was new. It may not throw. */
  readonly look: () => Promise<boolean>
}

/** Looks again and again until stopped; never twice at once. */
export class Looks {
  readonly #parts: LooksParts
  #timer: Timer | null = null
  #isLooking = false
  #again = false
  #isStopped = false
  #newsAt: number

  constructor(parts: LooksParts) {
    this.#parts = parts
    this.#newsAt = parts.clock.monotonic()
  }

  /** Something was done that may have changed the cluster: looks now, and more often for a while. */
  soon(): void {
    this.#newsAt = this.#parts.clock.monotonic()
    if (this.#isLooking) this.#again = true
    else void this.#now()
  }

  stop(): void {
    this.#isStopped = true
    this.#timer?.cancel()
  }

  async #now(): Promise<void> {
    this.#timer?.cancel()
    if (this.#isStopped) return
    this.#isLooking = true
    const { clock, look } = this.#parts
    if (await look()) this.#newsAt = clock.monotonic()
    this.#isLooking = false
    if (this.#isStopped) return
    const delayMs = this.#again ? 0 : this.#paceMs()
    this.#again = false
    this.#timer = clock.setTimer(delayMs, () => void this.#now())
  }

  #paceMs(): number {
    const quietMs = this.#parts.clock.monotonic() - this.#newsAt
    const pace = PACES.find(({ afterMs }) => quietMs >= afterMs)
    return Math.max(this.#parts.leastMs, pace?.everyMs ?? BUSY_MS)
  }
}
