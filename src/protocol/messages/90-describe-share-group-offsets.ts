/** API key 90, DescribeShareGroupOffsets. Versions 0-1, flexible from 0 (KIP-482); served on: broker. */
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

export const describeShareGroupOffsets = defineApi({
  key: 90,
  name: 'DescribeShareGroupOffsets',
  validVersions: '0-1',
  flexibleVersions: '0+',
  request: {
    groups: array({
      groupId: string(),
      topics: array({ topicName: string(), partitions: array(int32()) }, '0+', { nullable: '0+' }),
    }),
  },
  response: {
    throttleTimeMs: int32(),
    groups: array({
      groupId: string(),
      topics: array({
        topicName: string(),
        topicId: uuid(),
        partitions: array({
          partitionIndex: int32(),
          startOffset: int64(),
          leaderEpoch: int32(),
          lag: int64('1+', { default: -1n, ignorable: true }),
          errorCode: int16(),
          errorMessage: string('0+', { nullable: '0+', default: null }),
        }),
      }),
      errorCode: int16(),
      errorMessage: string('0+', { nullable: '0+', default: null }),
    }),
  },
})

export type DescribeShareGroupOffsetsRequest = RequestOf<typeof describeShareGroupOffsets>
export type DescribeShareGroupOffsetsResponse = ResponseOf<typeof describeShareGroupOffsets>
export type DescribeShareGroupOffsetsRequestInput = RequestInput<typeof describeShareGroupOffsets>
export type DescribeShareGroupOffsetsResponseInput = ResponseInput<typeof describeShareGroupOffsets>
