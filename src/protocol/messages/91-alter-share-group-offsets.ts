/** API key 91, AlterShareGroupOffsets. Versions 0, flexible from 0 (KIP-482); served on: broker. */
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

export const alterShareGroupOffsets = defineApi({
  key: 91,
  name: 'AlterShareGroupOffsets',
  validVersions: '0',
  flexibleVersions: '0+',
  request: {
    groupId: string(),
    topics: array({ topicName: string(), partitions: array({ partitionIndex: int32(), startOffset: int64() }) }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+', default: null }),
    responses: array({
      topicName: string(),
      topicId: uuid(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string('0+', { nullable: '0+', default: null }),
      }),
    }),
  },
})

export type AlterShareGroupOffsetsRequest = RequestOf<typeof alterShareGroupOffsets>
export type AlterShareGroupOffsetsResponse = ResponseOf<typeof alterShareGroupOffsets>
export type AlterShareGroupOffsetsRequestInput = RequestInput<typeof alterShareGroupOffsets>
export type AlterShareGroupOffsetsResponseInput = ResponseInput<typeof alterShareGroupOffsets>
