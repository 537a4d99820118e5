/**
 * API key 68, ConsumerGroupHeartbeat. Versions 0-1, flexible from 0 (KIP-482); served on: broker.
 *
 * Version notes: all of it is KIP-848. 1: regular expressions; the member makes its own id (KIP-1082).
 */
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

export const consumerGroupHeartbeat = defineApi({
  key: 68,
  name: 'ConsumerGroupHeartbeat',
  validVersions: '0-1',
  flexibleVersions: '0+',
  request: {
    groupId: string(),
    memberId: string(),
    memberEpoch: int32(),
    instanceId: string('0+', { nullable: '0+', default: null }),
    rackId: string('0+', { nullable: '0+', default: null }),
    rebalanceTimeoutMs: int32('0+', { default: -1 }),
    subscribedTopicNames: array(string(), '0+', { nullable: '0+', default: null }),
    subscribedTopicRegex: string('1+', { nullable: '1+', default: null }),
    serverAssignor: string('0+', { nullable: '0+', default: null }),
    topicPartitions: array({ topicId: uuid(), partitions: array(int32()) }, '0+', { nullable: '0+', default: null }),
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

export type ConsumerGroupHeartbeatRequest = RequestOf<typeof consumerGroupHeartbeat>
export type ConsumerGroupHeartbeatResponse = ResponseOf<typeof consumerGroupHeartbeat>
export type ConsumerGroupHeartbeatRequestInput = RequestInput<typeof consumerGroupHeartbeat>
export type ConsumerGroupHeartbeatResponseInput = ResponseInput<typeof consumerGroupHeartbeat>
