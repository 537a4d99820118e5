/** Reads records of a group as fast as they come and counts them; nothing is made per record. */
import type { CommandContext } from '../../cli/context.ts'
import type { FetchedBatch } from '../../client/fetcher.ts'
import { openBatch } from '../../protocol/records/record.ts'
import { AT } from '../../protocol/records/record-batch.ts'
import { RecordCursor } from '../../protocol/records/record-cursor.ts'
import { awaitNext, type NotCome, untilStarted } from '../await-next.ts'
import type { Reading } from './perf-lines.ts'

/** The consumer, as far as it matters here. */
export interface BatchSource {
  next(): Promise<FetchedBatch | null>
  consumed(batch: FetchedBatch, nextOffset: number): void
}

export interface ConsumerJob {
  readonly records: number
  readonly timeoutMs: number
  readonly intervalMs: number
  /** `max.poll.records`: reading ends between two polls, so a few records more may come than were asked for. */
  readonly maxPollRecords: number
  /** An interval is over: what was read in it. */
  readonly onInterval: (interval: Reading) => void
  readonly onProgress: () => void
}

export class ConsumerRun {
  records = 0
  bytes = 0
  rebalanceMs = 0
  rebalances = 0
  readonly startMs: number
  readonly #job: ConsumerJob
  readonly #context: CommandContext
  readonly #cursor = new RecordCursor()
  #joinStartMs: number
  #isAssigned = false
  #last: Reading
  #rebalanceOfInterval = 0

  constructor(job: ConsumerJob, context: CommandContext) {
    this.#job = job
    this.#context = context
    this.startMs = context.clock.now()
    this.#joinStartMs = this.startMs
    this.#last = { startMs: this.startMs, endMs: this.startMs, records: 0, bytes: 0, rebalanceMs: 0 }
  }

  /** The group gives us partitions. */
  assigned(): void {
    if (!this.#isAssigned) {
      const elapsedMs = this.#context.clock.now() - this.#joinStartMs
      this.rebalanceMs += elapsedMs
      this.#rebalanceOfInterval += elapsedMs
      this.rebalances += 1
    }
    this.#isAssigned = true
  }

  /** The group rebalances: everything was given up. */
  revoked(): void {
    this.#isAssigned = false
    this.#joinStartMs = this.#context.clock.now()
  }

  /** All that was read until now. */
  get total(): Reading {
    const { startMs, records, bytes, rebalanceMs } = this
    return { startMs, endMs: this.#context.clock.now(), records, bytes, rebalanceMs }
  }

  /** Reads until there are enough, nothing comes for too long, or it is interrupted. */
  async read(source: BatchSource, started: Promise<void>): Promise<'enough' | NotCome> {
    const { clock } = this.#context
    let lastConsumedMs = clock.now()
    // What goes wrong while joining ends the waiting for records too.
    const orFailed = untilStarted(started)
    while (this.records < this.#job.records) {
      const leftMs = Math.max(0, lastConsumedMs + this.#job.timeoutMs - clock.now())
      const batch = await awaitNext(orFailed(source.next()), leftMs, this.#context)
      if (batch === 'idle' || batch === 'interrupted') return batch
      if (batch === null) return 'idle'
      lastConsumedMs = clock.now()
      this.#take(batch, source, lastConsumedMs)
      this.#job.onProgress()
      if (this.#context.signal.aborted) return 'interrupted'
    }
    return 'enough'
  }

  #take(batch: FetchedBatch, source: BatchSource, now: number): void {
    const cursor = this.#cursor
    openBatch(cursor, batch.buffer, batch.at)
    const baseOffset = Number(batch.buffer.readBigInt64BE(batch.at + AT.baseOffset))
    const skip = batch.firstOffset - baseOffset
    // The first record ends an interval that is over, as the script has it.
    if (this.#count(cursor, skip, 1) && now - this.#last.endMs >= this.#job.intervalMs) this.#endInterval(now)
    const poll = this.#job.maxPollRecords
    for (let inPoll = poll - 1; this.#count(cursor, skip, inPoll); inPoll = poll) {
      if (this.records < this.#job.records) continue
      source.consumed(batch, baseOffset + cursor.offsetDelta + 1)
      return
    }
    cursor.throwIfFailed()
    source.consumed(batch, batch.header.lastOffset + 1)
  }

  /** Counts up to `limit` records; false when the batch has ended before. */
  #count(cursor: RecordCursor, skip: number, limit: number): boolean {
    let { records, bytes } = this
    let left = limit
    while (left > 0 && cursor.next()) {
      if (cursor.offsetDelta < skip) continue
      left -= 1
      records += 1
      if (cursor.keyLength > 0) bytes += cursor.keyLength
      if (cursor.valueLength > 0) bytes += cursor.valueLength
    }
    this.records = records
    this.bytes = bytes
    return left === 0
  }

  #endInterval(now: number): void {
    const { records, bytes } = this
    const last = this.#last
    this.#job.onInterval({
      startMs: last.endMs,
      endMs: now,
      records: records - last.records,
      bytes: bytes - last.bytes,
      rebalanceMs: this.#rebalanceOfInterval,
    })
    this.#rebalanceOfInterval = 0
    this.#last = { startMs: last.endMs, endMs: now, records, bytes, rebalanceMs: this.rebalanceMs }
  }
}
