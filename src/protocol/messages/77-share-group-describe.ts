/** API key 77, ShareGroupDescribe. Versions 1, flexible from 0 (KIP-482); served on: broker. */
import {
  array,
  boolean,
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

const topicPartitionsFields = { topicId: uuid(), topicName: string(), partitions: array(int32()) } satisfies Fields

const assignmentFields = { topicPartitions: array(topicPartitionsFields) } satisfies Fields

export const shareGroupDescribe = defineApi({
  key: 77,
  name: 'ShareGroupDescribe',
  validVersions: '1',
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
        rackId: string('0+', { nullable: '0+', default: null }),
        memberEpoch: int32(),
        clientId: string(),
        clientHost: string(),
        subscribedTopicNames: array(string()),
        assignment: struct(assignmentFields),
      }),
      authorizedOperations: int32('0+', { default: -2147483648 }),
    }),
  },
})

export type ShareGroupDescribeRequest = RequestOf<typeof shareGroupDescribe>
export type ShareGroupDescribeResponse = ResponseOf<typeof shareGroupDescribe>
export type ShareGroupDescribeRequestInput = RequestInput<typeof shareGroupDescribe>
export type ShareGroupDescribeResponseInput = ResponseInput<typeof shareGroupDescribe>
