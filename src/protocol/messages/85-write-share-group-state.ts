/** API key 85, WriteShareGroupState. Versions 0-1, flexible from 0 (KIP-482); served on: broker. */
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

export const writeShareGroupState = defineApi({
  key: 85,
  name: 'WriteShareGroupState',
  validVersions: '0-1',
  flexibleVersions: '0+',
  request: {
    groupId: string(),
    topics: array({
      topicId: uuid(),
      partitions: array({
        partition: int32(),
        stateEpoch: int32(),
        leaderEpoch: int32(),
        startOffset: int64(),
        deliveryCompleteCount: int32('1+', { default: -1, ignorable: true }),
        stateBatches: array({
          firstOffset: int64(),
          lastOffset: int64(),
          deliveryState: int8(),
          deliveryCount: int16(),
        }),
      }),
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

export type WriteShareGroupStateRequest = RequestOf<typeof writeShareGroupState>
export type WriteShareGroupStateResponse = ResponseOf<typeof writeShareGroupState>
export type WriteShareGroupStateRequestInput = RequestInput<typeof writeShareGroupState>
export type WriteShareGroupStateResponseInput = ResponseInput<typeof writeShareGroupState>
