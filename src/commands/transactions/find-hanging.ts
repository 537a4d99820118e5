/** `find-hanging`: transactions that are open in a partition and of which no coordinator knows (KIP-664). */
import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import { OK } from '../../cli/exit-codes.ts'
import { formatDocument } from '../../cli/format.ts'
import { presentationOf, targetOf } from '../../cli/script-command.ts'
import { drawTable } from '../../cli/table.ts'
import type { Admin, TopicPartition } from '../../client/admin-types.ts'
import type { ProducerState, TransactionDescription } from '../../client/transaction-types.ts'
import { tabTable } from '../tab-table.ts'
import { attempting, failedTo, idWords, partitionName, producerWords } from './failures.ts'
import { producerFields } from './look.ts'
import type { HangingGiven, MainGiven } from './options.ts'

/** Partitions in one request: a broker must not be overwhelmed. */
const BATCH = 500
const MS_PER_MINUTE = 60_000

export interface OpenTransaction extends TopicPartition {
  readonly producer: ProducerState
}

export async function findHanging(given: HangingGiven, main: MainGiven, context: CommandContext): Promise<number> {
  checkScope(given)
  const presentation = presentationOf(given, context)
  const admin = await context.admin(targetOf(main))
  const timeoutMs = given.value('max-transaction-timeout')! * MS_PER_MINUTE
  const partitions = await partitionsToSearch(given, admin)
  const open = await openTransactions(partitions, given.value('broker-id'), admin)
  const nowMs = context.clock.now()
  const candidates = open.filter(({ producer }) => nowMs - producer.lastTimestampMs > timeoutMs)
  const hanging = candidates.length === 0 ? [] : hangingOf(candidates, await knownTransactions(candidates, admin))
  if (presentation === 'json' || presentation === 'yaml') {
    const transactions = hanging.map(({ topic, partition, producer }) => ({
      topic,
      partition,
      ...producerFields(producer),
      durationMs: nowMs - producer.lastTimestampMs,
    }))
    context.stdout.write(formatDocument(presentation, 'HangingTransactionList', { transactions }))
  } else if (presentation === 'script') {
    context.stdout.write(
      tabTable(
        HEAD,
        hanging.map((each) => cellsOf(each, nowMs)),
      ),
    )
  } else if (hanging.length === 0) {
    context.stderr.write('No transaction hangs there.\n')
  } else {
    const { dim } = await context.colours()
    const rows = hanging.map((each) => cellsOf(each, nowMs))
    context.stdout.write(await drawTable({ head: HEAD.map(dim), rows, rightAligned: [1, 2, 3, 4, 5, 6, 7] }))
  }
  return OK
}

/** In the script's order and words. */
function checkScope(given: HangingGiven): void {
  if (!given.has('topic') && !given.has('broker-id')) {
    throw new KtError(
      'usage',
      'The `find-hanging` command requires either --topic or --broker-id to limit the scope of the search',
    )
  }
  if (given.has('partition') && !given.has('topic')) {
    throw new KtError('usage', 'The --partition argument requires --topic to be provided')
  }
}

async function partitionsToSearch(given: HangingGiven, admin: Admin): Promise<TopicPartition[]> {
  const topic = given.value('topic')
  const partition = given.value('partition')
  if (topic !== undefined && partition !== undefined) return [{ topic, partition }]
  const names = topic === undefined ? 'all' : [topic]
  const brokerId = given.value('broker-id')
  const what = `describe ${names === 'all' ? 'the' : names.length} topics`
  const found = await attempting(what, () => admin.describeTopics(names))
  return [...found.values()].flatMap((outcome) => {
    if (!outcome.ok) throw failedTo(what, outcome.error.message)
    return outcome.value.partitions
      .filter(({ replicas }) => brokerId === undefined || replicas.includes(brokerId))
      .map((each) => ({ topic: outcome.value.name, partition: each.partition }))
  })
}

async function openTransactions(
  partitions: readonly TopicPartition[],
  brokerId: number | undefined,
  admin: Admin,
): Promise<OpenTransaction[]> {
  const open: OpenTransaction[] = []
  for (let from = 0; from < partitions.length; from += BATCH) {
    const batch = partitions.slice(from, from + BATCH)
    const what = `describe producers for ${batch.length} partitions on broker ${javaOptional(brokerId)}`
    const options = brokerId === undefined ? {} : { brokerId }
    const outcomes = await attempting(what, () => admin.describeProducers(batch, options))
    for (const [index, outcome] of outcomes.entries()) {
      const partition = batch[index]!
      if (!outcome.ok) throw failedTo(what, producerWords(partition, brokerId)(outcome.error))
      for (const producer of outcome.value) {
        if (producer.transactionStartOffset !== null) open.push({ ...partition, producer })
      }
    }
  }
  return open
}

function javaOptional(brokerId: number | undefined): string {
  return brokerId === undefined ? 'Optional.empty' : `Optional[${brokerId}]`
}

/** By producer id, what coordinators know of the transactions; none for those they do not know. */
async function knownTransactions(
  candidates: readonly OpenTransaction[],
  admin: Admin,
): Promise<Map<bigint, TransactionDescription>> {
  const producerIds = [...new Set(candidates.map(({ producer }) => producer.producerId))]
  const what = `list transactions for ${producerIds.length} producers`
  const listings = await attempting(what, () => admin.listTransactions({ producerIds }))
  const idOf = new Map(listings.map(({ producerId, transactionalId }) => [producerId, transactionalId]))
  const ids = producerIds.flatMap((producerId) => idOf.get(producerId) ?? [])
  if (ids.length === 0) return new Map()
  const outcomes = await attempting(`describe ${ids.length} transactions`, () => admin.describeTransactions(ids))
  const known = new Map<bigint, TransactionDescription>()
  for (const producerId of producerIds) {
    const outcome = outcomes.get(idOf.get(producerId) ?? '')
    if (outcome?.ok) known.set(producerId, outcome.value)
    else if (outcome !== undefined && outcome.error.name !== 'TRANSACTIONAL_ID_NOT_FOUND') {
      const words = idWords('DescribeTransactions', idOf.get(producerId)!)
      throw failedTo(`describe ${ids.length} transactions`, words(outcome.error))
    }
  }
  return known
}

/** A coordinator that still has the partition on its list will write the marker: what it does not have, hangs. */
export function hangingOf(
  candidates: readonly OpenTransaction[],
  known: ReadonlyMap<bigint, TransactionDescription>,
): OpenTransaction[] {
  return candidates.filter(({ producer, ...partition }) => {
    const names = known.get(producer.producerId)?.partitions.map(partitionName) ?? []
    return !names.includes(partitionName(partition))
  })
}

const HEAD = [
  'Topic',
  'Partition',
  'ProducerId',
  'ProducerEpoch',
  'CoordinatorEpoch',
  'StartOffset',
  'LastTimestamp',
  'Duration(min)',
]

function cellsOf({ topic, partition, producer }: OpenTransaction, nowMs: number): string[] {
  return [
    topic,
    String(partition),
    String(producer.producerId),
    String(producer.producerEpoch),
    String(producer.coordinatorEpoch ?? -1),
    String(producer.transactionStartOffset ?? -1),
    String(producer.lastTimestampMs),
    String(Math.trunc((nowMs - producer.lastTimestampMs) / MS_PER_MINUTE)),
  ]
}
