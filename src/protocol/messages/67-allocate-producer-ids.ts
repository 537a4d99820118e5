/** API key 67, AllocateProducerIds. Versions 0, flexible from 0 (KIP-482); served on: controller. */
import {
  defineApi,
  int16,
  int32,
  int64,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
} from '../schema.ts'

export const allocateProducerIds = defineApi({
  key: 67,
  name: 'AllocateProducerIds',
  validVersions: '0',
  flexibleVersions: '0+',
  request: { brokerId: int32(), brokerEpoch: int64('0+', { default: -1n }) },
  response: { throttleTimeMs: int32(), errorCode: int16(), producerIdStart: int64(), producerIdLen: int32() },
})

export type AllocateProducerIdsRequest = RequestOf<typeof allocateProducerIds>
export type AllocateProducerIdsResponse = ResponseOf<typeof allocateProducerIds>
export type AllocateProducerIdsRequestInput = RequestInput<typeof allocateProducerIds>
export type AllocateProducerIdsResponseInput = ResponseInput<typeof allocateProducerIds>
