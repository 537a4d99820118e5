/**
 * API key 69, ConsumerGroupDescribe. Versions 0-1, flexible from 0 (KIP-482); served on: broker.
 *
 * Version notes: all of it is KIP-848. 1: member type (KIP-1099).
 */
import {
  array,
  boolean,
  defineApi,
  type Fields,
  int8,
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

const topicPartitionsFields = { topicId: uuid(), topicName: string(), partitions: array(int32()) } satisfies Fields

const assignmentFields = { topicPartitions: array(topicPartitionsFields) } satisfies Fields

export const consumerGroupDescribe = defineApi({
  key: 69,
  name: 'ConsumerGroupDescribe',
  validVersions: '0-1',
  flexibleVersions: '0+',
  request: { groupIds: array(string()), includeAuthorizedOperations: boolean() },
  response: {
    throttleTimeMs: int32(),
    groups: array({
      errorCode: int16(),
      errorMessage: string('0+', { nullable: '0+', default: null }),
      groupId: string(),
      groupState: string(),
      groupEpoch: int32(),
      assignmentEpoch: int32(),
      assignorName: string(),
      members: array({
        memberId: string(),
        instanceId: string('0+', { nullable: '0+', default: null }),
        rackId: string('0+', { nullable: '0+', default: null }),
        memberEpoch: int32(),
        clientId: string(),
        clientHost: string(),
        subscribedTopicNames: array(string()),
        subscribedTopicRegex: string('0+', { nullable: '0+', default: null }),
        assignment: struct(assignmentFields),
        targetAssignment: struct(assignmentFields),
        memberType: int8('1+', { default: -1, ignorable: true }),
      }),
      authorizedOperations: int32('0+', { default: -2147483648 }),
    }),
  },
})

export type ConsumerGroupDescribeRequest = RequestOf<typeof consumerGroupDescribe>
export type ConsumerGroupDescribeResponse = ResponseOf<typeof consumerGroupDescribe>
export type ConsumerGroupDescribeRequestInput = RequestInput<typeof consumerGroupDescribe>
export type ConsumerGroupDescribeResponseInput = ResponseInput<typeof consumerGroupDescribe>
