import type { CommandContext } from '../../cli/context.ts'
import { OK } from '../../cli/exit-codes.ts'
import { formatDocument, type Structure } from '../../cli/format.ts'
import { presentationOf, targetOf } from '../../cli/script-command.ts'
import { drawTable } from '../../cli/table.ts'
import type { ProducerState, TransactionDescription, TransactionListing } from '../../client/transaction-types.ts'
import { partitionsInHashOrder } from '../java-order.ts'
import { tabTable } from '../tab-table.ts'
import { attempting, idWords, partitionName, producerWords, valueOr } from './failures.ts'
import type { DescribeGiven, ListGiven, MainGiven, ProducersGiven } from './options.ts'

/** `list`: of all coordinators. */
export async function listTransactions(given: ListGiven, main: MainGiven, context: CommandContext): Promise<number> {
  const presentation = presentationOf(given, context)
  const admin = await context.admin(targetOf(main))
  const durationMs = given.value('duration-filter')
  const idPattern = given.value('transactional-id-pattern')
  const filter = {
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(idPattern === undefined ? {} : { idPattern }),
  }
  const found = await attempting('list transactions', () => admin.listTransactions(filter))
  if (presentation === 'json' || presentation === 'yaml') {
    context.stdout.write(formatDocument(presentation, 'TransactionList', { transactions: found.map(listingFields) }))
  } else {
    const rows = found.map(listingCells)
    if (presentation === 'script') context.stdout.write(tabTable(LIST_HEAD, rows))
    else await showRows(['TRANSACTIONAL ID', 'COORDINATOR', 'PRODUCER ID', 'STATE'], rows, [1, 2], context)
  }
  return OK
}

const LIST_HEAD = ['TransactionalId', 'Coordinator', 'ProducerId', 'TransactionState']

function listingCells({ transactionalId, coordinatorId, producerId, state }: TransactionListing): string[] {
  return [transactionalId, String(coordinatorId), String(producerId), state]
}

function listingFields({ transactionalId, coordinatorId, producerId, state }: TransactionListing): Structure {
  return { transactionalId, coordinatorId, producerId, state }
}

async function showRows(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  rightAligned: readonly number[],
  context: CommandContext,
): Promise<void> {
  if (rows.length === 0) {
    context.stderr.write('There are none.\n')
    return
  }
  const { dim } = await context.colours()
  context.stdout.write(await drawTable({ head: head.map(dim), rows, rightAligned }))
}

/** `describe`: one transactional id. */
export async function describeTransaction(
  given: DescribeGiven,
  main: MainGiven,
  context: CommandContext,
): Promise<number> {
  const presentation = presentationOf(given, context)
  const id = given.value('transactional-id')!
  const admin = await context.admin(targetOf(main))
  const what = `describe transaction state of transactional-id \`${id}\``
  const outcomes = await attempting(what, () => admin.describeTransactions([id]))
  const found = valueOr(what, outcomes.get(id)!, idWords('DescribeTransactions', id))
  const durationMs = found.startTimeMs === null ? null : context.clock.now() - found.startTimeMs
  if (presentation === 'json' || presentation === 'yaml') {
    context.stdout.write(formatDocument(presentation, 'Transaction', descriptionFields(found, durationMs)))
  } else if (presentation === 'script') {
    context.stdout.write(tabTable(DESCRIBE_HEAD, [descriptionCells(found, durationMs)]))
  } else {
    const { dim, name } = await context.colours()
    const cells = descriptionCells(found, durationMs)
    const rows = DESCRIBE_HEAD.map((title, at) => [dim(title), at === 1 ? name(cells[at]!) : cells[at]!])
    context.stdout.write(await drawTable({ head: [], rows }))
  }
  return OK
}

const DESCRIBE_HEAD = [
  'CoordinatorId',
  'TransactionalId',
  'ProducerId',
  'ProducerEpoch',
  'TransactionState',
  'TransactionTimeoutMs',
  'CurrentTransactionStartTimeMs',
  'TransactionDurationMs',
  'TopicPartitions',
]

function descriptionCells(found: TransactionDescription, durationMs: number | null): string[] {
  const time = (value: number | null): string => (value === null ? 'None' : String(value))
  return [
    String(found.coordinatorId),
    found.transactionalId,
    String(found.producerId),
    String(found.producerEpoch),
    found.state,
    String(found.timeoutMs),
    time(found.startTimeMs),
    time(durationMs),
    partitionsInHashOrder(found.partitions).map(partitionName).join(','),
  ]
}

function descriptionFields(found: TransactionDescription, durationMs: number | null): Record<string, Structure> {
  const { transactionalId, coordinatorId, producerId, producerEpoch, state, timeoutMs, startTimeMs } = found
  const partitions = found.partitions.map(({ topic, partition }) => ({ topic, partition }))
  return {
    transactionalId,
    coordinatorId,
    producerId,
    producerEpoch,
    state,
    timeoutMs,
    startTimestamp: startTimeMs,
    durationMs,
    partitions,
  }
}

/** `describe-producers`: what a partition remembers of its producers. */
export async function describeProducers(
  given: ProducersGiven,
  main: MainGiven,
  context: CommandContext,
): Promise<number> {
  const presentation = presentationOf(given, context)
  const partition = { topic: given.value('topic')!, partition: given.value('partition')! }
  const brokerId = given.value('broker-id')
  const admin = await context.admin(targetOf(main))
  const where = brokerId === undefined ? 'leader' : `broker ${brokerId}`
  const what = `describe producers for partition ${partitionName(partition)} on ${where}`
  const options = brokerId === undefined ? {} : { brokerId }
  const [outcome] = await attempting(what, () => admin.describeProducers([partition], options))
  const producers = valueOr(what, outcome!, producerWords(partition, brokerId))
  if (presentation === 'json' || presentation === 'yaml') {
    const fields = { ...partition, producers: producers.map(producerFields) }
    context.stdout.write(formatDocument(presentation, 'ProducerStateList', fields))
  } else {
    const rows = producers.map(producerCells)
    if (presentation === 'script') context.stdout.write(tabTable(PRODUCERS_HEAD, rows))
    else await showRows(PRODUCERS_HEAD, rows, [0, 1, 2, 3, 4, 5], context)
  }
  return OK
}

const PRODUCERS_HEAD = [
  'ProducerId',
  'ProducerEpoch',
  'LatestCoordinatorEpoch',
  'LastSequence',
  'LastTimestamp',
  'CurrentTransactionStartOffset',
]

function producerCells(producer: ProducerState): string[] {
  return [
    String(producer.producerId),
    String(producer.producerEpoch),
    String(producer.coordinatorEpoch ?? -1),
    String(producer.lastSequence),
    String(producer.lastTimestampMs),
    producer.transactionStartOffset === null ? 'None' : String(producer.transactionStartOffset),
  ]
}

/** One producer of `ProducerStateList`, and of `HangingTransactionList`. */
export function producerFields(producer: ProducerState): { readonly [key: string]: Structure } {
  return {
    producerId: producer.producerId,
    producerEpoch: producer.producerEpoch,
    coordinatorEpoch: producer.coordinatorEpoch,
    lastSequence: producer.lastSequence,
    lastTimestamp: producer.lastTimestampMs,
    transactionStartOffset: producer.transactionStartOffset,
  }
}
