/**
 * API key 23, OffsetForLeaderEpoch. Versions 2-4, flexible from 4 (KIP-482); served on: broker.
 *
 * Version notes: 2: leader epoch of the asker (KIP-320). 3: replica id.
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

export const offsetForLeaderEpoch = defineApi({
  key: 23,
  name: 'OffsetForLeaderEpoch',
  validVersions: '2-4',
  flexibleVersions: '4+',
  request: {
    replicaId: int32('3+', { default: -2, ignorable: true }),
    topics: array({
      topic: string(),
      partitions: array({
        partition: int32(),
        currentLeaderEpoch: int32('2+', { default: -1, ignorable: true }),
        leaderEpoch: int32(),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32('2+', { ignorable: true }),
    topics: array({
      topic: string(),
      partitions: array({
        errorCode: int16(),
        partition: int32(),
        leaderEpoch: int32('1+', { default: -1, ignorable: true }),
        endOffset: int64('0+', { default: -1n }),
      }),
    }),
  },
})

export type OffsetForLeaderEpochRequest = RequestOf<typeof offsetForLeaderEpoch>
export type OffsetForLeaderEpochResponse = ResponseOf<typeof offsetForLeaderEpoch>
export type OffsetForLeaderEpochRequestInput = RequestInput<typeof offsetForLeaderEpoch>
export type OffsetForLeaderEpochResponseInput = ResponseInput<typeof offsetForLeaderEpoch>
