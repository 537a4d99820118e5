/** Requests about partitions that must go to each partition's leader. */
import { KtError } from '../base/errors.ts'
import { ErrorCode } from '../protocol/error-codes.ts'
import { failed, groupBy } from './admin/outcome.ts'
import type { Outcome, TopicPartition } from './admin-types.ts'
import type { ClusterClient } from './cluster-client.ts'
import { ConnectionFailure } from './failure.ts'

/** Failures that a newer leader, or a leader at all, may cure. */
export const RETRY_LEADER: ReadonlySet<number> = new Set([
  ErrorCode.LEADER_NOT_AVAILABLE,
  ErrorCode.NOT_LEADER_OR_FOLLOWER,
  ErrorCode.FENCED_LEADER_EPOCH,
  ErrorCode.UNKNOWN_LEADER_EPOCH,
  ErrorCode.REPLICA_NOT_AVAILABLE,
  ErrorCode.OFFSET_NOT_AVAILABLE,
  ErrorCode.KAFKA_STORAGE_ERROR,
  ErrorCode.REQUEST_TIMED_OUT,
])

/**
 * How long a partition may have no leader before its item fails. Elections take less; a partition whose replicas are all
 * dead must not hold up the answer about the others.
 */
export const LEADERLESS_PATIENCE_MS = 3_000

export type PartitionOutcomes<Q, T> = Map<Q, Outcome<T>>

/**
 * Groups items by leader and asks all leaders at once. An item without a known leader, or whose leader cannot be reached,
 * gets its own failure; the others get their answer.
 */
export async function askLeaders<Q extends TopicPartition, T>(
  client: ClusterClient,
  items: readonly Q[],
  ask: (brokerId: number, items: readonly Q[]) => Promise<PartitionOutcomes<Q, T>>,
): Promise<PartitionOutcomes<Q, T>> {
  const topics = [...new Set(items.map(({ topic }) => topic))]
  const topicErrors = await client.refreshMetadata(topics)
  const results: PartitionOutcomes<Q, T> = new Map()
  const located: Q[] = []
  for (const item of items) {
    const missing = whyNoLeader(client, item, topicErrors)
    if (missing === null) located.push(item)
    else results.set(item, failed(missing))
  }
  const byBroker = groupBy(located, ({ topic, partition }) => client.metadata.leader(topic, partition))
  const answers = await Promise.all([...byBroker].map(([id, group]) => askOne(id, group, ask)))
  for (const answer of answers) for (const [item, outcome] of answer) results.set(item, outcome)
  return results
}

function whyNoLeader(
  client: ClusterClient,
  { topic, partition }: TopicPartition,
  topicErrors: ReadonlyMap<string, number>,
): number | null {
  const topicError = topicErrors.get(topic)
  if (topicError !== undefined) return topicError
  const known = client.metadata.topic(topic)?.partitions[partition]
  if (known === undefined) return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
  return known.leader === -1 ? ErrorCode.LEADER_NOT_AVAILABLE : null
}

/** A dead leader is a fact about its partitions, not about the call. */
async function askOne<Q extends TopicPartition, T>(
  brokerId: number,
  items: readonly Q[],
  ask: (brokerId: number, items: readonly Q[]) => Promise<PartitionOutcomes<Q, T>>,
): Promise<PartitionOutcomes<Q, T>> {
  try {
    return await ask(brokerId, items)
  } catch (error) {
    const outcome = brokerFailure(error)
    if (outcome === null) throw error
    return new Map(items.map((item) => [item, outcome]))
  }
}

/** A broker that cannot be reached as a per-item failure; null when the error is of another kind. */
export function brokerFailure(error: unknown): Outcome<never> | null {
  if (error instanceof ConnectionFailure && error.reason !== 'released') {
    return failed(ErrorCode.NOT_LEADER_OR_FOLLOWER, error.fact)
  }
  if (error instanceof KtError && error.kind === 'unreachable') {
    return failed(ErrorCode.BROKER_NOT_AVAILABLE, error.message)
  }
  return null
}
