/**
 * API key 22, InitProducerId, versions 0-5.
 *
 * Behaviour:
 * - Without a transactional id: a fresh producer id with epoch 0 (idempotent producer, KIP-98). A producer id given
 *   along (v3, KIP-360) means nothing without a transactional id: Kafka, too, hands out a new one.
 *
 * Not implemented: transactions. A transactional id is answered TRANSACTIONAL_ID_AUTHORIZATION_FAILED, which clients take
 * as final: any "not available" would make them ask for ever.
 */
import { ErrorCode, KafkaError } from '../../protocol/error-codes.ts'
import { initProducerId } from '../../protocol/messages/22-init-producer-id.ts'
import type { BrokerServices } from '../broker-services.ts'
import { defineHandler, type Handler } from '../handler.ts'

const NO_PRODUCER_ID = -1n
const NO_PRODUCER_EPOCH = -1

export function initProducerIdHandler(broker: BrokerServices): Handler<typeof initProducerId> {
  return defineHandler(
    initProducerId,
    { min: 0, max: 5 },
    async (request) => {
      if (request.transactionalId === '') throw new KafkaError('INVALID_REQUEST')
      if (request.transactionalId !== null) throw new KafkaError('TRANSACTIONAL_ID_AUTHORIZATION_FAILED')
      const hasId = request.producerId !== NO_PRODUCER_ID
      const hasEpoch = request.producerEpoch !== NO_PRODUCER_EPOCH
      if (hasId !== hasEpoch) throw new KafkaError('INVALID_REQUEST')
      const producerId = await broker.producerIds.take()
      return { response: { errorCode: ErrorCode.NONE, producerId, producerEpoch: 0 } }
    },
    (errorCode) => ({ errorCode, producerId: NO_PRODUCER_ID, producerEpoch: NO_PRODUCER_EPOCH }),
  )
}
