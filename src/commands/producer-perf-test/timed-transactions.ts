import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import type { Producer } from '../../client/producer.ts'
import type { TransactionTurns } from './producer-run.ts'

/** The producer, as far as it matters here. */
export type TransactionalProducer = Pick<
  Producer,
  'initTransactions' | 'beginTransaction' | 'commitTransaction' | 'abortTransaction'
>

/** What the client says of brokers without them. */
const NO_TRANSACTIONS = /cannot answer EndTxn/

/** Gets the id; a cluster without transactions is told in one line. */
export async function initTransactions(producer: Pick<Producer, 'initTransactions'>): Promise<void> {
  try {
    await producer.initTransactions()
  } catch (error) {
    if (!(error instanceof Error) || !NO_TRANSACTIONS.test(error.message)) throw error
    throw new KtError(
      'kafka',
      'This cluster has no transactions yet: leave out --transactional-id and --transaction-duration-ms',
      { cause: error },
    )
  }
}

/** One transaction after the other, each committed when it has been open for long enough. */
export class TimedTransactions implements TransactionTurns {
  readonly #producer: TransactionalProducer
  readonly #durationMs: number
  readonly #context: Pick<CommandContext, 'clock' | 'signal'>
  #startMs = 0

  constructor(producer: TransactionalProducer, durationMs: number, context: Pick<CommandContext, 'clock' | 'signal'>) {
    this.#producer = producer
    this.#durationMs = durationMs
    this.#context = context
  }

  async begin(): Promise<void> {
    this.#producer.beginTransaction()
    this.#startMs = this.#context.clock.now()
  }

  async appended(nowMs: number): Promise<void> {
    if (nowMs - this.#startMs < this.#durationMs) return
    await this.#producer.commitTransaction()
    await this.begin()
  }

  /** What was sent before an interruption is taken back with its transaction. */
  async end(): Promise<void> {
    if (this.#context.signal.aborted) await this.#producer.abortTransaction()
    else await this.#producer.commitTransaction()
  }
}
