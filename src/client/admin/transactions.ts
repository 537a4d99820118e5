/** Transactions: what coordinators know of them, what partitions know of their producers, and ending those that hang. */
import { ErrorCode, errorName, KafkaError } from '../../protocol/error-codes.ts'
import type { DescribeProducersResponse } from '../../protocol/messages/61-describe-producers.ts'
import type { DescribeTransactionsResponse } from '../../protocol/messages/65-describe-transactions.ts'
import type { Outcome, TopicPartition } from '../admin-types.ts'
import { askLeaders, LEADERLESS_PATIENCE_MS, type PartitionOutcomes, RETRY_LEADER } from '../by-leader.ts'
import { type ClusterClient, toBroker } from '../cluster-client.ts'
import { askCoordinators, RETRY_COORDINATOR, requireServed } from '../coordinators.ts'
import { commonVersion } from '../handshake.ts'
import type {
  ProducerState,
  TransactionDescription,
  TransactionFilter,
  TransactionListing,
  TransactionToAbort,
} from '../transaction-types.ts'
import { askBroker } from './one-broker.ts'
import { byTopic, failed, outcomeOf, settle } from './outcome.ts'

const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`

/** One outcome per partition, in the order asked. */
export async function describeProducers(
  client: ClusterClient,
  partitions: readonly TopicPartition[],
  { brokerId }: { brokerId?: number } = {},
): Promise<Outcome<ProducerState[]>[]> {
  if (brokerId !== undefined) {
    const asked = () => producersOn(client, brokerId, partitions)
    const answer = await askBroker(client, brokerId, async () => ({ ok: true, value: await asked() }))
    return partitions.map((each) => (answer.ok ? answer.value.get(each)! : answer))
  }
  const attempt = (pending: readonly TopicPartition[]) =>
    askLeaders(client, pending, (leader, items) => producersOn(client, leader, items))
  const options = { retry: RETRY_LEADER, timeoutMs: LEADERLESS_PATIENCE_MS }
  const results = await settle(client, 'DescribeProducers', partitions, attempt, options)
  return partitions.map((each) => results.get(each)!)
}

async function producersOn(
  client: ClusterClient,
  brokerId: number,
  partitions: readonly TopicPartition[],
): Promise<PartitionOutcomes<TopicPartition, ProducerState[]>> {
  const { describeProducers: api } = await import('../../protocol/messages/61-describe-producers.ts')
  const topics = byTopic(partitions, ({ partition }) => partition)
  const answer = await client.send(toBroker(brokerId), api, {
    topics: topics.map(({ name, partitions: partitionIndexes }) => ({ name, partitionIndexes })),
  })
  const told = new Map<string, Outcome<ProducerState[]>>()
  for (const { name: topic, partitions: list } of answer.topics) {
    for (const { partitionIndex: partition, errorCode, errorMessage, activeProducers } of list) {
      const outcome = outcomeOf(errorCode, errorMessage, () => activeProducers.map(producerState))
      told.set(nameOf({ topic, partition }), outcome)
    }
  }
  const missing = failed(ErrorCode.UNKNOWN_SERVER_ERROR, 'The answer does not mention this partition')
  return new Map(partitions.map((each) => [each, told.get(nameOf(each)) ?? missing]))
}

type WireProducer = DescribeProducersResponse['topics'][number]['partitions'][number]['activeProducers'][number]

function producerState(producer: WireProducer): ProducerState {
  const { producerId, producerEpoch, coordinatorEpoch, lastSequence } = producer
  const startOffset = Number(producer.currentTxnStartOffset)
  return {
    producerId,
    producerEpoch,
    coordinatorEpoch: coordinatorEpoch < 0 ? null : coordinatorEpoch,
    lastSequence,
    lastTimestampMs: Number(producer.lastTimestamp),
    transactionStartOffset: startOffset < 0 ? null : startOffset,
  }
}

const DURATION_FROM = 1
const PATTERN_FROM = 2

/** Of every broker; one that does not answer fails the call, as a partial list would lie. */
export async function listTransactions(
  client: ClusterClient,
  filter: TransactionFilter = {},
): Promise<TransactionListing[]> {
  await client.retrying('Metadata', () => client.refreshMetadata([]))
  const brokers = client.metadata.brokers.map(({ id }) => id).sort((a, b) => a - b)
  return (await Promise.all(brokers.map((id) => listOn(client, id, filter)))).flat()
}

function listOn(client: ClusterClient, brokerId: number, filter: TransactionFilter): Promise<TransactionListing[]> {
  return client.retrying(`ListTransactions of broker ${brokerId}`, async () => {
    const { listTransactions: api } = await import('../../protocol/messages/66-list-transactions.ts')
    const connection = await client.connection(toBroker(brokerId))
    const version = commonVersion(api, connection.versions) ?? PATTERN_FROM
    if ((filter.durationMs ?? -1) >= 0 && version < DURATION_FROM) throw tooOld('duration')
    if (filter.idPattern !== undefined && version < PATTERN_FROM) throw tooOld('a pattern of ids')
    const answer = await client.sendOn(connection, api, {
      producerIdFilters: filter.producerIds ?? [],
      ...(version < DURATION_FROM ? {} : { durationFilter: BigInt(filter.durationMs ?? -1) }),
      ...(version < PATTERN_FROM ? {} : { transactionalIdPattern: filter.idPattern ?? null }),
    })
    if (answer.errorCode !== ErrorCode.NONE) throw new KafkaError(errorName(answer.errorCode))
    return answer.transactionStates.map(({ transactionalId, producerId, transactionState }) => ({
      transactionalId,
      coordinatorId: brokerId,
      producerId,
      state: transactionState,
    }))
  })
}

function tooOld(by: string): KafkaError {
  return new KafkaError('UNSUPPORTED_VERSION', `The broker is too old to filter transactions by ${by}`)
}

/** Each transactional id's state, asked of its coordinator. */
export async function describeTransactions(
  client: ClusterClient,
  transactionalIds: readonly string[],
): Promise<Map<string, Outcome<TransactionDescription>>> {
  const { describeTransactions: api } = await import('../../protocol/messages/65-describe-transactions.ts')
  await requireServed(client, api)
  const ask = async (brokerId: number, ids: readonly string[]) => {
    const answer = await client.send(toBroker(brokerId), api, { transactionalIds: ids })
    return new Map(
      answer.transactionStates.map((state) => [
        state.transactionalId,
        outcomeOf(state.errorCode, null, () => description(state, brokerId)),
      ]),
    )
  }
  return askCoordinators(client, 'DescribeTransactions', transactionalIds, ask, { kind: 'transaction' })
}

type WireTransaction = DescribeTransactionsResponse['transactionStates'][number]

function description(state: WireTransaction, coordinatorId: number): TransactionDescription {
  const startTimeMs = Number(state.transactionStartTimeMs)
  return {
    transactionalId: state.transactionalId,
    coordinatorId,
    producerId: state.producerId,
    producerEpoch: state.producerEpoch,
    state: state.transactionState,
    timeoutMs: state.transactionTimeoutMs,
    startTimeMs: startTimeMs < 0 ? null : startTimeMs,
    partitions: state.topics.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition }))),
  }
}

/** The marker goes to the partition's leader. */
export async function abortTransaction(client: ClusterClient, transaction: TransactionToAbort): Promise<Outcome<void>> {
  const attempt = (pending: readonly TransactionToAbort[]) =>
    askLeaders(client, pending, async (leader) => new Map([[transaction, await abortOn(client, leader, transaction)]]))
  const options = { retry: RETRY_LEADER, timeoutMs: LEADERLESS_PATIENCE_MS }
  return (await settle(client, 'WriteTxnMarkers', [transaction], attempt, options)).get(transaction)!
}

async function abortOn(
  client: ClusterClient,
  brokerId: number,
  { topic, partition, producerId, producerEpoch, coordinatorEpoch }: TransactionToAbort,
): Promise<Outcome<void>> {
  const { writeTxnMarkers: api } = await import('../../protocol/messages/27-write-txn-markers.ts')
  const topics = [{ name: topic, partitionIndexes: [partition] }]
  const marker = { producerId, producerEpoch, coordinatorEpoch, transactionResult: false, topics }
  const answer = await client.send(toBroker(brokerId), api, { markers: [marker] })
  const result = answer.markers[0]?.topics[0]?.partitions[0]
  if (result === undefined) {
    return failed(ErrorCode.UNKNOWN_SERVER_ERROR, 'The answer does not mention this partition')
  }
  return outcomeOf(result.errorCode, null, () => undefined)
}

const RETRY_TERMINATION: ReadonlySet<number> = new Set([...RETRY_COORDINATOR, ErrorCode.CONCURRENT_TRANSACTIONS])

/** A new epoch for the id's producer: its coordinator aborts what the old one left open first. */
export async function terminateTransaction(client: ClusterClient, transactionalId: string): Promise<Outcome<void>> {
  const { endTxn } = await import('../../protocol/messages/26-end-txn.ts')
  await requireServed(client, endTxn)
  const ask = async (brokerId: number): Promise<Map<string, Outcome<void>>> => {
    const { initProducerId: api } = await import('../../protocol/messages/22-init-producer-id.ts')
    const input = { transactionalId, transactionTimeoutMs: client.options.requestTimeoutMs }
    const { errorCode } = await client.send(toBroker(brokerId), api, input)
    return new Map([[transactionalId, outcomeOf(errorCode, null, () => undefined)]])
  }
  const options = { kind: 'transaction', retry: RETRY_TERMINATION } as const
  return (await askCoordinators(client, 'InitProducerId', [transactionalId], ask, options)).get(transactionalId)!
}
