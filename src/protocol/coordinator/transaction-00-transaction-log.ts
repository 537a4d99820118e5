/** Record type 0 of `__transaction_state`: key and value. */
import { array, int8, int16, int32, int64, type Schema, type SchemaInput, type SchemaValue, string } from '../schema.ts'

export const transactionLogKey = {
  name: 'TransactionLogKey',
  validVersions: '0',
  flexibleVersions: 'none',
  fields: { transactionalId: string('0') },
} as const satisfies Schema
export type TransactionLogKey = SchemaValue<typeof transactionLogKey>
export type TransactionLogKeyInput = SchemaInput<typeof transactionLogKey>

export const transactionLogValue = {
  name: 'TransactionLogValue',
  validVersions: '0-1',
  flexibleVersions: '1+',
  fields: {
    producerId: int64(),
    previousProducerId: int64('1+', { tag: 0, taggedVersions: '1+', default: -1n }),
    nextProducerId: int64('1+', { tag: 1, taggedVersions: '1+', default: -1n }),
    producerEpoch: int16(),
    nextProducerEpoch: int16('1+', { tag: 3, taggedVersions: '1+', default: -1 }),
    transactionTimeoutMs: int32(),
    transactionStatus: int8(),
    transactionPartitions: array({ topic: string(), partitionIds: array(int32()) }, '0+', { nullable: '0+' }),
    transactionLastUpdateTimestampMs: int64(),
    transactionStartTimestampMs: int64(),
    clientTransactionVersion: int16('1+', { tag: 2, taggedVersions: '1+', default: 0 }),
  },
} as const satisfies Schema
export type TransactionLogValue = SchemaValue<typeof transactionLogValue>
export type TransactionLogValueInput = SchemaInput<typeof transactionLogValue>
