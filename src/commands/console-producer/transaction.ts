/** `--transactional-id`: everything that is read is one transaction, all of it or nothing. */
import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import type { Producer } from '../../client/producer.ts'

export interface TransactionEnd {
  readonly transactionalId: string
  /** Abort when all is sent: to see what readers make of it. */
  readonly aborts: boolean
  /** Records that could not be sent so far. */
  readonly unsent: () => number
}

/**
 * Runs `send` in a transaction and commits it; aborts it after a failure, an interruption, or when told to. Rejects when
 * records were not sent, and with what `send` rejects with.
 */
export async function inTransaction(
  producer: Producer,
  { transactionalId, aborts, unsent }: TransactionEnd,
  context: CommandContext,
  send: () => Promise<void>,
): Promise<void> {
  const { stderr, signal } = context
  await producer.initTransactions()
  producer.beginTransaction()
  try {
    await send()
    await producer.flush()
  } catch (error) {
    // The first failure is the one to tell; without an answer the coordinator aborts after transaction.timeout.ms.
    await producer.abortTransaction().catch(() => undefined)
    stderr.write(`Transaction '${transactionalId}' aborted: nothing of it will be seen by read_committed.\n`)
    throw error
  }
  if (aborts || signal.aborted || unsent() > 0) {
    await producer.abortTransaction()
    stderr.write(`Transaction '${transactionalId}' aborted.\n`)
    if (!aborts && !signal.aborted) throw new KtError('kafka', `${unsent()} records were not sent`)
    return
  }
  await producer.commitTransaction()
  stderr.write(`Transaction '${transactionalId}' committed.\n`)
}
