/**
 * API key 26, EndTxn. Versions 0-5, flexible from 3 (KIP-482); served on: broker.
 *
 * Version notes: 5: ends the transaction and bumps the epoch, the answer says to what (KIP-890).
 */
import {
  boolean,
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

export const endTxn = defineApi({
  key: 26,
  name: 'EndTxn',
  validVersions: '0-5',
  flexibleVersions: '3+',
  request: { transactionalId: string(), producerId: int64(), producerEpoch: int16(), committed: boolean() },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    producerId: int64('5+', { default: -1n, ignorable: true }),
    producerEpoch: int16('5+', { default: -1, ignorable: true }),
  },
})

export type EndTxnRequest = RequestOf<typeof endTxn>
export type EndTxnResponse = ResponseOf<typeof endTxn>
export type EndTxnRequestInput = RequestInput<typeof endTxn>
export type EndTxnResponseInput = ResponseInput<typeof endTxn>
