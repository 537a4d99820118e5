import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import type { Producer, TopicAppender } from '../../client/producer.ts'
import { KafkaError } from '../../protocol/error-codes.ts'
import type { FailureLog } from './failure-log.ts'
import type { ParsedLine, RecordReader } from './line-reader.ts'
import { LineSplitter } from './line-splitter.ts'

export interface SendJob {
  readonly topic: string
  readonly reader: RecordReader
  readonly producer: Producer
  readonly failures: FailureLog
  /** One record at a time, and the first failure ends it. */
  readonly sync: boolean
}

/** Sends every line of standard input. Ends at the end of input, on an interruption, or at a line that cannot be read. */
export async function sendLines(job: SendJob, context: CommandContext): Promise<void> {
  const { stdin, stdout, signal } = context
  const prompts = stdin.isTerminal && stdout.isTerminal
  const lines = new LineSplitter()
  const sender = job.sync ? new OneByOneSender(job) : new BulkSender(job, context)
  // Connecting and reading begin together; a topic that cannot be found ends it before a line was taken.
  const opening = sender.open()
  opening.catch(() => undefined)
  const stop = (): void => void (stdin as NodeJS.ReadableStream & { destroy?(): void }).destroy?.()
  signal.addEventListener('abort', stop, { once: true })
  try {
    if (prompts) stdout.write('>')
    for await (const chunk of stdin) {
      await opening
      lines.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
      while (lines.next()) {
        if (!sender.take(lines.bytes, lines.start, lines.end)) await sender.finish()
        if (prompts) stdout.write('>')
      }
      if (signal.aborted) return
    }
    await opening
    if (lines.last() && !sender.take(lines.bytes, lines.start, lines.end)) await sender.finish()
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    signal.removeEventListener('abort', stop)
    job.failures.summary()
  }
}

/** Takes lines; false from `take` means `finish` must be awaited before the next. */
interface LineSender {
  open(): Promise<void>
  take(bytes: Buffer, start: number, end: number): boolean
  finish(): Promise<void>
}

/** Lines go straight from the chunk that was read into the batch: nothing is made per line. */
class BulkSender implements LineSender {
  readonly #job: SendJob
  readonly #context: CommandContext
  #appender!: TopicAppender
  /** A line that found no buffer memory. */
  #waiting: ParsedLine | null = null

  constructor(job: SendJob, context: CommandContext) {
    this.#job = job
    this.#context = context
  }

  async open(): Promise<void> {
    this.#appender = await this.#job.producer.topic(this.#job.topic)
  }

  take(bytes: Buffer, start: number, end: number): boolean {
    const { reader } = this.#job
    if (reader.isPlain) return this.#takePlain(bytes, start, end)
    const line = reader.parse(bytes, start, end)
    return line === null || this.#append(line)
  }

  #takePlain(bytes: Buffer, start: number, end: number): boolean {
    try {
      if (this.#appender.appendRange(-1, this.#context.clock.now(), bytes, -1, -1, start, end)) return true
    } catch (error) {
      this.#refused({ key: null, value: bytes.subarray(start, end), headers: [] }, error)
      return true
    }
    this.#waiting = { key: null, value: bytes.subarray(start, end), headers: [] }
    return false
  }

  #append(line: ParsedLine): boolean {
    try {
      const { key, value, headers, partition = -1, timestamp = this.#context.clock.now() } = line
      if (this.#appender.append(partition, timestamp, key, value, headers)) return true
    } catch (error) {
      this.#refused(line, noSuchPartition(line, this.#job, this.#appender.partitionCount) ?? error)
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
}

/** The line names a partition that the topic does not have. */
function noSuchPartition({ partition = -1 }: ParsedLine, { topic, reader }: SendJob, count: number): KtError | null {
  if (partition < count) return null
  return new KtError(
    'not-found',
    `line ${reader.lineNumber}: partition ${partition}, and topic '${topic}' has ${count}`,
    {
      facts: ['the lines before it were sent'],
      next: `kt topics --alter --topic ${topic} --partitions ${partition + 1}, or choose partitions anew: --repartition`,
    },
  )
}

/** `--sync`: a record is sent and answered before the next line is looked at. */
class OneByOneSender implements LineSender {
  readonly #job: SendJob
  #line: ParsedLine | null = null

  constructor(job: SendJob) {
    this.#job = job
  }

  async open(): Promise<void> {
    await this.#job.producer.topic(this.#job.topic)
  }

  take(bytes: Buffer, start: number, end: number): boolean {
    this.#line = this.#job.reader.parse(bytes, start, end)
    return this.#line === null
  }

  async finish(): Promise<void> {
    const { key, value, headers, partition = -1, timestamp } = this.#line!
    const { producer, topic } = this.#job
    const appender = await producer.topic(topic)
    const missing = noSuchPartition(this.#line!, this.#job, appender.partitionCount)
    if (missing !== null) throw missing
    const sent = producer.send({ topic, partition, timestamp, key, value, headers })
    // Nobody else is coming to fill the batch: it leaves at once.
    await Promise.all([sent, producer.flush()])
  }
}
