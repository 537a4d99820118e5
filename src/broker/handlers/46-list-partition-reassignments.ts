/**
 * API key 46, ListPartitionReassignments, version 0 (KIP-455).
 *
 * Behaviour:
 * - Partitions with replicas being added or removed, of all topics or of those named; others are left out, as are unknown
 *   topics and partitions.
 * - Answered from the metadata image by brokers and controllers alike; Kafka's broker hands the question on, so that its
 *   answer may be newer.
 */
import type { MetadataImage, TopicImage } from '../../metadata/types.ts'
import { ErrorCode } from '../../protocol/error-codes.ts'
import { listPartitionReassignments } from '../../protocol/messages/46-list-partition-reassignments.ts'
import { defineHandler, type Handler } from '../handler.ts'

function ongoing(topic: TopicImage, indexes: readonly number[]) {
  return indexes.flatMap((partitionIndex) => {
    const partition = topic.partitions.get(partitionIndex)
    if (partition === undefined) return []
    const { replicas, addingReplicas, removingReplicas } = partition
    if (addingReplicas.length === 0 && removingReplicas.length === 0) return []
    return [
      {
        partitionIndex,
        replicas: [...replicas],
        addingReplicas: [...addingReplicas],
        removingReplicas: [...removingReplicas],
      },
    ]
  })
}

export function listPartitionReassignmentsHandler(
  image: () => MetadataImage,
): Handler<typeof listPartitionReassignments> {
  return defineHandler(listPartitionReassignments, { min: 0, max: 0 }, (request) => {
    const { topicsByName } = image()
    const asked =
      request.topics ??
      [...topicsByName.values()].map(({ name, partitions }) => ({ name, partitionIndexes: [...partitions.keys()] }))
    const topics = asked.flatMap(({ name, partitionIndexes }) => {
      const topic = topicsByName.get(name)
      const partitions = topic === undefined ? [] : ongoing(topic, partitionIndexes)
      return partitions.length === 0 ? [] : [{ name, partitions }]
    })
    return { response: { errorCode: ErrorCode.NONE, errorMessage: null, topics } }
  })
}
