/**
 * API key 2, ListOffsets. Versions 1-11, flexible from 6 (KIP-482); served on: broker.
 *
 * Version notes: 1: one offset per timestamp (KIP-79). 2: isolation level (KIP-98). 4: leader epoch (KIP-320). 7:
 * timestamp -3, the record with the largest timestamp (KIP-734). 8: -4, earliest local offset (KIP-405). 9: -5, latest
 * tiered offset (KIP-1005). 10: timeout for what lies in remote storage (KIP-1075). 11: -6, earliest offset not yet
 * tiered (KIP-1023).
 */
import {
  array,
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

export const listOffsets = defineApi({
  key: 2,
  name: 'ListOffsets',
  validVersions: '1-11',
  flexibleVersions: '6+',
  request: {
    replicaId: int32(),
    isolationLevel: int8('2+'),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        currentLeaderEpoch: int32('4+', { default: -1, ignorable: true }),
        timestamp: int64(),
      }),
    }),
    timeoutMs: int32('10+', { ignorable: true }),
  },
  response: {
    throttleTimeMs: int32('2+', { ignorable: true }),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        timestamp: int64('1+', { default: -1n }),
        offset: int64('1+', { default: -1n }),
        leaderEpoch: int32('4+', { default: -1 }),
      }),
    }),
  },
})

export type ListOffsetsRequest = RequestOf<typeof listOffsets>
export type ListOffsetsResponse = ResponseOf<typeof listOffsets>
export type ListOffsetsRequestInput = RequestInput<typeof listOffsets>
export type ListOffsetsResponseInput = ResponseInput<typeof listOffsets>
