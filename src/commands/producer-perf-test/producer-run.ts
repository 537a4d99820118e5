/** Sends records as fast as it may and measures how long each takes. */
import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import type { BatchResult } from '../../client/producer/options.ts'
import type { Producer, TopicAppender } from '../../client/producer.ts'
import { KafkaError } from '../../protocol/error-codes.ts'
import type { FailureLog } from '../console-producer/failure-log.ts'
import { nextTurn, pause } from '../pause.ts'
import { Throttle } from '../throttle.ts'
import { ProducerCounters } from './counters.ts'
import type { PayloadSource } from './payload.ts'
import { ProducerStats } from './stats.ts'

export interface ProducerJob {
  readonly topic: string
  readonly records: number
  readonly warmupRecords: number
  readonly perSecond: number
  readonly intervalMs: number
  readonly payload: PayloadSource
  readonly failures: FailureLog
  /** A line that the script prints. */
  readonly print: (line: string) => void
}

/** Transactions around what is sent; `appended` may commit one and begin the next. */
export interface TransactionTurns {
  begin(): Promise<void>
  appended(nowMs: number): Promise<void>
  end(): Promise<void>
}

/** Records between two looks at the clock: a latency is told in whole milliseconds. */
const RECORDS_PER_LOOK = 32
/** Bytes appended before sockets have a turn: a few batches, so that the wire is never idle. */
const BYTES_PER_TURN = 128 * 1024

export class ProducerRun {
  readonly counters = new ProducerCounters()
  readonly stats: ProducerStats
  steady: ProducerStats | null = null
  sent = 0
  readonly #job: ProducerJob
  readonly #context: CommandContext
  readonly #startMs: number
  /** Called after every batch, and now and then while sending. */
  onProgress: () => void = () => undefined

  constructor(job: ProducerJob, context: CommandContext) {
    this.#job = job
    this.#context = context
    this.#startMs = context.clock.now()
    this.stats = new ProducerStats(this.#startMs, job.intervalMs, false, job.print)
  }

  /** A batch is finished: its records are counted, or its failure told. */
  finished(result: BatchResult): void {
    this.counters.add(result)
    if (result.error !== null) {
      if (!this.#context.signal.aborted) this.#job.failures.batch(result)
      return
    }
    const now = this.#context.clock.now()
    for (const { timestamp, count, bytes } of result.appended) this.#count(now - timestamp, count, bytes, now)
    this.onProgress()
  }

  /** The first records that are acknowledged are the warm-up, the others the steady state too. */
  #count(latencyMs: number, records: number, bytes: number, nowMs: number): void {
    const isWarm = Math.min(records, Math.max(0, this.#job.warmupRecords - this.stats.records))
    this.stats.record(latencyMs, records, bytes, nowMs)
    if (this.steady === null || isWarm === records) return
    this.steady.record(latencyMs, records - isWarm, bytes * ((records - isWarm) / records), nowMs)
  }

  /** Hands every record to the producer; they may still be on their way when it resolves. */
  async send(producer: Producer, appender: TopicAppender, transactions: TransactionTurns | null): Promise<void> {
    const { job, clock, signal } = { job: this.#job, clock: this.#context.clock, signal: this.#context.signal }
    const throttle = new Throttle(job.perSecond, this.#startMs)
    await transactions?.begin()
    for (let bytes = 0; this.sent < job.records && !signal.aborted; ) {
      const now = clock.now()
      const allowed = throttle.allowed(this.sent, now)
      if (allowed === 0) {
        await pause(clock, throttle.pauseMs(this.sent, now), signal)
        continue
      }
      const before = this.sent
      const hasRoom = this.#append(appender, Math.min(allowed, this.#untilNextLook()), now)
      if (!hasRoom) await this.#awaitRoom(producer)
      bytes += (this.sent - before) * (job.payload.end - job.payload.start)
      if (transactions !== null) await transactions.appended(now)
      if (bytes < BYTES_PER_TURN) continue
      bytes = 0
      await nextTurn()
    }
    await transactions?.end()
  }

  /** Up to the end of the warm-up, or of everything. */
  #untilNextLook(): number {
    const { records, warmupRecords, intervalMs, print } = this.#job
    if (warmupRecords > 0 && this.sent === warmupRecords && this.steady === null) {
      this.steady = new ProducerStats(this.#context.clock.now(), intervalMs, true, print)
      this.stats.silence()
    }
    const end = this.sent < warmupRecords ? warmupRecords : records
    return Math.min(end - this.sent, RECORDS_PER_LOOK)
  }

  /** False when the buffer memory is used up: the value that found no room is still the payload's current one. */
  #append(appender: TopicAppender, records: number, now: number): boolean {
    const { payload, failures } = this.#job
    for (let left = records; left > 0; left--) {
      if (!this.#isWaiting) payload.next()
      this.#isWaiting = false
      try {
        if (!appender.appendRange(-1, now, payload.bytes, -1, -1, payload.start, payload.end)) {
          this.#isWaiting = true
          return false
        }
      } catch (error) {
        // Too large: told, and the next may fit.
        if (!(error instanceof KafkaError)) throw error
        failures.record(null, payload.bytes.subarray(payload.start, payload.end), error)
      }
      this.sent += 1
    }
    return true
  }

  #isWaiting = false

  /** Waits for buffer memory; after `max.block.ms` the record is given up. */
  async #awaitRoom(producer: Producer): Promise<void> {
    const { payload, failures } = this.#job
    try {
      await producer.space()
    } catch (error) {
      if (!(error instanceof KtError) && !(error instanceof KafkaError)) throw error
      failures.record(null, payload.bytes.subarray(payload.start, payload.end), error)
      this.#isWaiting = false
      this.sent += 1
    }
  }
}
