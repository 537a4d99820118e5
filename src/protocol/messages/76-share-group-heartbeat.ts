/** API key 76, ShareGroupHeartbeat. Versions 1, flexible from 0 (KIP-482); served on: broker. */
import {
  array,
  defineApi,
  type Fields,
  int16,
  int32,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
  string,
  struct,
  uuid,
} from '../schema.ts'

const topicPartitionsFields = { topicId: uuid(), partitions: array(int32()) } satisfies Fields

export const shareGroupHeartbeat = defineApi({
  key: 76,
  name: 'ShareGroupHeartbeat',
  validVersions: '1',
  flexibleVersions: '0+',
  request: {
    groupId: string(),
    memberId: string(),
    memberEpoch: int32(),
    rackId: string('0+', { nullable: '0+', default: null }),
    subscribedTopicNames: array(string(), '0+', { nullable: '0+', default: null }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+', default: null }),
    memberId: string('0+', { nullable: '0+', default: null }),
    memberEpoch: int32(),
    heartbeatIntervalMs: int32(),
    assignment: struct({ topicPartitions: array(topicPartitionsFields) }, '0+', { nullable: '0+', default: null }),
  },
})

export type ShareGroupHeartbeatRequest = RequestOf<typeof shareGroupHeartbeat>
export type ShareGroupHeartbeatResponse = ResponseOf<typeof shareGroupHeartbeat>
export type ShareGroupHeartbeatRequestInput = RequestInput<typeof shareGroupHeartbeat>
export type ShareGroupHeartbeatResponseInput = ResponseInput<typeof shareGroupHeartbeat>
