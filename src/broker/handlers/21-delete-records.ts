/**
 * API key 21, DeleteRecords, versions 0-2.
 *
 * Behaviour:
 * - Moves the log start offset of a partition; -1 is the high watermark, beyond it OFFSET_OUT_OF_RANGE.
 * - A compacted topic without `delete` is POLICY_VIOLATION, an internal topic INVALID_TOPIC_EXCEPTION.
 * - Answers the low watermark, the smallest log start offset of the live replicas, once it has reached what was asked for;
 *   REQUEST_TIMED_OUT when that takes longer than the request's time. The records are then gone here all the same.
 */
import { ErrorCode, KafkaError } from '../../protocol/error-codes.ts'
import { deleteRecords } from '../../protocol/messages/21-delete-records.ts'
import type { BrokerServices } from '../broker-services.ts'
import { defineHandler, type Handler } from '../handler.ts'
import type { PendingDeletion } from '../replica-manager.ts'
import { isInternalTopic } from '../topic-names.ts'

const INVALID_LOW_WATERMARK = -1n

interface PartitionAnswer {
  readonly partitionIndex: number
  errorCode: number
  lowWatermark: bigint
}

type Deletion = PendingDeletion & { readonly response: PartitionAnswer }

function deleteBefore(broker: BrokerServices, topic: string, index: number, offset: bigint): Deletion {
  if (broker.metadata.partition(topic, index) === undefined) throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION')
  if (isInternalTopic(topic)) throw new KafkaError('INVALID_TOPIC_EXCEPTION')
  const partition = broker.replicaManager.partitionOrThrow(topic, index)
  const requiredOffset = partition.deleteRecordsBefore(Number(offset))
  const response: PartitionAnswer = {
    partitionIndex: index,
    errorCode: ErrorCode.NONE,
    lowWatermark: BigInt(partition.lowWatermark),
  }
  return { partition, requiredOffset, response }
}

function failure(broker: BrokerServices, topic: string, partitionIndex: number, error: unknown): PartitionAnswer {
  if (!(error instanceof KafkaError)) broker.logger.error(`deleting records of ${topic} failed`, error)
  const errorCode = error instanceof KafkaError ? error.code : ErrorCode.UNKNOWN_SERVER_ERROR
  return { partitionIndex, lowWatermark: INVALID_LOW_WATERMARK, errorCode }
}

export function deleteRecordsHandler(broker: BrokerServices): Handler<typeof deleteRecords> {
  return defineHandler(deleteRecords, { min: 0, max: 2 }, async (request, context) => {
    const pending: PendingDeletion[] = []
    const topics = request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex, offset }) => {
        try {
          const deletion = deleteBefore(broker, name, partitionIndex, offset)
          pending.push(deletion)
          return deletion.response
        } catch (error) {
          return failure(broker, name, partitionIndex, error)
        }
      }),
    }))
    await broker.replicaManager.waitUntilDeleted(pending, request.timeoutMs, context.closed)
    return { response: { topics } }
  })
}
