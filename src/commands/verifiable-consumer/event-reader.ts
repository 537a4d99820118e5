import type { CommandContext } from '../../cli/context.ts'
import type { TopicPartition } from '../../client/admin-types.ts'
import type { FetchedBatch } from '../../client/fetcher.ts'
import { decodeRecords, type KafkaRecord } from '../../protocol/records/record.ts'
import { awaitNext, untilStarted } from '../await-next.ts'
import type { EventLines, Fields } from '../event-lines.ts'
import { nextTurn } from '../pause.ts'

/** The consumer, as far as it matters here. */
export interface CommittingSource {
  next(): Promise<FetchedBatch | null>
  consumed(partition: TopicPartition, nextOffset: number): void
  commit(): Promise<void>
}

export interface ReaderJob {
  /** Below zero: without end. */
  readonly count: number
  readonly verbose: boolean
  readonly commits: boolean
  readonly maxPollRecords: number
}

/** Records of one partition, in the order of their offsets. */
interface Part extends TopicPartition {
  readonly records: KafkaRecord[]
}

const FOREVER_MS = 2 ** 31 - 1

/** Reads in polls as Kafka's consumer gives them, and prints what happens. */
export class EventReader {
  readonly #job: ReaderJob
  readonly #events: EventLines
  readonly #context: CommandContext
  #partitions: readonly TopicPartition[] = []
  #consumed = 0
  #pending: Promise<FetchedBatch | null> | null = null
  /** Decoded and not yet polled. */
  #rest: Part | null = null

  constructor(job: ReaderJob, events: EventLines, context: CommandContext) {
    this.#job = job
    this.#events = events
    this.#context = context
  }

  /** These came; in a classic group they are all there are. */
  assigned(partitions: readonly TopicPartition[]): void {
    this.#partitions = [...this.#partitions, ...partitions]
    this.#events.print('partitions_assigned', { partitions: fieldsOf(partitions) })
  }

  /** These are given up, all when none are named; told when there was something to give up. */
  revoked(partitions: readonly TopicPartition[] = this.#partitions): void {
    const gone = this.#partitions.filter((one) => has(partitions, one))
    if (gone.length === 0) return
    this.#partitions = this.#partitions.filter((one) => !has(partitions, one))
    this.#events.print('partitions_revoked', { partitions: fieldsOf(gone) })
    if (this.#rest !== null && has(gone, this.#rest)) this.#rest = null
  }

  get #isFinished(): boolean {
    return this.#job.count >= 0 && this.#consumed >= this.#job.count
  }

  /** Reads until there are enough or it is interrupted. */
  async run(source: CommittingSource, start: () => Promise<void>): Promise<void> {
    if (this.#isFinished) return
    const orFailed = untilStarted(start())
    while (!this.#isFinished && !this.#context.signal.aborted) {
      const parts = await this.#poll(source, orFailed)
      if (parts === null) return
      if (parts.length > 0) await this.#take(parts, source)
    }
  }

  /** Up to `maxPollRecords` of what is there; null at the end. */
  async #poll(source: CommittingSource, orFailed: ReturnType<typeof untilStarted>): Promise<Part[] | null> {
    if (this.#rest === null) {
      const batch = await awaitNext(orFailed(this.#next(source)), FOREVER_MS, this.#context)
      if (batch === 'idle') return []
      if (batch === 'interrupted' || batch === null) return null
      this.#receive(batch, source)
    }
    const parts: Part[] = []
    let room = this.#job.maxPollRecords
    while (this.#rest !== null && room > 0) {
      const records = this.#rest.records.splice(0, room)
      room -= records.length
      addTo(parts, this.#rest, records)
      if (this.#rest.records.length > 0) break
      this.#rest = null
      await this.#more(source)
    }
    return parts
  }

  #next(source: CommittingSource): Promise<FetchedBatch | null> {
    this.#pending ??= source.next()
    return this.#pending
  }

  /** Takes what has come already, without waiting for it. */
  async #more(source: CommittingSource): Promise<void> {
    const next = this.#next(source)
    next.catch(() => undefined)
    const batch = await Promise.race([next, nextTurn()])
    if (batch !== undefined && batch !== null) this.#receive(batch, source)
  }

  #receive(batch: FetchedBatch, source: CommittingSource): void {
    this.#pending = null
    const records = decodeRecords(batch.buffer, batch.at).filter(({ offset }) => offset >= batch.firstOffset)
    // Asking for the next batch would count this one as consumed, which it is not until it was polled.
    source.consumed(batch, batch.firstOffset)
    if (records.length > 0) this.#rest = { topic: batch.topic, partition: batch.partition, records }
  }

  async #take(parts: readonly Part[], source: CommittingSource): Promise<void> {
    const count = parts.reduce((sum, { records }) => sum + records.length, 0)
    const summaries: Fields[] = []
    const offsets: Fields[] = []
    for (const { topic, partition, records } of parts) {
      const left = this.#job.count < 0 ? records.length : Math.min(records.length, this.#job.count - this.#consumed)
      if (left === 0) continue
      const taken = records.slice(0, left)
      const minOffset = taken[0]!.offset
      const maxOffset = taken.at(-1)!.offset
      if (this.#job.verbose) for (const record of taken) this.#printRecord({ topic, partition }, record)
      summaries.push({ topic, partition, count: left, minOffset, maxOffset })
      offsets.push({ topic, partition, offset: maxOffset + 1 })
      source.consumed({ topic, partition }, maxOffset + 1)
      this.#consumed += left
    }
    if (!this.#events.print('records_consumed', { count, partitions: summaries })) await this.#context.stdout.drain()
    if (this.#job.commits) await this.#commit(offsets, source)
  }

  #printRecord({ topic, partition }: TopicPartition, { key, value, offset }: KafkaRecord): void {
    const text = (bytes: Buffer | null): string | null => bytes?.toString('utf8') ?? null
    this.#events.print('record_data', { key: text(key), value: text(value), topic, partition, offset })
  }

  async #commit(offsets: readonly Fields[], source: CommittingSource): Promise<void> {
    try {
      await source.commit()
      this.#events.print('offsets_committed', { offsets, success: true })
    } catch (error) {
      this.#events.print('offsets_committed', { offsets, error: (error as Error).message, success: false })
    }
  }
}

function has(partitions: readonly TopicPartition[], { topic, partition }: TopicPartition): boolean {
  return partitions.some((one) => one.topic === topic && one.partition === partition)
}

function fieldsOf(partitions: readonly TopicPartition[]): Fields[] {
  const sorted = [...partitions].sort((a, b) =>
    a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition,
  )
  return sorted.map(({ topic, partition }) => ({ topic, partition }))
}

function addTo(parts: Part[], { topic, partition }: TopicPartition, records: readonly KafkaRecord[]): void {
  const known = parts.find((part) => part.topic === topic && part.partition === partition)
  if (known === undefined) parts.push({ topic, partition, records: [...records] })
  else known.records.push(...records)
}
