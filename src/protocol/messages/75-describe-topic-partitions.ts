/**
 * API key 75, DescribeTopicPartitions. Versions 0, flexible from 0 (KIP-482); served on: broker.
 *
 * Version notes: all of it is KIP-966: pages, eligible leader replicas.
 */
import {
  array,
  boolean,
  defineApi,
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

export const describeTopicPartitions = defineApi({
  key: 75,
  name: 'DescribeTopicPartitions',
  validVersions: '0',
  flexibleVersions: '0+',
  request: {
    topics: array({ name: string() }),
    responsePartitionLimit: int32('0+', { default: 2000 }),
    cursor: struct({ topicName: string(), partitionIndex: int32() }, '0+', { nullable: '0+', default: null }),
  },
  response: {
    throttleTimeMs: int32('0+', { ignorable: true }),
    topics: array({
      errorCode: int16(),
      name: string('0+', { nullable: '0+' }),
      topicId: uuid('0+', { ignorable: true }),
      isInternal: boolean('0+', { default: false, ignorable: true }),
      partitions: array({
        errorCode: int16(),
        partitionIndex: int32(),
        leaderId: int32(),
        leaderEpoch: int32('0+', { default: -1, ignorable: true }),
        replicaNodes: array(int32()),
        isrNodes: array(int32()),
        eligibleLeaderReplicas: array(int32(), '0+', { nullable: '0+', default: null }),
        lastKnownElr: array(int32(), '0+', { nullable: '0+', default: null }),
        offlineReplicas: array(int32(), '0+', { ignorable: true }),
      }),
      topicAuthorizedOperations: int32('0+', { default: -2147483648 }),
    }),
    nextCursor: struct({ topicName: string(), partitionIndex: int32() }, '0+', { nullable: '0+', default: null }),
  },
})

export type DescribeTopicPartitionsRequest = RequestOf<typeof describeTopicPartitions>
export type DescribeTopicPartitionsResponse = ResponseOf<typeof describeTopicPartitions>
export type DescribeTopicPartitionsRequestInput = RequestInput<typeof describeTopicPartitions>
export type DescribeTopicPartitionsResponseInput = ResponseInput<typeof describeTopicPartitions>
