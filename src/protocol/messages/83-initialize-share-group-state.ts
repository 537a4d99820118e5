/** API key 83, InitializeShareGroupState. Versions 0, flexible from 0 (KIP-482); served on: broker. */
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

export const initializeShareGroupState = defineApi({
  key: 83,
  name: 'InitializeShareGroupState',
  validVersions: '0',
  flexibleVersions: '0+',
  request: {
    groupId: string(),
    topics: array({
      topicId: uuid(),
      partitions: array({ partition: int32(), stateEpoch: int32(), startOffset: int64() }),
    }),
  },
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

export type InitializeShareGroupStateRequest = RequestOf<typeof initializeShareGroupState>
export type InitializeShareGroupStateResponse = ResponseOf<typeof initializeShareGroupState>
export type InitializeShareGroupStateRequestInput = RequestInput<typeof initializeShareGroupState>
export type InitializeShareGroupStateResponseInput = ResponseInput<typeof initializeShareGroupState>
