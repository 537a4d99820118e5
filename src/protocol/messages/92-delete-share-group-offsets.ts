/** API key 92, DeleteShareGroupOffsets. Versions 0, flexible from 0 (KIP-482); served on: broker. */
import {
  array,
  defineApi,
  int16,
  int32,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
  string,
  uuid,
} from '../schema.ts'

export const deleteShareGroupOffsets = defineApi({
  key: 92,
  name: 'DeleteShareGroupOffsets',
  validVersions: '0',
  flexibleVersions: '0+',
  request: { groupId: string(), topics: array({ topicName: string() }) },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+', default: null }),
    responses: array({
      topicName: string(),
      topicId: uuid(),
      errorCode: int16(),
      errorMessage: string('0+', { nullable: '0+', default: null }),
    }),
  },
})

export type DeleteShareGroupOffsetsRequest = RequestOf<typeof deleteShareGroupOffsets>
export type DeleteShareGroupOffsetsResponse = ResponseOf<typeof deleteShareGroupOffsets>
export type DeleteShareGroupOffsetsRequestInput = RequestInput<typeof deleteShareGroupOffsets>
export type DeleteShareGroupOffsetsResponseInput = ResponseInput<typeof deleteShareGroupOffsets>
