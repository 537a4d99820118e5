/** API key 25, AddOffsetsToTxn. Versions 0-4, flexible from 3 (KIP-482); served on: broker. */
import {
  defineApi,
  int16,
  int32,
  int64,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
  string,
} from '../schema.ts'

export const addOffsetsToTxn = defineApi({
  key: 25,
  name: 'AddOffsetsToTxn',
  validVersions: '0-4',
  flexibleVersions: '3+',
  request: { transactionalId: string(), producerId: int64(), producerEpoch: int16(), groupId: string() },
  response: { throttleTimeMs: int32(), errorCode: int16() },
})

export type AddOffsetsToTxnRequest = RequestOf<typeof addOffsetsToTxn>
export type AddOffsetsToTxnResponse = ResponseOf<typeof addOffsetsToTxn>
export type AddOffsetsToTxnRequestInput = RequestInput<typeof addOffsetsToTxn>
export type AddOffsetsToTxnResponseInput = ResponseInput<typeof addOffsetsToTxn>
