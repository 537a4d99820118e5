/** Ending transactions that nobody else ends: `abort` and `forceTerminateTransaction`. */
import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import { OK } from '../../cli/exit-codes.ts'
import { formatDocument } from '../../cli/format.ts'
import { UsageError } from '../../cli/options.ts'
import { presentationOf, targetOf } from '../../cli/script-command.ts'
import type { Admin, KafkaFailure } from '../../client/admin-types.ts'
import type { TransactionToAbort } from '../../client/transaction-types.ts'
import { attempting, idWords, partitionName, producerWords, valueOr } from './failures.ts'
import type { AbortGiven, MainGiven, TerminateGiven } from './options.ts'

/** `abort` */
export async function abortTransaction(given: AbortGiven, main: MainGiven, context: CommandContext): Promise<number> {
  const presentation = presentationOf(given, context)
  const named = namedTransaction(given)
  const admin = await context.admin(targetOf(main))
  const transaction = named ?? (await openTransactionAt(given, admin))
  const text = specText(transaction)
  const outcome = await attempting(`abort transaction ${text}`, () => admin.abortTransaction(transaction))
  valueOr(`abort transaction ${text}`, outcome, (error) => abortWords(text, transaction, error))
  if (presentation === 'json' || presentation === 'yaml') {
    context.stdout.write(formatDocument(presentation, 'TransactionAborted', { ...transaction }))
  } else if (presentation !== 'script') {
    const { producerId } = transaction
    context.stderr.write(`The transaction of producer ${producerId} in ${partitionName(transaction)} is aborted.\n`)
  }
  return OK
}

const INT16 = { min: -32_768, max: 32_767 }

/** What older brokers need; null when the start of the transaction is named instead. Throws in the script's words. */
function namedTransaction(given: AbortGiven): TransactionToAbort | null {
  const producerId = numberOf(given, 'producer-id', 'Long')
  const epoch = numberOf(given, 'producer-epoch', 'Short')
  if (given.has('start-offset')) return null
  if (producerId === undefined) {
    throw new KtError(
      'usage',
      'The transaction to abort must be identified either with --start-offset (for brokers on 3.0 or above) or with --producer-id, --producer-epoch, and --coordinator-epoch (for older brokers)',
    )
  }
  if (epoch === undefined) throw new KtError('usage', 'Missing required argument --producer-epoch')
  const coordinatorEpoch = given.value('coordinator-epoch')
  if (coordinatorEpoch === undefined) throw new KtError('usage', 'Missing required argument --coordinator-epoch')
  return {
    topic: given.value('topic')!,
    partition: given.value('partition')!,
    producerId,
    producerEpoch: Number(epoch),
    // -1 stands for a producer that never had a marker: 0 is below every epoch there can be.
    coordinatorEpoch: Math.max(0, coordinatorEpoch),
  }
}

function numberOf(
  given: AbortGiven,
  name: 'producer-id' | 'producer-epoch',
  type: 'Long' | 'Short',
): bigint | undefined {
  const word = given.value(name)
  if (word === undefined) return undefined
  const refuse = (why: string) => new UsageError(`argument --${name}: could not convert '${word}' to ${type} (${why})`)
  if (!/^[+-]?\d{1,19}$/.test(word)) throw refuse(`For input string: "${word}"`)
  const number = BigInt(word.replace(/^\+/, ''))
  const outOfRange = type === 'Short' ? number < INT16.min || number > INT16.max : BigInt.asIntN(64, number) !== number
  if (outOfRange) throw refuse(`Value out of range. Value:"${word}" Radix:10`)
  return number
}

/** Newer brokers tell whose transaction begins at an offset. */
async function openTransactionAt(given: AbortGiven, admin: Admin): Promise<TransactionToAbort> {
  const partition = { topic: given.value('topic')!, partition: given.value('partition')! }
  const startOffset = given.value('start-offset')!
  const name = partitionName(partition)
  const what = `validate producer state for partition ${name}`
  const [outcome] = await attempting(what, () => admin.describeProducers([partition]))
  const producers = valueOr(what, outcome!, producerWords(partition))
  const found = producers.find(({ transactionStartOffset }) => transactionStartOffset === startOffset)
  if (found === undefined) {
    const open = producers.flatMap(({ transactionStartOffset }) => transactionStartOffset ?? [])
    throw new KtError(
      'not-found',
      `Could not find any open transactions starting at offset ${startOffset} on partition ${name}`,
      { facts: [open.length === 0 ? 'no transaction is open there' : `open there: ${open.join(', ')}`] },
    )
  }
  const { producerId, producerEpoch, coordinatorEpoch } = found
  return { ...partition, producerId, producerEpoch, coordinatorEpoch: coordinatorEpoch ?? 0 }
}

function specText({ producerId, producerEpoch, coordinatorEpoch, ...partition }: TransactionToAbort): string {
  return `AbortTransactionSpec(topicPartition=${partitionName(partition)}, producerId=${producerId}, producerEpoch=${producerEpoch}, coordinatorEpoch=${coordinatorEpoch})`
}

function abortWords(text: string, { coordinatorEpoch }: TransactionToAbort, { name, message }: KafkaFailure): string {
  const request = `WriteTxnMarkers request with ${text} failed`
  switch (name) {
    case 'CLUSTER_AUTHORIZATION_FAILED':
      return `${request} due to cluster authorization error`
    case 'INVALID_PRODUCER_EPOCH':
      return `${request} due an invalid producer epoch`
    case 'TRANSACTION_COORDINATOR_FENCED':
      return `${request} since the provided coordinator epoch ${coordinatorEpoch} has been fenced by the active coordinator`
    default:
      return `${request} due to unexpected error: ${message}`
  }
}

/** `forceTerminateTransaction` */
export async function terminateTransaction(
  given: TerminateGiven,
  main: MainGiven,
  context: CommandContext,
): Promise<number> {
  const presentation = presentationOf(given, context)
  const id = given.value('transactionalId')!
  const what = `force terminate transactionalId \`${id}\``
  const admin = await context.admin(targetOf(main))
  const outcome = await attempting(what, () => admin.terminateTransaction(id))
  valueOr(what, outcome, idWords('InitProducerId', id))
  if (presentation === 'json' || presentation === 'yaml') {
    context.stdout.write(formatDocument(presentation, 'TransactionTerminated', { transactionalId: id }))
  } else if (presentation !== 'script') {
    context.stderr.write(`What '${id}' had open is aborted, and its producer fenced.\n`)
  }
  return OK
}
