import type { CommandContext } from '../../cli/context.ts'
import type { AcknowledgeType, ShareBatch } from '../../client/share/share-consumer.ts'
import { openBatch } from '../../protocol/records/record.ts'
import { isLogAppendTime } from '../../protocol/records/record-batch.ts'
import { RecordCursor } from '../../protocol/records/record-cursor.ts'
import { awaitNext } from '../await-next.ts'
import { ByteSink } from '../console-consumer/byte-sink.ts'
import { FormatError, type MessageFormatter } from '../console-consumer/formatter.ts'

/** The consumer, as far as it matters here. */
export interface ShareSource {
  next(): Promise<readonly ShareBatch[] | null>
  acknowledge(batch: ShareBatch, type: AcknowledgeType, range: { firstOffset: number; lastOffset: number }): void
}

export interface SharePrintJob {
  readonly formatter: MessageFormatter
  /** Infinity for all. */
  readonly maxMessages: number
  readonly timeoutMs: number
  readonly acknowledge: AcknowledgeType
  /** Told of a record that cannot be printed and is rejected; without it the error is thrown. */
  readonly onRejected?: (error: FormatError) => void
}

/** Prints records and decides about each of them. */
export class SharePrinter {
  count = 0
  readonly #job: SharePrintJob
  readonly #context: CommandContext
  readonly #sink = new ByteSink()
  readonly #cursor = new RecordCursor()

  constructor(job: SharePrintJob, context: CommandContext) {
    this.#job = job
    this.#context = context
  }

  /** Prints until there are enough, nothing comes for too long, or it is interrupted. */
  async print(source: ShareSource): Promise<'enough' | 'idle' | 'interrupted'> {
    while (this.count < this.#job.maxMessages) {
      const batches = await awaitNext(source.next(), this.#job.timeoutMs, this.#context)
      if (batches === 'idle' || batches === 'interrupted') return batches
      if (batches === null) return 'interrupted'
      try {
        for (const batch of batches) this.#batch(batch, source)
      } finally {
        await this.#flush()
      }
    }
    return 'enough'
  }

  #batch(batch: ShareBatch, source: ShareSource): void {
    const { header, topic, partition, deliveryCount, firstOffset, endOffset } = batch
    const appendTime = isLogAppendTime(header.attributes)
    const timestampType = appendTime ? 'LogAppendTime' : 'CreateTime'
    const place = { topic, partition, timestampType, deliveryCount } as const
    const cursor = this.#cursor
    openBatch(cursor, batch.buffer, batch.at)
    while (this.count < this.#job.maxMessages && cursor.next()) {
      const offset = header.baseOffset + cursor.offsetDelta
      if (offset < firstOffset) continue
      if (offset >= endOffset) return
      this.count++
      const timestamp = appendTime ? header.maxTimestamp : header.baseTimestamp + cursor.timestampDelta
      const type = this.#record(() => this.#job.formatter.write(cursor, place, offset, timestamp, this.#sink))
      source.acknowledge(batch, type, { firstOffset: offset, lastOffset: offset })
    }
    cursor.throwIfFailed()
  }

  #record(write: () => void): AcknowledgeType {
    const { acknowledge, onRejected } = this.#job
    try {
      write()
      return acknowledge
    } catch (error) {
      if (!(error instanceof FormatError) || onRejected === undefined) throw error
      onRejected(error)
      return 'reject'
    }
  }

  async #flush(): Promise<void> {
    if (this.#sink.length === 0) return
    this.#context.stdout.write(this.#sink.take())
    await this.#context.stdout.drain()
  }
}
