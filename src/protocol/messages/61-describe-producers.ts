/**
 * API key 61, DescribeProducers. Versions 0, flexible from 0 (KIP-482); served on: broker.
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

export const describeProducers = defineApi({
  key: 61,
  name: 'DescribeProducers',
  validVersions: '0',
  flexibleVersions: '0+',
  request: { topics: array({ name: string(), partitionIndexes: array(int32()) }) },
  response: {
    throttleTimeMs: int32(),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string('0+', { nullable: '0+', default: null }),
        activeProducers: array({
          producerId: int64(),
          producerEpoch: int32(),
          lastSequence: int32('0+', { default: -1 }),
          lastTimestamp: int64('0+', { default: -1n }),
          coordinatorEpoch: int32(),
          currentTxnStartOffset: int64('0+', { default: -1n }),
        }),
      }),
    }),
  },
})

export type DescribeProducersRequest = RequestOf<typeof describeProducers>
export type DescribeProducersResponse = ResponseOf<typeof describeProducers>
export type DescribeProducersRequestInput = RequestInput<typeof describeProducers>
export type DescribeProducersResponseInput = ResponseInput<typeof describeProducers>
