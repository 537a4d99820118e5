/** What a consumer sees of a partition at either isolation level, markers and bounds included: for showing the difference. */
import { ErrorCode, errorName, KafkaError } from '../protocol/error-codes.ts'
import { fetch } from '../protocol/messages/01-fetch.ts'
import type { TopicPartition } from './admin-types.ts'
import { type ClusterClient, toBroker } from './cluster-client.ts'
import type { AbortedTransaction } from './fetcher/batches.ts'

export type IsolationLevel = 'read_uncommitted' | 'read_committed'
const LEVELS: Readonly<Record<IsolationLevel, number>> = { read_uncommitted: 0, read_committed: 1 }

/** What is shown of a partition is a screen full. */
const MAX_BYTES = 1024 * 1024

/** An answer as it came: whole batches, the last one may be cut. */
export interface IsolatedRecords {
  readonly logStartOffset: number
  readonly highWatermark: number
  readonly lastStableOffset: number
  /** Transactions in the answer that were aborted; empty when uncommitted is read. */
  readonly aborted: readonly AbortedTransaction[]
  readonly records: Buffer
}

/** One Fetch to the partition's leader, without waiting for more. Tries again while the leader moves. */
export function fetchIsolated(
  client: ClusterClient,
  { topic, partition }: TopicPartition,
  offset: number,
  isolation: IsolationLevel,
): Promise<IsolatedRecords> {
  return client.retrying('Fetch', async () => {
    const leader = await leaderOf(client, topic, partition)
    const { topicId } = client.metadata.topic(topic)!
    const partitions = [{ partition, fetchOffset: BigInt(offset), partitionMaxBytes: MAX_BYTES }]
    const answer = await client.send(toBroker(leader), fetch, {
      maxWaitMs: 0,
      minBytes: 0,
      maxBytes: MAX_BYTES,
      isolationLevel: LEVELS[isolation],
      topics: [{ topic, topicId, partitions }],
    })
    const told = answer.responses[0]?.partitions[0]
    const code = answer.errorCode || (told?.errorCode ?? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
    if (code !== ErrorCode.NONE) {
      client.metadata.forgetTopic(topic)
      throw new KafkaError(errorName(code))
    }
    return {
      logStartOffset: Number(told!.logStartOffset),
      highWatermark: Number(told!.highWatermark),
      lastStableOffset: Number(told!.lastStableOffset),
      aborted: told!.abortedTransactions ?? [],
      records: told!.records ?? Buffer.alloc(0),
    }
  })
}

async function leaderOf(client: ClusterClient, topic: string, partition: number): Promise<number> {
  if (client.metadata.leader(topic, partition) === -1) {
    const code = (await client.refreshMetadata([topic])).get(topic)
    if (code !== undefined) throw new KafkaError(errorName(code))
  }
  const leader = client.metadata.leader(topic, partition)
  if (leader === -1) throw new KafkaError('LEADER_NOT_AVAILABLE')
  return leader
}
