/** Offsets of partitions: ListOffsets and DeleteRecords, both asked of each partition's leader. */
import { ErrorCode } from '../../protocol/error-codes.ts'
import type { ListedOffset, OffsetSpec, Outcome, ReplicaId, TopicPartition } from '../admin-types.ts'
import { askLeaders, LEADERLESS_PATIENCE_MS, type PartitionOutcomes, RETRY_LEADER } from '../by-leader.ts'
import { type ClusterClient, toBroker } from '../cluster-client.ts'
import { commonVersion } from '../handshake.ts'
import { askBroker } from './one-broker.ts'
import { byTopic, failed, groupBy, outcomeOf, settle } from './outcome.ts'

/** Special timestamps of ListOffsets. */
const TIMESTAMPS = {
  latest: -1,
  earliest: -2,
  'max-timestamp': -3,
  'earliest-local': -4,
  'latest-tiered': -5,
  'earliest-pending-upload': -6,
} as const
/** First version that knows each of the newer ones (KIP-734, KIP-405, KIP-1005, KIP-1023). */
const SPEC_FROM: ReadonlyMap<OffsetSpec, number> = new Map<OffsetSpec, number>([
  ['max-timestamp', 7],
  ['earliest-local', 8],
  ['latest-tiered', 9],
  ['earliest-pending-upload', 11],
])

type Query = TopicPartition & { spec: OffsetSpec }
type ListOptions = { isolation?: 'read_uncommitted' | 'read_committed'; timeoutMs?: number }

const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`

/** One outcome per query, in the order asked. The same partition may be asked for several specs. */
export async function listOffsets(
  client: ClusterClient,
  queries: readonly Query[],
  options: ListOptions = {},
): Promise<Outcome<ListedOffset>[]> {
  const results = await settle<Query, ListedOffset>(
    client,
    'ListOffsets',
    queries,
    (pending) => askLeaders(client, pending, (brokerId, items) => listFrom(client, brokerId, items, options)),
    { retry: RETRY_LEADER, timeoutMs: options.timeoutMs ?? LEADERLESS_PATIENCE_MS },
  )
  return queries.map((query) => results.get(query)!)
}

async function listFrom(
  client: ClusterClient,
  brokerId: number,
  queries: readonly Query[],
  options: ListOptions,
): Promise<PartitionOutcomes<Query, ListedOffset>> {
  const { listOffsets: api } = await import('../../protocol/messages/02-list-offsets.ts')
  const connection = await client.connection(toBroker(brokerId))
  const version = commonVersion(api, connection.versions) ?? 0
  const results: PartitionOutcomes<Query, ListedOffset> = new Map()
  const known = queries.filter(({ spec }) => version >= (SPEC_FROM.get(spec) ?? 0))
  for (const query of queries) {
    const text = `The broker is too old to list ${query.spec} offsets`
    if (!known.includes(query)) results.set(query, failed(ErrorCode.UNSUPPORTED_VERSION, text))
  }
  // An answer names a partition, not a timestamp: queries for one partition travel in separate requests.
  const answers = await Promise.all(rounds(known).map((round) => listRound(client, brokerId, round, options)))
  for (const answer of answers) for (const [query, outcome] of answer) results.set(query, outcome)
  return results
}

/** Splits queries so that no round asks twice about one partition. */
function rounds(queries: readonly Query[]): Query[][] {
  const split: Query[][] = []
  const seen = new Map<string, number>()
  for (const query of queries) {
    const round = seen.get(nameOf(query)) ?? 0
    seen.set(nameOf(query), round + 1)
    if (split[round] === undefined) split[round] = []
    split[round].push(query)
  }
  return split
}

async function listRound(
  client: ClusterClient,
  brokerId: number,
  queries: readonly Query[],
  options: ListOptions,
): Promise<PartitionOutcomes<Query, ListedOffset>> {
  const { listOffsets: api } = await import('../../protocol/messages/02-list-offsets.ts')
  const isolationLevel = options.isolation === 'read_committed' ? 1 : 0
  const answer = await client.send(toBroker(brokerId), api, (version) => ({
    replicaId: -1,
    isolationLevel: version >= 2 ? isolationLevel : 0,
    topics: byTopic(queries, ({ partition, spec }) => ({
      partitionIndex: partition,
      timestamp: BigInt(typeof spec === 'number' ? spec : TIMESTAMPS[spec]),
    })),
    timeoutMs: client.options.requestTimeoutMs,
  }))
  const byName = new Map(queries.map((query) => [nameOf(query), query]))
  const results: PartitionOutcomes<Query, ListedOffset> = new Map()
  for (const { name: topic, partitions } of answer.topics) {
    for (const { partitionIndex: partition, errorCode, offset, timestamp, leaderEpoch } of partitions) {
      const query = byName.get(nameOf({ topic, partition }))
      const listed = { offset: Number(offset), timestamp: Number(timestamp), leaderEpoch }
      if (query !== undefined)
        results.set(
          query,
          outcomeOf(errorCode, null, () => listed),
        )
    }
  }
  return results
}

type Before = TopicPartition & { offset: number }

/** Deletes records before an offset (KIP-107); -1 means the high watermark. */
export async function deleteRecords(
  client: ClusterClient,
  before: readonly Before[],
): Promise<Outcome<{ lowWatermark: number }>[]> {
  const { deleteRecords: api } = await import('../../protocol/messages/21-delete-records.ts')
  const ask = async (
    brokerId: number,
    items: readonly Before[],
  ): Promise<PartitionOutcomes<Before, { lowWatermark: number }>> => {
    const answer = await client.send(toBroker(brokerId), api, {
      topics: byTopic(items, ({ partition, offset }) => ({ partitionIndex: partition, offset: BigInt(offset) })),
      timeoutMs: client.options.requestTimeoutMs,
    })
    const byName = new Map(items.map((item) => [nameOf(item), item]))
    const results: PartitionOutcomes<Before, { lowWatermark: number }> = new Map()
    for (const { name: topic, partitions } of answer.topics) {
      for (const { partitionIndex: partition, lowWatermark, errorCode } of partitions) {
        const item = byName.get(nameOf({ topic, partition }))
        const value = { lowWatermark: Number(lowWatermark) }
        if (item !== undefined)
          results.set(
            item,
            outcomeOf(errorCode, null, () => value),
          )
      }
    }
    return results
  }
  const attempt = (pending: readonly Before[]) => askLeaders(client, pending, ask)
  const results = await settle(client, 'DeleteRecords', before, attempt, {
    retry: RETRY_LEADER,
    timeoutMs: LEADERLESS_PATIENCE_MS,
  })
  return before.map((item) => results.get(item)!)
}

/** By this a broker knows a reader that looks at replicas themselves: followers answer too, and tell their log end. */
const DEBUGGING_REPLICA_ID = -2

/** The log end offset of each replica, asked of the broker that holds it, in the order asked. */
export async function listReplicaEnds(
  client: ClusterClient,
  replicas: readonly ReplicaId[],
): Promise<Outcome<number>[]> {
  const byBroker = [...groupBy(replicas, ({ broker }) => broker)]
  const answers = await Promise.all(byBroker.map(([id, group]) => replicaEndsOn(client, id, group)))
  const ofBroker = new Map(byBroker.map(([id], at) => [id, answers[at]!]))
  return replicas.map((replica) => {
    const answer = ofBroker.get(replica.broker)!
    if (!answer.ok) return answer
    return answer.value.get(nameOf(replica)) ?? failed(-1, `Broker ${replica.broker} did not answer about this replica`)
  })
}

function replicaEndsOn(
  client: ClusterClient,
  brokerId: number,
  replicas: readonly ReplicaId[],
): Promise<Outcome<Map<string, Outcome<number>>>> {
  return askBroker(client, brokerId, async () => {
    const { listOffsets: api } = await import('../../protocol/messages/02-list-offsets.ts')
    const topics = byTopic(replicas, ({ partition }) => ({
      partitionIndex: partition,
      timestamp: BigInt(TIMESTAMPS.latest),
    }))
    const input = { replicaId: DEBUGGING_REPLICA_ID, topics, timeoutMs: client.options.requestTimeoutMs }
    const answer = await client.send(toBroker(brokerId), api, input)
    const ends = answer.topics.flatMap(({ name: topic, partitions }) =>
      partitions.map(({ partitionIndex: partition, errorCode, offset }): [string, Outcome<number>] => [
        nameOf({ topic, partition }),
        outcomeOf(errorCode, null, () => Number(offset)),
      ]),
    )
    return { ok: true, value: new Map(ends) }
  })
}
