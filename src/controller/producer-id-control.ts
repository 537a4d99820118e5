/** Producer ids are handed to brokers in blocks (KIP-730), so that no two producers ever get the same one. */
import { KafkaError } from '../protocol/error-codes.ts'
import type {
  AllocateProducerIdsRequest,
  AllocateProducerIdsResponseInput,
} from '../protocol/messages/67-allocate-producer-ids.ts'
import type { ControllerResult } from './types.ts'
import { type ControllerView, checkBrokerEpoch } from './view.ts'

/** Ids in one block. */
export const PRODUCER_ID_BLOCK_SIZE = 1_000
const MAX_PRODUCER_ID = 2n ** 63n - 1n

export function allocateProducerIds(
  view: ControllerView,
  { brokerId, brokerEpoch }: AllocateProducerIdsRequest,
): ControllerResult<AllocateProducerIdsResponseInput> {
  checkBrokerEpoch(view, brokerId, brokerEpoch)
  const first = view.image.nextProducerId
  if (first > MAX_PRODUCER_ID - BigInt(PRODUCER_ID_BLOCK_SIZE)) {
    throw new KafkaError('UNKNOWN_SERVER_ERROR', 'Exhausted all producerIds')
  }
  const nextProducerId = first + BigInt(PRODUCER_ID_BLOCK_SIZE)
  return {
    records: [{ record: 'producerIdsRecord', body: { brokerId, brokerEpoch, nextProducerId } }],
    response: { errorCode: 0, producerIdStart: first, producerIdLen: PRODUCER_ID_BLOCK_SIZE },
  }
}
