/**
 * API key 21, DeleteRecords. Versions 0-2, flexible from 2 (KIP-482); served on: broker.
 *
 * Version notes: all of it is KIP-107.
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

export const deleteRecords = defineApi({
  key: 21,
  name: 'DeleteRecords',
  validVersions: '0-2',
  flexibleVersions: '2+',
  request: {
    topics: array({ name: string(), partitions: array({ partitionIndex: int32(), offset: int64() }) }),
    timeoutMs: int32(),
  },
  response: {
    throttleTimeMs: int32(),
    topics: array({
      name: string(),
      partitions: array({ partitionIndex: int32(), lowWatermark: int64(), errorCode: int16() }),
    }),
  },
})

export type DeleteRecordsRequest = RequestOf<typeof deleteRecords>
export type DeleteRecordsResponse = ResponseOf<typeof deleteRecords>
export type DeleteRecordsRequestInput = RequestInput<typeof deleteRecords>
export type DeleteRecordsResponseInput = ResponseInput<typeof deleteRecords>
