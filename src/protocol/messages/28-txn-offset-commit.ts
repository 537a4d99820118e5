/**
 * API key 28, TxnOffsetCommit. Versions 0-5, flexible from 3 (KIP-482); served on: broker.
 *
 * Version notes: 3: member id, generation, group instance id, to fence zombies (KIP-447).
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

export const txnOffsetCommit = defineApi({
  key: 28,
  name: 'TxnOffsetCommit',
  validVersions: '0-5',
  flexibleVersions: '3+',
  request: {
    transactionalId: string(),
    groupId: string(),
    producerId: int64(),
    producerEpoch: int16(),
    generationId: int32('3+', { default: -1 }),
    memberId: string('3+', { default: '' }),
    groupInstanceId: string('3+', { nullable: '3+', default: null }),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        committedOffset: int64(),
        committedLeaderEpoch: int32('2+', { default: -1, ignorable: true }),
        committedMetadata: string('0+', { nullable: '0+' }),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32(),
    topics: array({ name: string(), partitions: array({ partitionIndex: int32(), errorCode: int16() }) }),
  },
})

export type TxnOffsetCommitRequest = RequestOf<typeof txnOffsetCommit>
export type TxnOffsetCommitResponse = ResponseOf<typeof txnOffsetCommit>
export type TxnOffsetCommitRequestInput = RequestInput<typeof txnOffsetCommit>
export type TxnOffsetCommitResponseInput = ResponseInput<typeof txnOffsetCommit>
