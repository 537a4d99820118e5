import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import type { Producer, TopicAppender } from '../../client/producer.ts'
import { ErrorCode, errorInfo, KafkaError } from '../../protocol/error-codes.ts'
import { type EventLines, JavaNumber } from '../event-lines.ts'
import { javaDouble } from '../java-text.ts'
import { nextTurn, pause } from '../pause.ts'
import { Throttle } from '../throttle.ts'

export interface NumberJob {
  readonly topic: string
  /** Below zero: without end. */
  readonly count: number
  readonly perSecond: number
  readonly createTimeMs: number | null
  readonly prefix: number | undefined
  readonly repeatingKeys: number | undefined
}

/** Records appended before sockets and the output have a turn. */
const RECORDS_PER_TURN = 500

/** Sends the numbers from 0 on and prints what became of each. */
export class NumberSender {
  readonly #job: NumberJob
  readonly #producer: Producer
  readonly #events: EventLines
  readonly #context: CommandContext
  readonly #startMs: number
  #createTimeMs: number | null
  #key = 0
  #sent = 0
  #acked = 0
  #mustDrain = false

  constructor(job: NumberJob, producer: Producer, events: EventLines, context: CommandContext) {
    this.#job = job
    this.#producer = producer
    this.#events = events
    this.#context = context
    this.#startMs = context.clock.now()
    this.#createTimeMs = job.createTimeMs
  }

  /** Resolves when every number has been handed to the producer. */
  async run(): Promise<void> {
    const { clock, signal, stdout } = this.#context
    const throttle = new Throttle(this.#job.perSecond, this.#startMs)
    const count = this.#job.count < 0 ? Number.POSITIVE_INFINITY : this.#job.count
    while (this.#sent < count && !signal.aborted) {
      const now = clock.now()
      if (throttle.allowed(this.#sent, now) === 0) {
        await pause(clock, throttle.pauseMs(this.#sent, now), signal)
        continue
      }
      await this.#send(this.#sent)
      if (this.#mustDrain) {
        this.#mustDrain = false
        await stdout.drain()
      } else if (this.#sent % RECORDS_PER_TURN === 0) await nextTurn()
    }
  }

  async #send(number: number): Promise<void> {
    const { prefix } = this.#job
    const key = this.#nextKey()
    const value = prefix === undefined ? String(number) : `${prefix}.${number}`
    this.#sent += 1
    try {
      const appender = await this.#producer.topic(this.#job.topic)
      await this.#append(appender, key, value)
    } catch (error) {
      // Nothing there to send to: every number would fail in the same way.
      if (error instanceof KtError && error.kind !== 'timeout' && !(error instanceof KafkaError)) throw error
      this.#failed(key, value, error as Error)
    }
  }

  async #append(appender: TopicAppender, key: string | null, value: string): Promise<void> {
    const timestamp = this.#nextTimestamp()
    for (;;) {
      const keyBytes = key === null ? null : Buffer.from(key)
      const batch = appender.appendToBatch(-1, timestamp, keyBytes, Buffer.from(value))
      if (batch !== null) {
        batch.delivery(timestamp).then(
          ({ offset, topic, partition }) => {
            this.#acked += 1
            this.#print('producer_send_success', { key, value, offset, topic, partition })
          },
          (error: Error) => this.#failed(key, value, error),
        )
        return
      }
      await this.#producer.space()
    }
  }

  #nextKey(): string | null {
    const { repeatingKeys } = this.#job
    if (repeatingKeys === undefined) return null
    const key = String(this.#key++)
    if (this.#key === repeatingKeys) this.#key = 0
    return key
  }

  /** A given time moves on by the time that has passed since the start, each time anew: as the script has it. */
  #nextTimestamp(): number {
    const now = this.#context.clock.now()
    if (this.#createTimeMs === null) return now
    const timestamp = this.#createTimeMs
    this.#createTimeMs += now - this.#startMs
    return timestamp
  }

  #failed(key: string | null, value: string, error: Error): void {
    const { topic } = this.#job
    this.#print('producer_send_error', {
      topic,
      key,
      value,
      exception: exceptionOf(error),
      message: messageOf(error, topic),
    })
  }

  #print(name: string, fields: Parameters<EventLines['print']>[1]): void {
    if (!this.#events.print(name, fields)) this.#mustDrain = true
  }

  /** The last two lines, once the producer is closed. */
  finish(): void {
    this.#events.print('shutdown_complete')
    const elapsedMs = this.#context.clock.now() - this.#startMs
    this.#events.print('tool_data', {
      sent: this.#sent,
      acked: this.#acked,
      target_throughput: this.#job.perSecond,
      avg_throughput: new JavaNumber(javaDouble(1000 * (this.#acked / Math.max(1, elapsedMs)))),
    })
  }
}

const PACKAGE = 'class org.apache.kafka.common.errors.'

function exceptionOf(error: Error): string {
  const name = error instanceof KafkaError ? errorInfo(error.code).exception : undefined
  return `${PACKAGE}${name ?? 'TimeoutException'}`
}

function messageOf(error: Error, topic: string): string {
  const isInvalid = error instanceof KafkaError && error.code === ErrorCode.INVALID_TOPIC_EXCEPTION
  return isInvalid ? `Invalid topics: [${topic}]` : error.message
}
