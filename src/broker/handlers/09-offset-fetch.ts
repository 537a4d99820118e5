/**
 * API key 9, OffsetFetch, versions 1-10.
 *
 * Behaviour:
 * - What was never committed has offset -1 and no error. Null topics (v2) are all topics of the group.
 *
 * Version notes:
 * - v7: require stable (KIP-447). v8: several groups (KIP-709). v9: member epochs (KIP-848). v10: topic ids; an unknown
 *   one is UNKNOWN_TOPIC_ID, and "all topics" leaves out those whose id nobody knows any more.
 */
import { ZERO_UUID } from '../../base/uuid.ts'
import { ErrorCode } from '../../protocol/error-codes.ts'
import {
  type OffsetFetchRequest,
  type OffsetFetchResponseInput,
  offsetFetch,
} from '../../protocol/messages/09-offset-fetch.ts'
import type { BrokerServices } from '../broker-services.ts'
import { groupContext } from '../group-requests.ts'
import { defineHandler, type Handler } from '../handler.ts'

type GroupRequest = OffsetFetchRequest['groups'][number]
type TopicRequest = NonNullable<GroupRequest['topics']>[number]
type GroupResponse = NonNullable<OffsetFetchResponseInput['groups']>[number]
type TopicResponse = NonNullable<GroupResponse['topics']>[number]

const FIRST_TOPIC_ID_VERSION = 10

/** The coordinator knows topics by name. */
function named(broker: BrokerServices, group: GroupRequest): GroupRequest {
  const topics = group.topics?.flatMap((topic) => {
    const name = broker.metadata.topicById(topic.topicId)?.name
    return name === undefined ? [] : [{ ...topic, name }]
  })
  return { ...group, topics: topics ?? null }
}

function unknownTopics(broker: BrokerServices, topics: readonly TopicRequest[] | null): TopicResponse[] {
  return (topics ?? [])
    .filter(({ topicId }) => broker.metadata.topicById(topicId) === undefined)
    .map(({ topicId, partitionIndexes }) => ({
      topicId,
      partitions: partitionIndexes.map((partitionIndex) => ({
        partitionIndex,
        committedOffset: -1n,
        metadata: '',
        errorCode: ErrorCode.UNKNOWN_TOPIC_ID,
      })),
    }))
}

function withIds(broker: BrokerServices, asked: GroupRequest, answered: GroupResponse): GroupResponse {
  if (answered.errorCode !== undefined && answered.errorCode !== ErrorCode.NONE) return answered
  const known = (answered.topics ?? []).flatMap((topic) => {
    const told = topic.topicId ?? ZERO_UUID
    const topicId = told === ZERO_UUID ? broker.metadata.topic(topic.name ?? '')?.id : told
    return topicId === undefined ? [] : [{ ...topic, topicId }]
  })
  return { ...answered, topics: [...known, ...unknownTopics(broker, asked.topics)] }
}

export function offsetFetchHandler(broker: BrokerServices): Handler<typeof offsetFetch> {
  return defineHandler(offsetFetch, { min: 1, max: 10 }, async (request, context) => {
    if (context.apiVersion < FIRST_TOPIC_ID_VERSION) {
      return { response: await broker.groupCoordinator.fetchOffsets(request, groupContext(context)) }
    }
    const groups = request.groups.map((group) => named(broker, group))
    const response = await broker.groupCoordinator.fetchOffsets({ ...request, groups }, groupContext(context))
    const answered = response.groups?.map((group, index) => withIds(broker, request.groups[index]!, group))
    return { response: { ...response, groups: answered } }
  })
}
