/** API key 86, DeleteShareGroupState. Versions 0, flexible from 0 (KIP-482); served on: broker. */
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

export const deleteShareGroupState = defineApi({
  key: 86,
  name: 'DeleteShareGroupState',
  validVersions: '0',
  flexibleVersions: '0+',
  request: { groupId: string(), topics: array({ topicId: uuid(), partitions: array({ partition: int32() }) }) },
  response: {
    results: array({
      topicId: uuid(),
      partitions: array({
        partition: int32(),
        errorCode: int16(),
        errorMessage: string('0+', { nullable: '0+', default: null }),
      }),
    }),
  },
})

export type DeleteShareGroupStateRequest = RequestOf<typeof deleteShareGroupState>
export type DeleteShareGroupStateResponse = ResponseOf<typeof deleteShareGroupState>
export type DeleteShareGroupStateRequestInput = RequestInput<typeof deleteShareGroupState>
export type DeleteShareGroupStateResponseInput = ResponseInput<typeof deleteShareGroupState>
