/**
 * Virtual time: the earliest event runs, then everything it set in motion (promises, `setImmediate`), then the next.
 * Two events of one moment run in the order in which they were planned, so a run is a function of its seed.
 */
import { SimProcess } from './sim-process.ts'

/** Wall clock of a world that begins, 2026-01-01: a fixed date keeps every byte of a run the same. */
export const START_OF_TIME_MS = 1_767_225_600_000

/** How many events are run per turn of the real event loop. Between two immediates Node drains all promises. */
const EVENTS_PER_TURN = 128

export interface PlannedEvent {
  cancel(): void
}

class SimEvent implements PlannedEvent {
  readonly time: number
  readonly sequence: number
  readonly owner: SimProcess | null
  private action: (() => void) | null

  constructor(time: number, sequence: number, owner: SimProcess | null, action: () => void) {
    this.time = time
    this.sequence = sequence
    this.owner = owner
    this.action = action
  }

  get cancelled(): boolean {
    return this.action === null
  }

  cancel(): void {
    this.action = null
  }

  run(): void {
    const { action } = this
    this.action = null
    action?.()
  }

  before(other: SimEvent): boolean {
    return this.time < other.time || (this.time === other.time && this.sequence < other.sequence)
  }
}

/** Binary heap of events, the earliest on top. */
class EventHeap {
  private readonly items: SimEvent[] = []

  get size(): number {
    return this.items.length
  }

  peek(): SimEvent | undefined {
    return this.items[0]
  }

  push(event: SimEvent): void {
    const { items } = this
    let at = items.push(event) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!event.before(items[parent]!)) break
      items[at] = items[parent]!
      at = parent
    }
    items[at] = event
  }

  pop(): SimEvent | undefined {
    const { items } = this
    const top = items[0]
    const last = items.pop()
    if (last === undefined || last === top) return top
    this.sink(last)
    return top
  }

  private sink(event: SimEvent): void {
    const { items } = this
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= items.length) break
      if (child + 1 < items.length && items[child + 1]!.before(items[child]!)) child++
      if (!items[child]!.before(event)) break
      items[at] = items[child]!
      at = child
    }
    items[at] = event
  }
}

/** Node's own, taken before a simulation replaces the global. */
const realImmediate = setImmediate

export class Scheduler {
  /** Virtual milliseconds since the world began. */
  now = 0
  /** Events run so far. */
  steps = 0
  /** Whose code runs; promises that an event settles run as the same. */
  current: SimProcess | null = null
  /** Told what an event's code threw, or a promise of it that nobody handled; null ends the run with it. */
  onUncaught: ((error: unknown, process: SimProcess | null) => void) | null = null
  private readonly heap = new EventHeap()
  private sequence = 0
  private failure: { readonly error: unknown } | null = null

  /** Runs `action` as `owner` after `delayMs`; a dead owner's never, a paused one's when it is resumed. */
  after(delayMs: number, owner: SimProcess | null, action: () => void): PlannedEvent {
    if (!(delayMs >= 0)) throw new RangeError(`a delay of ${delayMs} ms`)
    const event = new SimEvent(this.now + delayMs, this.sequence++, owner, action)
    this.heap.push(event)
    return event
  }

  /** Runs `action` as `process` within the event at hand, which must do nothing after it. Waits if it is paused. */
  runAs(process: SimProcess, action: () => void): void {
    if (process.state === 'dead') return
    if (process.state === 'paused') {
      process.backlog.push(new SimEvent(this.now, this.sequence++, process, action))
      return
    }
    this.current = process
    action()
  }

  /** Ends `runUntil` with `error` once the event at hand is over. */
  fail(error: unknown): void {
    this.failure ??= { error }
  }

  /**
   * Runs events until `done` says so, nothing is left, or virtual time reaches `untilMs`; resolves with which it was.
   * `afterStep` runs when an event and all its promises are over. Rejects with what `fail` was given.
   */
  runUntil(untilMs: number, done: () => boolean, afterStep: () => void): Promise<'done' | 'idle' | 'time'> {
    return new Promise((resolve, reject) => {
      let over = false
      const end = (finish: () => void): void => {
        over = true
        this.current = null
        finish()
      }
      const turn = (): void => {
        if (over) return
        try {
          if (this.steps > 0) afterStep()
          if (this.failure !== null) throw this.failure.error
          const outcome = done() ? 'done' : this.step(untilMs)
          if (outcome !== null) end(() => resolve(outcome))
        } catch (error) {
          end(() => reject(error))
        }
      }
      const batch = (): void => {
        for (let i = 0; i < EVENTS_PER_TURN; i++) realImmediate(turn)
        realImmediate(() => {
          if (!over) batch()
        })
      }
      batch()
    })
  }

  /** Runs one event; says why when there is none to run. */
  private step(untilMs: number): 'idle' | 'time' | null {
    for (;;) {
      const next = this.heap.peek()
      if (next === undefined) return 'idle'
      if (next.time > untilMs) {
        this.now = Math.max(this.now, untilMs)
        return 'time'
      }
      this.heap.pop()
      if (next.cancelled || next.owner?.state === 'dead') continue
      this.now = Math.max(this.now, next.time)
      if (next.owner?.state === 'paused') {
        next.owner.backlog.push(next)
        continue
      }
      this.steps++
      this.current = next.owner
      try {
        next.run()
      } catch (error) {
        this.uncaught(error)
      }
      return null
    }
  }

  /** As the process would end that does not handle it. */
  uncaught(error: unknown): void {
    if (this.onUncaught === null) this.fail(error)
    else this.onUncaught(error, this.current)
  }

  /** What the process missed is due at once, in the order in which it would have happened. */
  resume(process: SimProcess): void {
    if (process.state !== 'paused') return
    process.state = 'running'
    for (const missed of process.backlog.splice(0)) {
      if (!missed.cancelled) this.after(0, process, () => missed.run())
    }
  }
}

export { SimProcess }
