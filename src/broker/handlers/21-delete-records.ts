/**
 * API key 21, DeleteRecords, versions 0-2.
 *
 * Behaviour:
 * - Moves the log start offset of a partition; -1 is the high watermark, beyond it OFFSET_OUT_OF_RANGE.
 * - A compacted topic without `delete` is POLICY_VIOLATION, an internal topic INVALID_TOPIC_EXCEPTION.
 * - Answers the low watermark: the smallest log start offset of the live replicas, ours while we are the only one.
 */
import { ErrorCode, KafkaError } from '../../protocol/error-codes.ts'
import { deleteRecords } from '../../protocol/messages/21-delete-records.ts'
import type { BrokerServices } from '../broker-services.ts'
import { defineHandler, type Handler } from '../handler.ts'
import { isInternalTopic } from '../topic-names.ts'

const INVALID_LOW_WATERMARK = -1n

function deleteBefore(broker: BrokerServices, topic: string, index: number, offset: bigint): bigint {
  if (broker.metadata.partition(topic, index) === undefined) throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION')
  if (isInternalTopic(topic)) throw new KafkaError('INVALID_TOPIC_EXCEPTION')
  return BigInt(broker.replicaManager.partitionOrThrow(topic, index).deleteRecordsBefore(Number(offset)))
}

export function deleteRecordsHandler(broker: BrokerServices): Handler<typeof deleteRecords> {
  return defineHandler(deleteRecords, { min: 0, max: 2 }, (request) => {
    const topics = request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex, offset }) => {
        try {
          const lowWatermark = deleteBefore(broker, name, partitionIndex, offset)
          return { partitionIndex, lowWatermark, errorCode: ErrorCode.NONE }
        } catch (error) {
          if (!(error instanceof KafkaError)) broker.logger.error(`deleting records of ${name} failed`, error)
          const errorCode = error instanceof KafkaError ? error.code : ErrorCode.UNKNOWN_SERVER_ERROR
          return { partitionIndex, lowWatermark: INVALID_LOW_WATERMARK, errorCode }
        }
      }),
    }))
    return { response: { topics } }
  })
}
