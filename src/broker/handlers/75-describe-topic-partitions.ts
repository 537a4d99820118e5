/**
 * API key 75, DescribeTopicPartitions, version 0 (KIP-966).
 *
 * Behaviour:
 * - Topics sorted by name, from the cursor on; no topics named are all topics.
 * - At most `max.request.partition.size.limit` partitions, and no more than the client wants; a cursor says where the
 *   next request starts. Unknown names are errors only when they were named.
 */
import { ZERO_UUID } from '../../base/uuid.ts'
import type { PartitionRegistration, TopicImage } from '../../metadata/types.ts'
import { ErrorCode, KafkaError } from '../../protocol/error-codes.ts'
import {
  type DescribeTopicPartitionsRequest,
  type DescribeTopicPartitionsResponseInput,
  describeTopicPartitions,
} from '../../protocol/messages/75-describe-topic-partitions.ts'
import { TOPIC_OPERATIONS } from '../authorized-operations.ts'
import type { BrokerServices } from '../broker-services.ts'
import { defineHandler, type Handler } from '../handler.ts'
import { isInternalTopic, isValidTopicName } from '../topic-names.ts'

type TopicResponse = NonNullable<DescribeTopicPartitionsResponseInput['topics']>[number]
type Cursor = DescribeTopicPartitionsResponseInput['nextCursor']

const NO_LEADER = -1

function sortedNames(broker: BrokerServices, request: DescribeTopicPartitionsRequest): string[] {
  const { cursor } = request
  const from = cursor?.topicName ?? ''
  const all = request.topics.length === 0
  const names = all ? broker.metadata.image.topicsByName.keys() : request.topics.map(({ name }) => name)
  const wanted = [...new Set(names)].filter((name) => name >= from).sort()
  if (cursor !== null && !all && !wanted.includes(cursor.topicName)) {
    throw new KafkaError(
      'INVALID_REQUEST',
      `DescribeTopicPartitionsRequest topic list should contain the cursor topic: ${cursor.topicName}`,
    )
  }
  if (cursor !== null && cursor.partitionIndex < 0) {
    throw new KafkaError('INVALID_REQUEST', 'DescribeTopicPartitionsRequest cursor partition must be valid')
  }
  return wanted
}

class DescribeOperation {
  private readonly broker: BrokerServices
  private readonly listenerName: string
  private readonly request: DescribeTopicPartitionsRequest
  private left: number

  constructor(broker: BrokerServices, listenerName: string, request: DescribeTopicPartitionsRequest) {
    this.broker = broker
    this.listenerName = listenerName
    this.request = request
    this.left = Math.max(1, Math.min(broker.config.maxRequestPartitionSizeLimit, request.responsePartitionLimit))
  }

  run(): DescribeTopicPartitionsResponseInput {
    const topics: TopicResponse[] = []
    const { cursor } = this.request
    for (const name of sortedNames(this.broker, this.request)) {
      if (this.left === 0) return { topics, nextCursor: { topicName: name, partitionIndex: 0 } }
      const topic = this.broker.metadata.topic(name)
      if (topic === undefined) {
        if (this.request.topics.length > 0) topics.push(unknown(name))
        continue
      }
      const start = cursor?.topicName === name ? cursor.partitionIndex : 0
      const nextCursor = this.add(topics, topic, start)
      if (nextCursor !== null) return { topics, nextCursor }
    }
    return { topics }
  }

  private add(topics: TopicResponse[], topic: TopicImage, start: number): Cursor {
    const end = Math.min(topic.partitions.size, start + this.left)
    const partitions: NonNullable<TopicResponse['partitions']>[number][] = []
    for (let index = start; index < end; index++) {
      const registration = topic.partitions.get(index)
      if (registration !== undefined) partitions.push(this.partition(index, registration))
    }
    topics.push({
      errorCode: ErrorCode.NONE,
      name: topic.name,
      topicId: topic.id,
      isInternal: isInternalTopic(topic.name),
      partitions,
      topicAuthorizedOperations: TOPIC_OPERATIONS,
    })
    this.left -= partitions.length
    return end < topic.partitions.size ? { topicName: topic.name, partitionIndex: end } : null
  }

  private partition(partitionIndex: number, registration: PartitionRegistration) {
    const { metadata } = this.broker
    const alive = metadata.aliveEndpoint(registration.leader, this.listenerName) !== null
    return {
      errorCode: ErrorCode.NONE,
      partitionIndex,
      leaderId: alive ? registration.leader : NO_LEADER,
      leaderEpoch: registration.leaderEpoch,
      replicaNodes: registration.replicas,
      isrNodes: registration.isr,
      // Never null: clients iterate over both.
      eligibleLeaderReplicas: registration.elr,
      lastKnownElr: registration.lastKnownElr,
      offlineReplicas: metadata.offlineReplicas(registration, this.listenerName),
    }
  }
}

function unknown(name: string): TopicResponse {
  const errorCode = isValidTopicName(name) ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.INVALID_TOPIC_EXCEPTION
  const isInternal = isInternalTopic(name)
  return { errorCode, name, topicId: ZERO_UUID, isInternal, topicAuthorizedOperations: TOPIC_OPERATIONS }
}

export function describeTopicPartitionsHandler(broker: BrokerServices): Handler<typeof describeTopicPartitions> {
  return defineHandler(
    describeTopicPartitions,
    { min: 0, max: 0 },
    (request, context) => ({ response: new DescribeOperation(broker, context.listenerName, request).run() }),
    (errorCode, _message, request) => ({ topics: request.topics.map(({ name }) => ({ name, errorCode })) }),
  )
}
