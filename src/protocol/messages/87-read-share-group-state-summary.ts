/** API key 87, ReadShareGroupStateSummary. Versions 0-1, flexible from 0 (KIP-482); served on: broker. */
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

export const readShareGroupStateSummary = defineApi({
  key: 87,
  name: 'ReadShareGroupStateSummary',
  validVersions: '0-1',
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
        leaderEpoch: int32(),
        startOffset: int64(),
        deliveryCompleteCount: int32('1+', { default: -1, ignorable: true }),
      }),
    }),
  },
})

export type ReadShareGroupStateSummaryRequest = RequestOf<typeof readShareGroupStateSummary>
export type ReadShareGroupStateSummaryResponse = ResponseOf<typeof readShareGroupStateSummary>
export type ReadShareGroupStateSummaryRequestInput = RequestInput<typeof readShareGroupStateSummary>
export type ReadShareGroupStateSummaryResponseInput = ResponseInput<typeof readShareGroupStateSummary>
