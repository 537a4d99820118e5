/**
 * API key 22, InitProducerId. Versions 0-5, flexible from 2 (KIP-482); served on: broker.
 *
 * Version notes: 3: an epoch bump by naming producer id and epoch (KIP-360). 4: PRODUCER_FENCED (KIP-588). 5:
 * TRANSACTION_ABORTABLE (KIP-890).
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

export const initProducerId = defineApi({
  key: 22,
  name: 'InitProducerId',
  validVersions: '0-5',
  flexibleVersions: '2+',
  request: {
    transactionalId: string('0+', { nullable: '0+' }),
    transactionTimeoutMs: int32(),
    producerId: int64('3+', { default: -1n }),
    producerEpoch: int16('3+', { default: -1 }),
    enable2Pc: boolean('6+', { default: false }),
    keepPreparedTxn: boolean('6+', { default: false }),
  },
  response: {
    throttleTimeMs: int32('0+', { ignorable: true }),
    errorCode: int16(),
    producerId: int64('0+', { default: -1n }),
    producerEpoch: int16(),
    ongoingTxnProducerId: int64('6+', { default: -1n }),
    ongoingTxnProducerEpoch: int16('6+', { default: -1 }),
  },
})

export type InitProducerIdRequest = RequestOf<typeof initProducerId>
export type InitProducerIdResponse = ResponseOf<typeof initProducerId>
export type InitProducerIdRequestInput = RequestInput<typeof initProducerId>
export type InitProducerIdResponseInput = ResponseInput<typeof initProducerId>
