/** API key 88, StreamsGroupHeartbeat. Versions 0, flexible from 0 (KIP-482); served on: broker. */
import {
  array,
  boolean,
  defineApi,
  type Fields,
  int8,
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

const taskIdsFields = { subtopologyId: string(), partitions: array(int32()) } satisfies Fields

const endpointFields = { host: string(), port: uint16() } satisfies Fields

const taskOffsetFields = { subtopologyId: string(), partition: int32(), offset: int64() } satisfies Fields

const statusFields = { statusCode: int8(), statusDetail: string() } satisfies Fields

const topicPartitionFields = { topic: string(), partitions: array(int32()) } satisfies Fields

export const streamsGroupHeartbeat = defineApi({
  key: 88,
  name: 'StreamsGroupHeartbeat',
  validVersions: '0',
  flexibleVersions: '0+',
  request: {
    groupId: string(),
    memberId: string(),
    memberEpoch: int32(),
    endpointInformationEpoch: int32(),
    instanceId: string('0+', { nullable: '0+', default: null }),
    rackId: string('0+', { nullable: '0+', default: null }),
    rebalanceTimeoutMs: int32('0+', { default: -1 }),
    topology: struct(
      {
        epoch: int32(),
        subtopologies: array({
          subtopologyId: string(),
          sourceTopics: array(string()),
          sourceTopicRegex: array(string()),
          stateChangelogTopics: array(topicInfoFields),
          repartitionSinkTopics: array(string()),
          repartitionSourceTopics: array(topicInfoFields),
          copartitionGroups: array({
            sourceTopics: array(int16()),
            sourceTopicRegex: array(int16()),
            repartitionSourceTopics: array(int16()),
          }),
        }),
      },
      '0+',
      { nullable: '0+', default: null },
    ),
    activeTasks: array(taskIdsFields, '0+', { nullable: '0+', default: null }),
    standbyTasks: array(taskIdsFields, '0+', { nullable: '0+', default: null }),
    warmupTasks: array(taskIdsFields, '0+', { nullable: '0+', default: null }),
    processId: string('0+', { nullable: '0+', default: null }),
    userEndpoint: struct(endpointFields, '0+', { nullable: '0+', default: null }),
    clientTags: array(keyValueFields, '0+', { nullable: '0+', default: null }),
    taskOffsets: array(taskOffsetFields, '0+', { nullable: '0+', default: null }),
    taskEndOffsets: array(taskOffsetFields, '0+', { nullable: '0+', default: null }),
    shutdownApplication: boolean('0+', { default: false }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+', default: null }),
    memberId: string(),
    memberEpoch: int32(),
    heartbeatIntervalMs: int32(),
    acceptableRecoveryLag: int32(),
    taskOffsetIntervalMs: int32(),
    status: array(statusFields, '0+', { nullable: '0+' }),
    activeTasks: array(taskIdsFields, '0+', { nullable: '0+', default: null }),
    standbyTasks: array(taskIdsFields, '0+', { nullable: '0+', default: null }),
    warmupTasks: array(taskIdsFields, '0+', { nullable: '0+', default: null }),
    endpointInformationEpoch: int32(),
    partitionsByUserEndpoint: array(
      {
        userEndpoint: struct(endpointFields),
        activePartitions: array(topicPartitionFields),
        standbyPartitions: array(topicPartitionFields),
      },
      '0+',
      { nullable: '0+', default: null },
    ),
  },
})

export type StreamsGroupHeartbeatRequest = RequestOf<typeof streamsGroupHeartbeat>
export type StreamsGroupHeartbeatResponse = ResponseOf<typeof streamsGroupHeartbeat>
export type StreamsGroupHeartbeatRequestInput = RequestInput<typeof streamsGroupHeartbeat>
export type StreamsGroupHeartbeatResponseInput = ResponseInput<typeof streamsGroupHeartbeat>
