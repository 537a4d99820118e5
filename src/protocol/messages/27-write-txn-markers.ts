/** API key 27, WriteTxnMarkers. Versions 1-2, flexible from 1 (KIP-482); served on: broker. */
import {
  array,
  boolean,
  defineApi,
  int8,
  int16,
  int32,
  int64,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
  string,
} from '../schema.ts'

export const writeTxnMarkers = defineApi({
  key: 27,
  name: 'WriteTxnMarkers',
  validVersions: '1-2',
  flexibleVersions: '1+',
  request: {
    markers: array({
      producerId: int64(),
      producerEpoch: int16(),
      transactionResult: boolean(),
      topics: array({ name: string(), partitionIndexes: array(int32()) }),
      coordinatorEpoch: int32(),
      transactionVersion: int8('2+', { default: 0, ignorable: true }),
    }),
  },
  response: {
    markers: array({
      producerId: int64(),
      topics: array({ name: string(), partitions: array({ partitionIndex: int32(), errorCode: int16() }) }),
    }),
  },
})

export type WriteTxnMarkersRequest = RequestOf<typeof writeTxnMarkers>
export type WriteTxnMarkersResponse = ResponseOf<typeof writeTxnMarkers>
export type WriteTxnMarkersRequestInput = RequestInput<typeof writeTxnMarkers>
export type WriteTxnMarkersResponseInput = ResponseInput<typeof writeTxnMarkers>
