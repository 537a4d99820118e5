/**
 * API key 8, OffsetCommit, versions 2-10.
 *
 * Behaviour:
 * - Topics and partitions that are not there are answered here, the rest by the group coordinator once it is stored.
 *
 * Version notes:
 * - v6: leader epochs (KIP-320). v7: static members. v9: member epochs (KIP-848). v10: topic ids; an unknown one is
 *   UNKNOWN_TOPIC_ID.
 */
import { ErrorCode } from '../../protocol/error-codes.ts'
import {
  type OffsetCommitRequest,
  type OffsetCommitResponseInput,
  offsetCommit,
} from '../../protocol/messages/08-offset-commit.ts'
import type { BrokerServices } from '../broker-services.ts'
import { groupContext } from '../group-requests.ts'
import { defineHandler, type Handler, type RequestContext } from '../handler.ts'

type TopicRequest = OffsetCommitRequest['topics'][number]
type TopicResponse = NonNullable<OffsetCommitResponseInput['topics']>[number]

const FIRST_TOPIC_ID_VERSION = 10

interface Sorted {
  readonly known: TopicRequest[]
  readonly refused: TopicResponse[]
}

function refusal(topic: TopicRequest, partitions: TopicRequest['partitions'], errorCode: number): TopicResponse {
  const { name, topicId } = topic
  return { name, topicId, partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })) }
}

/** Splits what exists from what does not; names and ids are both filled in. */
function sortTopics(broker: BrokerServices, request: OffsetCommitRequest, apiVersion: number): Sorted {
  const known: TopicRequest[] = []
  const refused: TopicResponse[] = []
  const byId = apiVersion >= FIRST_TOPIC_ID_VERSION
  for (const topic of request.topics) {
    const image = byId ? broker.metadata.topicById(topic.topicId) : broker.metadata.topic(topic.name)
    if (image === undefined) {
      const errorCode = byId ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
      refused.push(refusal(topic, topic.partitions, errorCode))
      continue
    }
    const there = topic.partitions.filter(({ partitionIndex }) => image.partitions.has(partitionIndex))
    const missing = topic.partitions.filter(({ partitionIndex }) => !image.partitions.has(partitionIndex))
    if (missing.length > 0) refused.push(refusal(topic, missing, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION))
    if (there.length > 0) known.push({ name: image.name, topicId: image.id, partitions: there })
  }
  return { known, refused }
}

/** One entry per topic, as clients expect: a topic that was split is put together again. */
function merge(committed: readonly TopicResponse[], refused: readonly TopicResponse[], byId: boolean): TopicResponse[] {
  const merged = new Map<string, TopicResponse>()
  for (const topic of [...committed, ...refused]) {
    const key = (byId ? topic.topicId : topic.name) ?? ''
    const earlier = merged.get(key)
    const partitions = [...(earlier?.partitions ?? []), ...(topic.partitions ?? [])]
    merged.set(key, { ...topic, partitions })
  }
  return [...merged.values()]
}

async function commit(broker: BrokerServices, request: OffsetCommitRequest, context: RequestContext) {
  const { known, refused } = sortTopics(broker, request, context.apiVersion)
  if (known.length === 0) return { topics: refused }
  const response = await broker.groupCoordinator.commitOffsets({ ...request, topics: known }, groupContext(context))
  if (refused.length === 0) return response
  return { ...response, topics: merge(response.topics ?? [], refused, context.apiVersion >= FIRST_TOPIC_ID_VERSION) }
}

export function offsetCommitHandler(broker: BrokerServices): Handler<typeof offsetCommit> {
  return defineHandler(
    offsetCommit,
    { min: 2, max: 10 },
    async (request, context) => ({
      response: await commit(broker, request, context),
    }),
    (errorCode, _message, request) => ({
      topics: request.topics.map((topic) => refusal(topic, topic.partitions, errorCode)),
    }),
  )
}
