/**
 * API key 23, OffsetForLeaderEpoch, versions 2-4.
 *
 * Behaviour:
 * - The largest epoch at or below the asked one, and where it ends: how a client notices truncation (KIP-320).
 *   Nothing known of it is -1/-1 without an error.
 * - The client's own epoch is checked first: FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH.
 */
import { ErrorCode, KafkaError } from '../../protocol/error-codes.ts'
import {
  type OffsetForLeaderEpochRequest,
  offsetForLeaderEpoch,
} from '../../protocol/messages/23-offset-for-leader-epoch.ts'
import type { BrokerServices } from '../broker-services.ts'
import { defineHandler, type Handler } from '../handler.ts'

type PartitionRequest = OffsetForLeaderEpochRequest['topics'][number]['partitions'][number]

function endOf(broker: BrokerServices, topic: string, request: PartitionRequest) {
  const { partition: index, currentLeaderEpoch, leaderEpoch } = request
  try {
    const partition = broker.replicaManager.partitionOrThrow(topic, index)
    partition.checkLeader(currentLeaderEpoch)
    const end = partition.lastOffsetForEpoch(leaderEpoch)
    return {
      partition: index,
      errorCode: ErrorCode.NONE,
      leaderEpoch: end.leaderEpoch,
      endOffset: BigInt(end.endOffset),
    }
  } catch (error) {
    if (error instanceof KafkaError) return { partition: index, errorCode: error.code }
    throw error
  }
}

export function offsetForLeaderEpochHandler(broker: BrokerServices): Handler<typeof offsetForLeaderEpoch> {
  return defineHandler(
    offsetForLeaderEpoch,
    { min: 2, max: 4 },
    (request) => ({
      response: {
        topics: request.topics.map(({ topic, partitions }) => ({
          topic,
          partitions: partitions.map((partition) => endOf(broker, topic, partition)),
        })),
      },
    }),
    (errorCode, _message, request) => ({
      topics: request.topics.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map(({ partition }) => ({ partition, errorCode })),
      })),
    }),
  )
}
