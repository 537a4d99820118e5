/**
 * API key 9, OffsetFetch. Versions 1-10, flexible from 6 (KIP-482); served on: broker.
 *
 * Version notes: 2: null asks for all topics; error for the whole answer. 5: leader epoch (KIP-320). 7: waits for open
 * transactions when asked to (KIP-447). 8: many groups in one request (KIP-709). 9: member id and epoch (KIP-848). 10:
 * topics by id.
 */
import {
  array,
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
  uuid,
} from '../schema.ts'

export const offsetFetch = defineApi({
  key: 9,
  name: 'OffsetFetch',
  validVersions: '1-10',
  flexibleVersions: '6+',
  request: {
    groupId: string('0-7'),
    topics: array({ name: string('0-7'), partitionIndexes: array(int32(), '0-7') }, '0-7', { nullable: '2-7' }),
    groups: array(
      {
        groupId: string('8+'),
        memberId: string('9+', { nullable: '9+', default: null, ignorable: true }),
        memberEpoch: int32('9+', { default: -1, ignorable: true }),
        topics: array(
          {
            name: string('8-9', { ignorable: true }),
            topicId: uuid('10+', { ignorable: true }),
            partitionIndexes: array(int32(), '8+'),
          },
          '8+',
          { nullable: '8+' },
        ),
      },
      '8+',
    ),
    requireStable: boolean('7+', { default: false }),
  },
  response: {
    throttleTimeMs: int32('3+', { ignorable: true }),
    topics: array(
      {
        name: string('0-7'),
        partitions: array(
          {
            partitionIndex: int32('0-7'),
            committedOffset: int64('0-7'),
            committedLeaderEpoch: int32('5-7', { default: -1, ignorable: true }),
            metadata: string('0-7', { nullable: '0-7' }),
            errorCode: int16('0-7'),
          },
          '0-7',
        ),
      },
      '0-7',
    ),
    errorCode: int16('2-7', { default: 0, ignorable: true }),
    groups: array(
      {
        groupId: string('8+'),
        topics: array(
          {
            name: string('8-9', { ignorable: true }),
            topicId: uuid('10+', { ignorable: true }),
            partitions: array(
              {
                partitionIndex: int32('8+'),
                committedOffset: int64('8+'),
                committedLeaderEpoch: int32('8+', { default: -1, ignorable: true }),
                metadata: string('8+', { nullable: '8+' }),
                errorCode: int16('8+'),
              },
              '8+',
            ),
          },
          '8+',
        ),
        errorCode: int16('8+', { default: 0 }),
      },
      '8+',
    ),
  },
})

export type OffsetFetchRequest = RequestOf<typeof offsetFetch>
export type OffsetFetchResponse = ResponseOf<typeof offsetFetch>
export type OffsetFetchRequestInput = RequestInput<typeof offsetFetch>
export type OffsetFetchResponseInput = ResponseInput<typeof offsetFetch>
