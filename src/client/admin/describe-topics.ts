/** Topic descriptions: DescribeTopicPartitions (KIP-966) page by page, or Metadata from brokers before 3.8. */
import { type Uuid, ZERO_UUID } from '../../base/uuid.ts'
import { ErrorCode, errorName, KafkaError } from '../../protocol/error-codes.ts'
import { type MetadataResponse, metadata } from '../../protocol/messages/03-metadata.ts'
import {
  type DescribeTopicPartitionsResponse,
  describeTopicPartitions,
} from '../../protocol/messages/75-describe-topic-partitions.ts'
import type { Outcome, PartitionDescription, TopicDescription } from '../admin-types.ts'
import { ANY, type ClusterClient } from '../cluster-client.ts'
import type { Connection } from '../connection.ts'
import { commonVersion } from '../handshake.ts'
import { failed, failureOf, outcomeOf } from './outcome.ts'

/** Partitions in one page: Kafka's `max.request.partition.size.limit` default. */
const PAGE_PARTITIONS = 2_000

type Descriptions = Map<string, Outcome<TopicDescription>>

/** One outcome per name in the order asked, or every topic sorted by name. */
export async function describeTopics(
  client: ClusterClient,
  names: readonly string[] | 'all',
  { partitionsPerResponse = PAGE_PARTITIONS }: { partitionsPerResponse?: number } = {},
): Promise<Descriptions> {
  if (names !== 'all' && names.length === 0) return new Map()
  const found = await client.retrying('DescribeTopicPartitions', async () => {
    const connection = await client.connection(ANY)
    const paged = commonVersion(describeTopicPartitions, connection.versions) !== null
    return paged ? byPages(client, connection, names, partitionsPerResponse) : byMetadata(client, names)
  })
  if (names !== 'all') {
    const missing = failed(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
    return new Map(names.map((name) => [name, found.get(name) ?? missing]))
  }
  return new Map([...found].sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)))
}

async function byPages(
  client: ClusterClient,
  connection: Connection,
  names: readonly string[] | 'all',
  partitionsPerResponse: number,
): Promise<Descriptions> {
  const found: Descriptions = new Map()
  const topics = names === 'all' ? [] : [...new Set(names)].sort().map((name) => ({ name }))
  let cursor: DescribeTopicPartitionsResponse['nextCursor'] = null
  do {
    const answer: DescribeTopicPartitionsResponse = await client.sendOn(connection, describeTopicPartitions, {
      topics,
      responsePartitionLimit: partitionsPerResponse,
      cursor,
    })
    for (const topic of answer.topics) addPage(found, topic)
    if (samePlace(cursor, answer.nextCursor)) throw new KafkaError('UNKNOWN_SERVER_ERROR', 'the cursor does not move')
    cursor = answer.nextCursor
  } while (cursor !== null)
  return found
}

type Cursor = DescribeTopicPartitionsResponse['nextCursor']

/** A broker that answers with the cursor it was given would keep us asking for ever. */
function samePlace(left: Cursor, right: Cursor): boolean {
  return left !== null && left.topicName === right?.topicName && left.partitionIndex === right.partitionIndex
}

/** A topic cut by the page limit continues on the next page. */
function addPage(found: Descriptions, topic: DescribeTopicPartitionsResponse['topics'][number]): void {
  const name = topic.name ?? ''
  const partitions = topic.partitions.map((partition) => ({
    ...partitionOf(partition),
    elr: partition.eligibleLeaderReplicas ?? [],
    lastKnownElr: partition.lastKnownElr ?? [],
  }))
  const before = found.get(name)
  const earlier = before?.ok ? before.value.partitions : []
  const { topicId, isInternal, errorCode } = topic
  found.set(
    name,
    outcomeOf(errorCode, null, () => ({ name, topicId, isInternal, partitions: [...earlier, ...partitions] })),
  )
}

async function byMetadata(client: ClusterClient, names: readonly string[] | 'all'): Promise<Descriptions> {
  const answer = await client.send(ANY, metadata, (version) => ({
    topics: names === 'all' ? (version === 0 ? [] : null) : names.map((name) => ({ name })),
    allowAutoTopicCreation: version < 4,
  }))
  if (answer.errorCode !== ErrorCode.NONE) throw new KafkaError(errorName(answer.errorCode))
  return new Map(answer.topics.map((topic) => [topic.name ?? '', fromMetadata(topic)]))
}

function fromMetadata(topic: MetadataResponse['topics'][number]): Outcome<TopicDescription> {
  const { name, topicId, isInternal, errorCode } = topic
  return outcomeOf(errorCode, null, () => {
    const partitions = topic.partitions.map((partition) => ({
      ...partitionOf(partition),
      elr: null,
      lastKnownElr: null,
    }))
    partitions.sort((left, right) => left.partition - right.partition)
    return { name: name ?? '', topicId, isInternal, partitions }
  })
}

function partitionOf(
  partition: MetadataResponse['topics'][number]['partitions'][number],
): Omit<PartitionDescription, 'elr' | 'lastKnownElr'> {
  return {
    partition: partition.partitionIndex,
    leader: partition.leaderId,
    leaderEpoch: partition.leaderEpoch,
    replicas: partition.replicaNodes,
    isr: partition.isrNodes,
    offlineReplicas: partition.offlineReplicas,
    // A partition without a leader is a description, not a failure: `leader` says it.
    error: failureOf(partition.errorCode === ErrorCode.LEADER_NOT_AVAILABLE ? 0 : partition.errorCode),
  }
}

/** First Metadata version that finds topics by id (KIP-516). */
const TOPIC_IDS_FROM = 12

/** Descriptions by topic id. Brokers before 3.1 answer UNSUPPORTED_VERSION per topic. */
export function describeTopicsById(
  client: ClusterClient,
  ids: readonly Uuid[],
): Promise<Map<Uuid, Outcome<TopicDescription>>> {
  return client.retrying('Metadata', async () => {
    const connection = await client.connection(ANY)
    const version = commonVersion(metadata, connection.versions) ?? 0
    if (version < TOPIC_IDS_FROM) return new Map(ids.map((id) => [id, failed(ErrorCode.UNSUPPORTED_VERSION)]))
    const wanted = ids.filter((id) => id !== ZERO_UUID)
    const answer = await client.sendOn(connection, metadata, {
      topics: wanted.map((topicId) => ({ topicId, name: null })),
      allowAutoTopicCreation: false,
    })
    const found = new Map(answer.topics.map((topic) => [topic.topicId, fromMetadata(topic)]))
    return new Map(ids.map((id) => [id, found.get(id) ?? failed(ErrorCode.UNKNOWN_TOPIC_ID)]))
  })
}
