/** API key 89, StreamsGroupDescribe. Versions 0, flexible from 0 (KIP-482); served on: broker. */
import {
  array,
  boolean,
  defineApi,
  type Fields,
  int16,
  int32,
  int64,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
  string,
  struct,
  uint16,
} from '../schema.ts'

const keyValueFields = { key: string(), value: string() } satisfies Fields

const topicInfoFields = {
  name: string(),
  partitions: int32(),
  replicationFactor: int16(),
  topicConfigs: array(keyValueFields),
} satisfies Fields

const endpointFields = { host: string(), port: uint16() } satisfies Fields

const taskOffsetFields = { subtopologyId: string(), partition: int32(), offset: int64() } satisfies Fields

const taskIdsFields = { subtopologyId: string(), partitions: array(int32()) } satisfies Fields

const assignmentFields = {
  activeTasks: array(taskIdsFields),
  standbyTasks: array(taskIdsFields),
  warmupTasks: array(taskIdsFields),
} satisfies Fields

export const streamsGroupDescribe = defineApi({
  key: 89,
  name: 'StreamsGroupDescribe',
  validVersions: '0',
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
      topology: struct(
        {
          epoch: int32(),
          subtopologies: array(
            {
              subtopologyId: string(),
              sourceTopics: array(string()),
              repartitionSinkTopics: array(string()),
              stateChangelogTopics: array(topicInfoFields),
              repartitionSourceTopics: array(topicInfoFields),
            },
            '0+',
            { nullable: '0+', default: null },
          ),
        },
        '0+',
        { nullable: '0+', default: null },
      ),
      members: array({
        memberId: string(),
        memberEpoch: int32(),
        instanceId: string('0+', { nullable: '0+', default: null }),
        rackId: string('0+', { nullable: '0+', default: null }),
        clientId: string(),
        clientHost: string(),
        topologyEpoch: int32(),
        processId: string(),
        userEndpoint: struct(endpointFields, '0+', { nullable: '0+', default: null }),
        clientTags: array(keyValueFields),
        taskOffsets: array(taskOffsetFields),
        taskEndOffsets: array(taskOffsetFields),
        assignment: struct(assignmentFields),
        targetAssignment: struct(assignmentFields),
        isClassic: boolean(),
      }),
      authorizedOperations: int32('0+', { default: -2147483648 }),
    }),
  },
})

export type StreamsGroupDescribeRequest = RequestOf<typeof streamsGroupDescribe>
export type StreamsGroupDescribeResponse = ResponseOf<typeof streamsGroupDescribe>
export type StreamsGroupDescribeRequestInput = RequestInput<typeof streamsGroupDescribe>
export type StreamsGroupDescribeResponseInput = ResponseInput<typeof streamsGroupDescribe>
