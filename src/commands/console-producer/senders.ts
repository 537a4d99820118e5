/** Ways to send what was read: in bulk, one by one, or with word of each record. */
import { KtError } from '../../base/errors.ts'
import type { Producer, RecordMetadata, TopicAppender } from '../../client/producer.ts'
import { KafkaError } from '../../protocol/error-codes.ts'
import type { FailureLog } from './failure-log.ts'
import type { ParsedLine, RecordReader } from './line-reader.ts'
import type { Shape } from './shape.ts'

export interface SendJob {
  readonly topic: string
  readonly reader: RecordReader
  readonly producer: Producer
  readonly failures: FailureLog
  /** One record at a time, and the first failure ends it. */
  readonly sync: boolean
  /** What is added to every record; null adds nothing. */
  readonly shape: Shape | null
  /** Word of each record on stdout; null gives none. */
  readonly report: DeliveryReport | null
}

/** Tells where a record is, or why it is nowhere; `line` counts from 1. What it resolves late holds back the sending. */
export type DeliveryReport = (
  line: number,
  metadata: RecordMetadata | null,
  error: Error | null,
) => void | Promise<void>

/** Takes records; false from `take` means `finish` must be awaited before the next. */
export interface RecordSender {
  open(): Promise<void>
  /** Time in ms of the records that follow and bring none: when their bytes were read. Absent: that of each `take`. */
  readAt?(now: number): void
  /** A line that is a value and nothing else; absent where each record has to be looked at. */
  readonly takePlain?: ((bytes: Buffer, start: number, end: number) => boolean) | undefined
  take(line: ParsedLine): boolean
  finish(): Promise<void>
  /** Nothing more will come: resolves when all has been told. */
  end(): Promise<void>
}

/** The sender that a job asks for. */
export function senderOf(job: SendJob): RecordSender {
  if (job.report !== null) return new ReportingSender(job, job.report)
  return job.sync ? new OneByOneSender(job) : new BulkSender(job)
}

/** Lines go straight from the chunk that was read into the batch: nothing is made per line. */
class BulkSender implements RecordSender {
  readonly #job: SendJob
  readonly takePlain: RecordSender['takePlain']
  #appender!: TopicAppender
  #now = 0
  /** A record that found no buffer memory. */
  #waiting: ParsedLine | null = null

  constructor(job: SendJob) {
    this.#job = job
    const isPlain = job.reader.isPlain && job.shape === null
    this.takePlain = isPlain ? (bytes, start, end) => this.#takePlain(bytes, start, end) : undefined
  }

  async open(): Promise<void> {
    this.#appender = await this.#job.producer.topic(this.#job.topic)
  }

  readAt(now: number): void {
    this.#now = now
  }

  take(line: ParsedLine): boolean {
    return this.#append(shaped(line, this.#job, this.#appender))
  }

  #takePlain(bytes: Buffer, start: number, end: number): boolean {
    try {
      if (this.#appender.appendRange(-1, this.#now, bytes, -1, -1, start, end)) return true
    } catch (error) {
      this.#refused({ key: null, value: bytes.subarray(start, end), headers: [] }, error)
      return true
    }
    this.#waiting = { key: null, value: bytes.subarray(start, end), headers: [] }
    return false
  }

  #append(line: ParsedLine): boolean {
    try {
      const { key, value, headers, partition = -1, timestamp = this.#now } = line
      if (this.#appender.append(partition, timestamp, key, value, headers)) return true
    } catch (error) {
      this.#refused(line, error)
      return true
    }
    this.#waiting = line
    return false
  }

  /** A record that is too large is told and left out; the next may fit. */
  #refused({ key, value }: ParsedLine, error: unknown): void {
    if (!(error instanceof KafkaError)) throw error
    this.#job.failures.record(key, value, error)
  }

  /** Waits for buffer memory, at most `max.block.ms`. */
  async finish(): Promise<void> {
    const line = this.#waiting!
    this.#waiting = null
    do {
      try {
        await this.#job.producer.space()
      } catch (error) {
        if (!(error instanceof KtError)) throw error
        this.#job.failures.record(line.key, line.value, error)
        return
      }
    } while (!this.#append(line))
    this.#waiting = null
  }

  async end(): Promise<void> {}
}

/** A record with what the options add. Throws for a partition that the topic does not have. */
function shaped(line: ParsedLine, { topic, reader, shape }: SendJob, { partitionCount }: TopicAppender): ParsedLine {
  const record = shape === null ? line : shape(line, partitionCount)
  const { partition = -1 } = record
  if (partition < partitionCount) return record
  const where = `partition ${partition}, and topic '${topic}' has ${partitionCount}`
  throw new KtError('not-found', `line ${reader.lineNumber}: ${where}`, {
    facts: ['the lines before it were sent'],
    next: `kt topics --alter --topic ${topic} --partitions ${partition + 1}, or choose partitions anew: --repartition`,
  })
}

/** `--sync`: a record is sent and answered before the next line is looked at. */
class OneByOneSender implements RecordSender {
  readonly #job: SendJob
  #appender!: TopicAppender
  #line: ParsedLine | null = null

  constructor(job: SendJob) {
    this.#job = job
  }

  async open(): Promise<void> {
    this.#appender = await this.#job.producer.topic(this.#job.topic)
  }

  take(line: ParsedLine): boolean {
    this.#line = shaped(line, this.#job, this.#appender)
    return false
  }

  async finish(): Promise<void> {
    const { producer, topic } = this.#job
    const sent = producer.send({ ...this.#line!, topic })
    // Nobody else is coming to fill the batch: it leaves at once.
    await Promise.all([sent, producer.flush()])
  }

  async end(): Promise<void> {}
}

/** Records whose word is still to come: beyond this many the reading waits. */
const MAX_UNREPORTED = 10_000

/** `--report`: a promise per record, told in the order of the lines. */
class ReportingSender implements RecordSender {
  readonly #job: SendJob
  readonly #report: DeliveryReport
  #told: Promise<void> = Promise.resolve()
  #unreported = 0
  #error: Error | null = null
  #appender!: TopicAppender

  constructor(job: SendJob, report: DeliveryReport) {
    this.#job = job
    this.#report = report
  }

  async open(): Promise<void> {
    this.#appender = await this.#job.producer.topic(this.#job.topic)
  }

  take(line: ParsedLine): boolean {
    const { producer, topic, reader, sync } = this.#job
    const record = shaped(line, this.#job, this.#appender)
    const number = reader.lineNumber
    const sent = producer.send({ ...record, topic }).then(
      (metadata) => () => this.#report(number, metadata, null),
      (error: Error) => () => this.#failed(number, error),
    )
    this.#told = this.#told.then(async () => (await sent)())
    return !sync && ++this.#unreported < MAX_UNREPORTED
  }

  #failed(number: number, error: Error): void | Promise<void> {
    this.#error ??= error
    return this.#report(number, null, error)
  }

  /** `--sync` ends with the first failure. */
  async finish(): Promise<void> {
    await this.end()
    this.#unreported = 0
    if (this.#job.sync && this.#error !== null) throw this.#error
  }

  async end(): Promise<void> {
    await Promise.all([this.#told, this.#job.producer.flush()])
  }
}
