import type { FetchedBatch } from './batches.ts'

/** Batches of one answer, and how far the reader has come. */
interface Delivery {
  readonly brokerId: number
  readonly batches: readonly FetchedBatch[]
  taken: number
}

/** Answers of one broker that may wait: one being read, one fetched ahead. */
const MAX_WAITING_PER_BROKER = 2

/**
 * Between the brokers' loops and the reader: the loops wait while their answers are unread, the reader waits while there
 * is nothing to read.
 */
export class HandOver {
  private readonly deliveries: Delivery[] = []
  private readonly waitingPerBroker = new Map<number, number>()
  private readonly loops: (() => void)[] = []
  private reader: { resolve: (batch: FetchedBatch | null) => void; reject: (error: Error) => void } | null = null
  private ended = false
  private failure: Error | null = null

  /** Resolves when this broker may fetch. */
  async room(brokerId: number): Promise<void> {
    while (!this.ended && (this.waitingPerBroker.get(brokerId) ?? 0) >= MAX_WAITING_PER_BROKER) {
      await new Promise<void>((resolve) => this.loops.push(resolve))
    }
  }

  give(brokerId: number, batches: readonly FetchedBatch[]): void {
    if (batches.length === 0) return
    this.deliveries.push({ brokerId, batches, taken: 0 })
    this.waitingPerBroker.set(brokerId, (this.waitingPerBroker.get(brokerId) ?? 0) + 1)
    const { reader } = this
    if (reader === null) return
    this.reader = null
    reader.resolve(this.takeNow())
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
    const first = this.deliveries[0]
    if (first === undefined) return null
    const batch = first.batches[first.taken]!
    first.taken += 1
    if (first.taken === first.batches.length) this.release(first)
    return batch
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
