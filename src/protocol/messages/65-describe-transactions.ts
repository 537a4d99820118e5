/**
 * API key 65, DescribeTransactions. Versions 0, flexible from 0 (KIP-482); served on: broker.
 *
 * Version notes: all of it is KIP-664.
 */
import {
  array,
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

export const describeTransactions = defineApi({
  key: 65,
  name: 'DescribeTransactions',
  validVersions: '0',
  flexibleVersions: '0+',
  request: { transactionalIds: array(string()) },
  response: {
    throttleTimeMs: int32(),
    transactionStates: array({
      errorCode: int16(),
      transactionalId: string(),
      transactionState: string(),
      transactionTimeoutMs: int32(),
      transactionStartTimeMs: int64(),
      producerId: int64(),
      producerEpoch: int16(),
      topics: array({ topic: string(), partitions: array(int32()) }),
    }),
  },
})

export type DescribeTransactionsRequest = RequestOf<typeof describeTransactions>
export type DescribeTransactionsResponse = ResponseOf<typeof describeTransactions>
export type DescribeTransactionsRequestInput = RequestInput<typeof describeTransactions>
export type DescribeTransactionsResponseInput = ResponseInput<typeof describeTransactions>
