/** Appends of this leader that wait for their commit. Owner of that queue. */
import { KafkaError } from '../protocol/error-codes.ts'

/** The controller's own queue is shorter, so this never bites in practice. */
const MAX_PENDING_APPENDS = 10_000

interface PendingAppend {
  readonly lastOffset: number
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

export class PendingAppends {
  private waiting: PendingAppend[] = []

  /** Throws REQUEST_TIMED_OUT when too many wait already. */
  checkRoom(): void {
    if (this.waiting.length >= MAX_PENDING_APPENDS) throw new KafkaError('REQUEST_TIMED_OUT')
  }

  add(lastOffset: number): Promise<void> {
    return new Promise((resolve, reject) => this.waiting.push({ lastOffset, resolve, reject }))
  }

  committed(highWatermark: number): void {
    let count = 0
    while (count < this.waiting.length && this.waiting[count]!.lastOffset < highWatermark) count++
    for (const append of this.waiting.splice(0, count)) append.resolve()
  }

  fail(error: KafkaError): void {
    for (const append of this.waiting.splice(0)) append.reject(error)
  }
}
