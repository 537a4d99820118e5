import { lineLogger } from '../../base/logger.ts'
import type { CommandContext } from '../../cli/context.ts'
import { denialHints } from '../../cli/errors.ts'
import type { BatchResult } from '../../client/producer/options.ts'

/** A cluster that refuses everything must not fill the terminal: further failures are counted. */
const MAX_LINES = 1_000

/** Tells of records that were not sent, on stderr, as Kafka's ErrorLoggingCallback does. */
export class FailureLog {
  readonly #topic: string
  readonly #context: CommandContext
  #lines = 0
  /** What was denied, told once. */
  #hints = ''
  /** Records that were not sent. */
  count = 0
  /** Why the last one was not sent. */
  lastError: Error | null = null

  constructor(topic: string, context: CommandContext) {
    this.#topic = topic
    this.#context = context
  }

  /** A record that never left. */
  record(key: Buffer | null, value: Buffer | null, error: Error): void {
    const keyText = key === null ? 'null' : `${key.length} bytes`
    const valueText = value === null ? 'null' : `${value.length} bytes`
    this.#tell(1, `message to topic ${this.#topic} with key: ${keyText}, value: ${valueText}`, error)
  }

  /** A batch the cluster refused, or that did not get there. */
  batch(result: BatchResult): void {
    if (result.error === null) return
    const { recordCount, partition } = result
    const what = recordCount === 1 ? 'message' : `${recordCount} messages`
    this.#tell(recordCount, `${what} to topic ${this.#topic}, partition ${partition}`, result.error)
  }

  /** Told once, when all is done. */
  summary(): void {
    if (this.#lines <= MAX_LINES) return
    this.#context.stderr.write(`${this.count} messages were not sent in all\n`)
  }

  #tell(records: number, what: string, error: Error): void {
    this.count += records
    this.lastError = error
    if (++this.#lines > MAX_LINES) return
    const logger = lineLogger((line) => this.#context.stderr.write(line))
    logger.error(`Error when sending ${what} with error: ${error.message}`)
    if (this.#hints !== '') return
    this.#hints = denialHints(error, this.#context)
    this.#context.stderr.write(this.#hints)
  }
}
