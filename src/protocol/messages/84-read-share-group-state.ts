/** API key 84, ReadShareGroupState. Versions 0, flexible from 0 (KIP-482); served on: broker. */
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
  uuid,
} from '../schema.ts'

export const readShareGroupState = defineApi({
  key: 84,
  name: 'ReadShareGroupState',
  validVersions: '0',
  flexibleVersions: '0+',
  request: {
    groupId: string(),
    topics: array({ topicId: uuid(), partitions: array({ partition: int32(), leaderEpoch: int32() }) }),
  },
  response: {
    results: array({
      topicId: uuid(),
      partitions: array({
        partition: int32(),
        errorCode: int16(),
        errorMessage: string('0+', { nullable: '0+', default: null }),
        stateEpoch: int32(),
        startOffset: int64(),
        stateBatches: array({
          firstOffset: int64(),
          lastOffset: int64(),
          deliveryState: int8(),
          deliveryCount: int16(),
        }),
      }),
    }),
  },
})

export type ReadShareGroupStateRequest = RequestOf<typeof readShareGroupState>
export type ReadShareGroupStateResponse = ResponseOf<typeof readShareGroupState>
export type ReadShareGroupStateRequestInput = RequestInput<typeof readShareGroupState>
export type ReadShareGroupStateResponseInput = ResponseInput<typeof readShareGroupState>
