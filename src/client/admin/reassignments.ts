/** Replicas on the move (KIP-455) and elections of leaders (KIP-460): what the controller decides about partitions. */
import { KtError } from '../../base/errors.ts'
import { ErrorCode, errorName, KafkaError } from '../../protocol/error-codes.ts'
import type {
  ElectionType,
  MutationOptions,
  NewReassignment,
  Outcome,
  PartitionReassignment,
  ReassignmentOptions,
  TopicPartition,
} from '../admin-types.ts'
import { type ClusterClient, CONTROLLER } from '../cluster-client.ts'
import { byTopic, failed, outcomeOf } from './outcome.ts'

/** Partitions whose replicas are being moved, of those asked for; of all when none are named. */
export function listPartitionReassignments(
  client: ClusterClient,
  partitions?: readonly TopicPartition[],
): Promise<PartitionReassignment[]> {
  return client.retrying('ListPartitionReassignments', async () => {
    for (const partition of partitions ?? []) throwUnsendable(partition)
    const { listPartitionReassignments: api } = await import(
      '../../protocol/messages/46-list-partition-reassignments.ts'
    )
    const topics =
      partitions === undefined
        ? null
        : byTopic(partitions, ({ partition }) => partition).map(({ name, partitions: partitionIndexes }) => ({
            name,
            partitionIndexes,
          }))
    const answer = await client.send(CONTROLLER, api, { timeoutMs: client.options.requestTimeoutMs, topics })
    throwIfRefused(answer.errorCode, answer.errorMessage)
    return answer.topics.flatMap(({ name: topic, partitions: list }) =>
      list.map(({ partitionIndex: partition, replicas, addingReplicas, removingReplicas }) => ({
        topic,
        partition,
        replicas,
        addingReplicas,
        removingReplicas,
      })),
    )
  })
}

function throwIfRefused(code: number, message?: string | null): void {
  if (code !== ErrorCode.NONE) throw new KafkaError(errorName(code), message ?? undefined)
}

/** Starts moving replicas, or cancels moves; results in the order asked. A move has begun when its outcome is ok. */
export async function alterPartitionReassignments(
  client: ClusterClient,
  changes: readonly NewReassignment[],
  options: ReassignmentOptions = {},
): Promise<Outcome<void>[]> {
  const sent = changes.filter((change) => whyNotSent(change) === null)
  const attempt = () => alterOnce(client, sent, options)
  const answers =
    sent.length === 0 ? new Map() : await client.retrying('AlterPartitionReassignments', attempt, options.timeoutMs)
  return changes.map((change) => whyNotSent(change) ?? answers.get(keyOf(change)) ?? failed(-1, NOT_MENTIONED))
}

const NOT_MENTIONED = 'The answer does not mention this partition'

const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`

async function alterOnce(
  client: ClusterClient,
  changes: readonly NewReassignment[],
  options: ReassignmentOptions,
): Promise<Map<string, Outcome<void>>> {
  const { alterPartitionReassignments: api } = await import(
    '../../protocol/messages/45-alter-partition-reassignments.ts'
  )
  const answer = await client.send(CONTROLLER, api, (version) => ({
    timeoutMs: options.timeoutMs ?? client.options.requestTimeoutMs,
    topics: byTopic(changes, ({ partition, replicas }) => ({ partitionIndex: partition, replicas })),
    allowReplicationFactorChange: factorChange(options, version),
  }))
  throwIfRefused(answer.errorCode, answer.errorMessage)
  const outcomes = answer.responses.flatMap(({ name: topic, partitions }) =>
    partitions.map(({ partitionIndex: partition, errorCode, errorMessage }): [string, Outcome<void>] => [
      keyOf({ topic, partition }),
      outcomeOf(errorCode, errorMessage, () => undefined),
    ]),
  )
  return new Map(outcomes)
}

/** What no request can carry gets its error without one, as in Java's client. */
function whyNotSent({ topic, partition }: TopicPartition): Outcome<never> | null {
  if (topic === '') {
    return failed(ErrorCode.INVALID_TOPIC_EXCEPTION, "The given topic name '' cannot be represented in a request.")
  }
  if (partition < 0) {
    return failed(ErrorCode.INVALID_TOPIC_EXCEPTION, `The given partition index ${partition} is not valid.`)
  }
  return null
}

function throwUnsendable(partition: TopicPartition): void {
  const outcome = whyNotSent(partition)
  if (outcome !== null && !outcome.ok) throwIfRefused(outcome.error.code, outcome.error.message)
}

/** KIP-860: a broker that cannot be told to keep the replication factor must not be asked at all. */
function factorChange(options: ReassignmentOptions, version: number): boolean {
  const allowed = options.allowReplicationFactorChange ?? true
  if (!allowed && version < 1) {
    throw new KtError('kafka', 'The broker cannot be told to keep the replication factor', {
      facts: [`it speaks AlterPartitionReassignments version ${version}, which is before KIP-860 (Kafka 4.1)`],
      next: 'the same command without --disallow-replication-factor-change',
    })
  }
  return allowed
}

const ELECTION_CODES: Readonly<Record<ElectionType, number>> = { PREFERRED: 0, UNCLEAN: 1 }

/** Elects leaders; `'all'` names every partition, and then only those with something to say are in the answer. */
export function electLeaders(
  client: ClusterClient,
  type: ElectionType,
  partitions: readonly TopicPartition[] | 'all',
  options: MutationOptions = {},
): Promise<(TopicPartition & { result: Outcome<void> })[]> {
  return client.retrying('ElectLeaders', async (deadline) => {
    const { electLeaders: api } = await import('../../protocol/messages/43-elect-leaders.ts')
    const topicPartitions =
      partitions === 'all'
        ? null
        : byTopic(partitions, ({ partition }) => partition).map(({ name, partitions: list }) => ({
            topic: name,
            partitions: list,
          }))
    const answer = await client.send(CONTROLLER, api, {
      electionType: ELECTION_CODES[type],
      topicPartitions,
      timeoutMs: options.timeoutMs ?? Math.min(client.options.requestTimeoutMs, Math.ceil(deadline.remainingMs)),
    })
    throwIfRefused(answer.errorCode)
    return answer.replicaElectionResults.flatMap(({ topic, partitionResult }) =>
      partitionResult.map(({ partitionId, errorCode, errorMessage }) => ({
        topic,
        partition: partitionId,
        result: outcomeOf(errorCode, errorMessage, () => undefined),
      })),
    )
  })
}
