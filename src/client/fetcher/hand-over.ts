import type { FetchedBatch } from './batches.ts'

/** Offsets that hold nothing for the reader (markers of transactions, aborted records): the next one after them. */
export interface Passed {
  readonly topic: string
  readonly partition: number
  readonly nextOffset: number
}

/** What an answer holds, in the order of offsets. */
export type Given = FetchedBatch | Passed

/** One answer, and how far the reader has come. */
interface Delivery {
  readonly brokerId: number
  readonly given: readonly Given[]
  taken: number
}

export function isPassed(given: Given): given is Passed {
  return 'nextOffset' in given
}

/** Answers of one broker that may wait: one being read, one fetched ahead. */
const MAX_WAITING_PER_BROKER = 2

/**
 * Between the brokers' loops and the reader: the loops wait while their answers are unread, the reader waits while there
 * is nothing to read.
 */
export class HandOver {
  private readonly onPassed: (passed: Passed) => void
  private readonly deliveries: Delivery[] = []
  private readonly waitingPerBroker = new Map<number, number>()
  private readonly loops: (() => void)[] = []
  private reader: { resolve: (batch: FetchedBatch | null) => void; reject: (error: Error) => void } | null = null
  private ended = false
  private failure: Error | null = null

  /** `onPassed` is told when the reader, asking for more, comes to such offsets: everything before them is consumed. */
  constructor(onPassed: (passed: Passed) => void = () => undefined) {
    this.onPassed = onPassed
  }

  /** Resolves when this broker may fetch. */
  async room(brokerId: number): Promise<void> {
    while (!this.ended && (this.waitingPerBroker.get(brokerId) ?? 0) >= MAX_WAITING_PER_BROKER) {
      await new Promise<void>((resolve) => this.loops.push(resolve))
    }
  }

  give(brokerId: number, given: readonly Given[]): void {
    if (given.length === 0) return
    this.deliveries.push({ brokerId, given, taken: 0 })
    this.waitingPerBroker.set(brokerId, (this.waitingPerBroker.get(brokerId) ?? 0) + 1)
    const { reader } = this
    if (reader === null) return
    const batch = this.takeNow()
    if (batch === null) return
    this.reader = null
    reader.resolve(batch)
  }

  /** The next batch, at once when there is one; null at the end. Only one reader at a time. */
  take(): Promise<FetchedBatch | null> | FetchedBatch | null {
    const batch = this.takeNow()
    if (batch !== null) return batch
    if (this.failure !== null) return Promise.reject(this.failure)
    if (this.ended) return null
    return new Promise((resolve, reject) => {
      this.reader = { resolve, reject }
    })
  }

  private takeNow(): FetchedBatch | null {
    for (let first = this.deliveries[0]; first !== undefined; first = this.deliveries[0]) {
      const next = first.given[first.taken]!
      first.taken += 1
      if (first.taken === first.given.length) this.release(first)
      if (!isPassed(next)) return next
      this.onPassed(next)
    }
    return null
  }

  private release({ brokerId }: Delivery): void {
    this.deliveries.shift()
    this.waitingPerBroker.set(brokerId, this.waitingPerBroker.get(brokerId)! - 1)
    for (const wake of this.loops.splice(0)) wake()
  }

  /** What was given before can still be taken; then the reader gets the end. */
  end(): void {
    this.ended = true
    for (const wake of this.loops.splice(0)) wake()
    this.reader?.resolve(null)
    this.reader = null
  }

  /** What was given before can still be taken; then the reader gets the error. */
  fail(error: Error): void {
    this.failure ??= error
    this.ended = true
    for (const wake of this.loops.splice(0)) wake()
    this.reader?.reject(this.failure)
    this.reader = null
  }
}
