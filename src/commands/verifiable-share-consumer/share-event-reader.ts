import type { CommandContext } from '../../cli/context.ts'
import type { AcknowledgementResult, AcknowledgeType, ShareBatch } from '../../client/share/share-consumer.ts'
import { decodeRecords, type KafkaRecord } from '../../protocol/records/record.ts'
import { awaitNext } from '../await-next.ts'
import type { EventLines } from '../event-lines.ts'

/** The consumer, as far as it matters here. */
export interface ShareGroupSource {
  next(): Promise<readonly ShareBatch[] | null>
  acknowledge(batch: ShareBatch, type: AcknowledgeType): void
  commit(): Promise<void>
}

export interface ShareReaderJob {
  /** Below zero: without end. */
  readonly count: number
  readonly verbose: boolean
  readonly mode: 'auto' | 'sync' | 'async'
}

/** Where names of topics are known. */
export interface TopicNames {
  topicName(topicId: string): string | undefined
}

const FOREVER_MS = 2 ** 31 - 1

/** Reads, accepts and prints what happens; it is finished when enough was acknowledged. */
export class ShareEventReader {
  readonly #job: ShareReaderJob
  readonly #events: EventLines
  readonly #context: CommandContext
  #acknowledged = 0
  #finished = new AbortController()

  constructor(job: ShareReaderJob, events: EventLines, context: CommandContext) {
    this.#job = job
    this.#events = events
    this.#context = context
  }

  get #isFinished(): boolean {
    return this.#job.count >= 0 && this.#acknowledged >= this.#job.count
  }

  async run(source: ShareGroupSource): Promise<void> {
    const { clock, signal } = this.#context
    const stop = (): void => this.#finished.abort()
    signal.addEventListener('abort', stop, { once: true })
    try {
      while (!this.#isFinished && !signal.aborted) {
        const batches = await awaitNext(source.next(), FOREVER_MS, { clock, signal: this.#finished.signal })
        if (batches === 'interrupted' || batches === null) return
        if (batches !== 'idle') await this.#take(batches, source)
      }
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }

  async #take(batches: readonly ShareBatch[], source: ShareGroupSource): Promise<void> {
    const partitions = new Map<string, { topic: string; partition: number; offsets: number[] }>()
    for (const batch of batches) {
      const { topic, partition } = batch
      const key = `${topic}-${partition}`
      const known = partitions.get(key) ?? { topic, partition, offsets: [] }
      partitions.set(key, known)
      for (const record of acquiredRecords(batch)) {
        known.offsets.push(record.offset)
        if (this.#job.verbose) this.#printRecord(batch, record)
      }
      source.acknowledge(batch, 'accept')
    }
    const summaries = [...partitions.values()].map(summaryOf)
    const count = summaries.reduce((sum, each) => sum + each.count, 0)
    if (!this.#events.print('records_consumed', { count, partitions: summaries })) await this.#context.stdout.drain()
    if (this.#job.mode === 'sync') await source.commit()
    else if (this.#job.mode === 'async') source.commit().catch(() => undefined)
  }

  #printRecord({ topic, partition }: ShareBatch, { key, value, offset }: KafkaRecord): void {
    const text = (bytes: Buffer | null): string | null => bytes?.toString('utf8') ?? null
    this.#events.print('record_data', { key: text(key), value: text(value), topic, partition, offset })
  }

  /** The broker has answered acknowledgements. */
  acknowledged(results: readonly AcknowledgementResult[], names: TopicNames): void {
    for (const { acknowledged, error } of results) {
      const { topicId, partition } = acknowledged.target
      const offsets = acknowledged.ranges.flatMap(({ firstOffset, lastOffset, type }) =>
        type === 'gap' ? [] : Array.from({ length: lastOffset - firstOffset + 1 }, (_, at) => firstOffset + at),
      )
      if (offsets.length === 0) continue
      const summary = summaryOf({ topic: names.topicName(topicId) ?? '', partition, offsets })
      this.#events.print('offsets_acknowledged', {
        count: offsets.length,
        partitions: [summary],
        error: error?.message,
        success: error === null,
      })
      if (error === null) this.#acknowledged += offsets.length
    }
    if (this.#isFinished) this.#finished.abort()
  }
}

function acquiredRecords({ buffer, at, firstOffset, endOffset }: ShareBatch): KafkaRecord[] {
  return decodeRecords(buffer, at).filter(({ offset }) => offset >= firstOffset && offset < endOffset)
}

function summaryOf({ topic, partition, offsets }: { topic: string; partition: number; offsets: readonly number[] }) {
  return { topic, partition, count: offsets.length, offsets } satisfies Record<string, unknown>
}
