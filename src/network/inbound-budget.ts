import type { Clock, Timer } from '../base/clock.ts'

/** A connection as the budget sees it: it can be told to stop and to go on reading, and be given up. */
export interface BudgetHolder {
  pauseForBudget(): void
  resumeFromBudget(): void
  /** Has received nothing since `monotonicMs`. */
  silentSince(monotonicMs: number): boolean
  giveUp(reason: string): void
}

/** How long the one connection that may read beyond the limit can stay silent before the next one gets its turn. */
const MAX_SILENCE_MS = 10_000

/**
 * Bounds the request bytes that all connections together hold, like Kafka's `queued.max.request.bytes`. Over the limit
 * everybody stops reading but one connection, which may finish its frame: so there is always progress, and memory stays
 * below the limit plus one frame.
 */
export class InboundBudget {
  private readonly limitBytes: number
  private readonly clock: Clock
  private usedBytes = 0
  private readonly waiting = new Set<BudgetHolder>()
  private privileged: BudgetHolder | null = null
  private timer: Timer | null = null

  constructor(limitBytes: number, clock: Clock) {
    this.limitBytes = limitBytes
    this.clock = clock
  }

  get used(): number {
    return this.usedBytes
  }

  /** Counts bytes that arrived on a connection, and stops it when the limit is passed. */
  add(holder: BudgetHolder, bytes: number): void {
    this.usedBytes += bytes
    if (this.usedBytes <= this.limitBytes || this.privileged === holder) return
    if (this.privileged === null) {
      this.privileged = holder
      this.watchPrivileged(this.clock.monotonic())
      return
    }
    this.waiting.add(holder)
    holder.pauseForBudget()
  }

  /** Bytes were handled or thrown away. */
  release(bytes: number): void {
    this.usedBytes -= bytes
    if (this.waiting.size > 0 && this.usedBytes <= this.limitBytes) this.resumeAll()
    else if (this.privileged !== null && this.usedBytes <= this.limitBytes) this.endPrivilege()
  }

  /** The connection has closed; its bytes were released separately. */
  forget(holder: BudgetHolder): void {
    this.waiting.delete(holder)
    if (this.privileged !== holder) return
    this.endPrivilege()
    this.passPrivilege()
  }

  private resumeAll(): void {
    this.endPrivilege()
    const holders = [...this.waiting]
    this.waiting.clear()
    for (const holder of holders) holder.resumeFromBudget()
  }

  private endPrivilege(): void {
    this.privileged = null
    this.timer?.cancel()
    this.timer = null
  }

  private passPrivilege(): void {
    const [next] = this.waiting
    if (next === undefined) return
    this.waiting.delete(next)
    this.privileged = next
    this.watchPrivileged(this.clock.monotonic())
    next.resumeFromBudget()
  }

  private watchPrivileged(sinceMs: number): void {
    this.timer = this.clock.setTimer(
      MAX_SILENCE_MS,
      () => {
        const holder = this.privileged
        if (holder === null) return
        if (holder.silentSince(sinceMs)) holder.giveUp('sent nothing while all others waited for its frame')
        else this.watchPrivileged(this.clock.monotonic())
      },
      { background: true },
    )
  }
}
