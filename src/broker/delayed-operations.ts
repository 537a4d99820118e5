import type { Clock, Timer } from '../base/clock.ts'
import { noTimeline, type Timeline } from '../base/timeline.ts'

/** Something that waits for a condition and ends once: when it holds, when its time is over, or when it is given up. */
export interface DelayedAction {
  /** Looks at the state anew; cheap, because every append to a watched partition asks. */
  isSatisfied(): boolean
  /** Runs exactly once. */
  complete(expired: boolean): void
  /** For the timeline, when somebody watches; left out by what is not worth telling. */
  describe?(): WaitingDescription
}

/** Who waits, and for what. */
export interface WaitingDescription {
  /** The API's name. */
  readonly operation: string
  readonly partitions: readonly string[]
  readonly reason: string
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
  private readonly onEnd: (expired: boolean) => void
  private timer: Timer | null = null
  private ended = false

  constructor(action: DelayedAction, watched: readonly Watched[], onEnd: (expired: boolean) => void) {
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
    this.onEnd(expired)
    this.action.complete(expired)
  }
}

/** More operations than this never wait at once: the next one is answered at once with what there is. */
const MAX_WAITING = 100_000

/** Requests that wait (Kafka's purgatory): woken by what they watch, ended by one timer each, no polling. */
export class DelayedOperations {
  private readonly clock: Clock
  private readonly maxWaiting: number
  private readonly timeline: Timeline
  private readonly waiting = new Set<DelayedOperation>()
  private toldCount = 0

  constructor(clock: Clock, maxWaiting: number = MAX_WAITING, timeline: Timeline = noTimeline) {
    this.clock = clock
    this.maxWaiting = maxWaiting
    this.timeline = timeline
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
    const told = this.timeline.isWatched ? this.tellWaiting(action, timeoutMs) : null
    const operation = new DelayedOperation(action, watched, (expired) => {
      told?.(expired)
      this.waiting.delete(operation)
      closed.removeEventListener('abort', onClosed)
    })
    this.waiting.add(operation)
    closed.addEventListener('abort', onClosed)
    operation.startTimer(this.clock, timeoutMs)
  }

  /** Tells that `action` begins to wait; what it returns tells the end. */
  private tellWaiting(action: DelayedAction, timeoutMs: number): ((expired: boolean) => void) | null {
    const { clock, timeline } = this
    if (action.describe === undefined) return null
    const { operation, partitions, reason } = action.describe()
    const waitingId = ++this.toldCount
    const startMs = clock.monotonic()
    timeline.tell({ type: 'waiting', waitingId, operation, partitions, reason, timeoutMs })
    return (isExpired) => {
      const elapsedMs = clock.monotonic() - startMs
      timeline.tell({ type: 'completed', waitingId, operation, partitions, elapsedMs, isExpired })
    }
  }

  /** Ends everything that waits: the node stops. */
  close(): void {
    for (const operation of [...this.waiting]) operation.finish(true)
  }
}
