/**
 * API key 47, OffsetDelete, version 0 (KIP-496).
 *
 * Behaviour:
 * - Topics and partitions that are not there are UNKNOWN_TOPIC_OR_PARTITION; those a member of the group subscribes to
 *   are GROUP_SUBSCRIBED_TO_TOPIC, by the group coordinator.
 */
import { ErrorCode } from '../../protocol/error-codes.ts'
import {
  type OffsetDeleteRequest,
  type OffsetDeleteResponseInput,
  offsetDelete,
} from '../../protocol/messages/47-offset-delete.ts'
import type { BrokerServices } from '../broker-services.ts'
import { groupContext } from '../group-requests.ts'
import { defineHandler, type Handler } from '../handler.ts'

type TopicRequest = OffsetDeleteRequest['topics'][number]
type TopicResponse = NonNullable<OffsetDeleteResponseInput['topics']>[number]

function split(broker: BrokerServices, topic: TopicRequest): { there: TopicRequest; missing: TopicResponse } {
  const exists = (index: number): boolean => broker.metadata.partition(topic.name, index) !== undefined
  const errorCode = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
  return {
    there: { name: topic.name, partitions: topic.partitions.filter(({ partitionIndex }) => exists(partitionIndex)) },
    missing: {
      name: topic.name,
      partitions: topic.partitions
        .filter(({ partitionIndex }) => !exists(partitionIndex))
        .map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
    },
  }
}

function merge(answered: readonly TopicResponse[], missing: readonly TopicResponse[]): TopicResponse[] {
  const merged = new Map<string, TopicResponse>()
  for (const topic of [...answered, ...missing]) {
    const name = topic.name ?? ''
    merged.set(name, { name, partitions: [...(merged.get(name)?.partitions ?? []), ...(topic.partitions ?? [])] })
  }
  return [...merged.values()]
}

export function offsetDeleteHandler(broker: BrokerServices): Handler<typeof offsetDelete> {
  return defineHandler(offsetDelete, { min: 0, max: 0 }, async (request, context) => {
    const parts = request.topics.map((topic) => split(broker, topic))
    const topics = parts.map(({ there }) => there).filter(({ partitions }) => partitions.length > 0)
    const missing = parts.map(({ missing }) => missing).filter(({ partitions }) => partitions!.length > 0)
    const response = await broker.groupCoordinator.deleteOffsets({ ...request, topics }, groupContext(context))
    if (response.errorCode !== undefined && response.errorCode !== ErrorCode.NONE) return { response }
    return { response: { ...response, topics: merge(response.topics ?? [], missing) } }
  })
}
