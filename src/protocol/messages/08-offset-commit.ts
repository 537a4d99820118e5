/**
 * API key 8, OffsetCommit. Versions 2-10, flexible from 8 (KIP-482); served on: broker.
 *
 * Version notes: 5: retention time is gone (KIP-211). 6: leader epoch (KIP-320). 7: group instance id (KIP-345). 9:
 * member epoch of the consumer protocol (KIP-848). 10: topics by id.
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
  uuid,
} from '../schema.ts'

export const offsetCommit = defineApi({
  key: 8,
  name: 'OffsetCommit',
  validVersions: '2-10',
  flexibleVersions: '8+',
  request: {
    groupId: string(),
    generationIdOrMemberEpoch: int32('1+', { default: -1, ignorable: true }),
    memberId: string('1+', { ignorable: true }),
    groupInstanceId: string('7+', { nullable: '7+', default: null }),
    retentionTimeMs: int64('2-4', { default: -1n, ignorable: true }),
    topics: array({
      name: string('0-9', { ignorable: true }),
      topicId: uuid('10+', { ignorable: true }),
      partitions: array({
        partitionIndex: int32(),
        committedOffset: int64(),
        committedLeaderEpoch: int32('6+', { default: -1, ignorable: true }),
        committedMetadata: string('0+', { nullable: '0+' }),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32('3+', { ignorable: true }),
    topics: array({
      name: string('0-9', { ignorable: true }),
      topicId: uuid('10+', { ignorable: true }),
      partitions: array({ partitionIndex: int32(), errorCode: int16() }),
    }),
  },
})

export type OffsetCommitRequest = RequestOf<typeof offsetCommit>
export type OffsetCommitResponse = ResponseOf<typeof offsetCommit>
export type OffsetCommitRequestInput = RequestInput<typeof offsetCommit>
export type OffsetCommitResponseInput = ResponseInput<typeof offsetCommit>
