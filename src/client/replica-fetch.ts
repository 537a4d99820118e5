/** Reads from any replica, leader or not, up to the end of its log: what no consumer may, and a tool that compares must. */
import type { Uuid } from '../base/uuid.ts'
import { ErrorCode, errorName, KafkaError } from '../protocol/error-codes.ts'
import { fetch } from '../protocol/messages/01-fetch.ts'
import { groupBy } from './admin/outcome.ts'
import { type ClusterClient, toBroker } from './cluster-client.ts'

/** The replica id of nobody: neither a follower nor a consumer. */
const DEBUGGING_CONSUMER_ID = -2
/** First version that names the replica in a tag (KIP-903). */
const REPLICA_STATE_FROM = 15
/** What a broker may put into one answer; it is kept until every broker has answered. */
const MAX_BYTES = 50 * 1024 * 1024

export interface ReplicaFetchPosition {
  readonly topic: string
  readonly topicId: Uuid
  readonly partition: number
  readonly offset: number
}

/** What a replica has from an offset on; whole batches, the last one may be cut. */
export interface ReplicaRecords {
  readonly topic: string
  readonly partition: number
  readonly errorCode: number
  readonly highWatermark: number
  readonly records: Buffer
}

/** One Fetch without a session; partitions the broker says nothing of are left out. */
export async function fetchFromReplica(
  client: ClusterClient,
  brokerId: number,
  positions: readonly ReplicaFetchPosition[],
  options: { readonly maxWaitMs: number; readonly partitionMaxBytes: number },
): Promise<ReplicaRecords[]> {
  const { maxWaitMs, partitionMaxBytes } = options
  const topics = [...groupBy(positions, ({ topic }) => topic)].map(([topic, group]) => ({
    topic,
    topicId: group[0]!.topicId,
    partitions: group.map(({ partition, offset }) => ({
      partition,
      fetchOffset: BigInt(offset),
      logStartOffset: 0n,
      partitionMaxBytes,
    })),
  }))
  const answer = await client.send(
    toBroker(brokerId),
    fetch,
    (version) => ({
      ...(version >= REPLICA_STATE_FROM
        ? { replicaState: { replicaId: DEBUGGING_CONSUMER_ID, replicaEpoch: -1n } }
        : { replicaId: DEBUGGING_CONSUMER_ID }),
      maxWaitMs,
      minBytes: 1,
      maxBytes: MAX_BYTES,
      topics,
    }),
    { timeoutMs: client.options.requestTimeoutMs + maxWaitMs },
  )
  if (answer.errorCode !== ErrorCode.NONE) throw new KafkaError(errorName(answer.errorCode))
  const names = new Map(positions.map(({ topic, topicId }) => [topicId, topic]))
  return answer.responses.flatMap(({ topic, topicId, partitions }) =>
    partitions.map(({ partitionIndex, errorCode, highWatermark, records }) => ({
      topic: topic === '' ? (names.get(topicId) ?? '') : topic,
      partition: partitionIndex,
      errorCode,
      highWatermark: Number(highWatermark),
      records: records ?? Buffer.alloc(0),
    })),
  )
}
