/** One share consumer that reads and accepts as fast as it can; several share what is to be read. */
import type { CommandContext } from '../../cli/context.ts'
import type { AcknowledgeType, ShareBatch } from '../../client/share/share-consumer.ts'
import { openBatch } from '../../protocol/records/record.ts'
import { RecordCursor } from '../../protocol/records/record-cursor.ts'
import { awaitNext } from '../await-next.ts'
import type { Reading } from '../consumer-perf-test/perf-lines.ts'

/** The consumer, as far as it matters here. */
export interface AcceptingSource {
  next(): Promise<readonly ShareBatch[] | null>
  acknowledge(batch: ShareBatch, type: AcknowledgeType): void
}

/** What all consumers have read together. */
export interface SharedCount {
  readonly wanted: number
  records: number
  bytes: number
}

export interface ShareRunOptions {
  readonly timeoutMs: number
  readonly intervalMs: number
  readonly onInterval: (interval: Reading, total: Pick<Reading, 'records' | 'bytes'>) => void
  readonly onProgress: () => void
}

export class ShareRun {
  records = 0
  bytes = 0
  readonly #shared: SharedCount
  readonly #options: ShareRunOptions
  readonly #context: CommandContext
  readonly #cursor = new RecordCursor()
  #last: Reading

  constructor(shared: SharedCount, options: ShareRunOptions, context: CommandContext) {
    this.#shared = shared
    this.#options = options
    this.#context = context
    const startMs = context.clock.now()
    this.#last = { startMs, endMs: startMs, records: 0, bytes: 0, rebalanceMs: 0 }
  }

  /** Reads until there are enough in all, nothing comes for too long, or it is interrupted. */
  async read(source: AcceptingSource, enough: Pick<CommandContext, 'signal'>): Promise<void> {
    const { clock } = this.#context
    while (this.#shared.records < this.#shared.wanted) {
      const batches = await awaitNext(source.next(), this.#options.timeoutMs, { clock, signal: enough.signal })
      if (batches === 'idle' || batches === 'interrupted' || batches === null) return
      const now = clock.now()
      for (const batch of batches) {
        this.#take(batch, now)
        source.acknowledge(batch, 'accept')
      }
      this.#options.onProgress()
    }
  }

  #take(batch: ShareBatch, now: number): void {
    const cursor = this.#cursor
    openBatch(cursor, batch.buffer, batch.at)
    const { baseOffset } = batch.header
    while (cursor.next()) {
      const offset = baseOffset + cursor.offsetDelta
      if (offset < batch.firstOffset) continue
      if (offset >= batch.endOffset) return
      const size = Math.max(0, cursor.keyLength) + Math.max(0, cursor.valueLength)
      this.records += 1
      this.bytes += size
      this.#shared.records += 1
      this.#shared.bytes += size
      if (now - this.#last.endMs >= this.#options.intervalMs) this.#endInterval(now)
    }
    cursor.throwIfFailed()
  }

  #endInterval(endMs: number): void {
    const { records, bytes } = this
    const startMs = this.#last.endMs
    const interval = { startMs, endMs, records: records - this.#last.records, bytes: bytes - this.#last.bytes }
    this.#options.onInterval({ ...interval, rebalanceMs: 0 }, this)
    this.#last = { startMs, endMs, records, bytes, rebalanceMs: 0 }
  }
}
