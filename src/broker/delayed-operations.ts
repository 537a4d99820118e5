import type { Clock, Timer } from '../base/clock.ts'

/** Something that waits for a condition and ends once: when it holds, when its time is over, or when it is given up. */
export interface DelayedAction {
  /** Looks at the state anew; cheap, because every append to a watched partition asks. */
  isSatisfied(): boolean
  /** Runs exactly once. */
  complete(expired: boolean): void
}

/** Whoever wants to know that a thing has changed. */
export interface Watcher {
  check(): void
}

/** Those who look out for changes of one thing. Its owner calls `wake` after each change. */
export class Watchers {
  private readonly all = new Set<Watcher>()

  get size(): number {
    return this.all.size
  }

  wake(): void {
    if (this.all.size === 0) return
    for (const watcher of this.all) watcher.check()
  }

  add(watcher: Watcher): void {
    this.all.add(watcher)
  }

  delete(watcher: Watcher): void {
    this.all.delete(watcher)
  }
}

/** What an operation waits on: it adds itself when it starts to wait and takes itself away when it ends. */
export interface Watched {
  add(operation: DelayedOperation): void
  delete(operation: DelayedOperation): void
}

/** One waiting operation: it takes itself off every list it is on when it ends. */
export class DelayedOperation implements Watcher {
  private readonly action: DelayedAction
  private readonly watched: readonly Watched[]
  private readonly onEnd: () => void
  private timer: Timer | null = null
  private ended = false

  constructor(action: DelayedAction, watched: readonly Watched[], onEnd: () => void) {
    this.action = action
    this.watched = watched
    this.onEnd = onEnd
    for (const watchers of watched) watchers.add(this)
  }

  startTimer(clock: Clock, timeoutMs: number): void {
    this.timer = clock.setTimer(timeoutMs, () => this.finish(true), { background: true })
  }

  check(): void {
    if (!this.ended && this.action.isSatisfied()) this.finish(false)
  }

  finish(expired: boolean): void {
    if (this.ended) return
    this.ended = true
    this.timer?.cancel()
    for (const watchers of this.watched) watchers.delete(this)
    this.onEnd()
    this.action.complete(expired)
  }
}

/** More operations than this never wait at once: the next one is answered at once with what there is. */
const MAX_WAITING = 100_000

/** Requests that wait (Kafka's purgatory): woken by what they watch, ended by one timer each, no polling. */
export class DelayedOperations {
  private readonly clock: Clock
  private readonly maxWaiting: number
  private readonly waiting = new Set<DelayedOperation>()

  constructor(clock: Clock, maxWaiting: number = MAX_WAITING) {
    this.clock = clock
    this.maxWaiting = maxWaiting
  }

  get size(): number {
    return this.waiting.size
  }

  /**
   * Waits until `action` is satisfied or `timeoutMs` has passed. Ends before it returns when either is so already;
   * `closed` gives the operation up when its client has gone.
   */
  start(action: DelayedAction, watched: readonly Watched[], timeoutMs: number, closed: AbortSignal): void {
    const satisfied = action.isSatisfied()
    if (satisfied || timeoutMs <= 0 || this.waiting.size >= this.maxWaiting || closed.aborted) {
      action.complete(!satisfied)
      return
    }
    const onClosed = (): void => operation.finish(true)
    const operation = new DelayedOperation(action, watched, () => {
      this.waiting.delete(operation)
      closed.removeEventListener('abort', onClosed)
    })
    this.waiting.add(operation)
    closed.addEventListener('abort', onClosed)
    operation.startTimer(this.clock, timeoutMs)
  }

  /** Ends everything that waits: the node stops. */
  close(): void {
    for (const operation of [...this.waiting]) operation.finish(true)
  }
}
