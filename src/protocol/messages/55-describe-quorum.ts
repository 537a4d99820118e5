/** API key 55, DescribeQuorum. Versions 0-2, flexible from 0 (KIP-482); served on: broker, controller. */
import {
  array,
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
  uint16,
  uuid,
} from '../schema.ts'

const replicaStateFields = {
  replicaId: int32(),
  replicaDirectoryId: uuid('2+'),
  logEndOffset: int64(),
  lastFetchTimestamp: int64('1+', { default: -1n, ignorable: true }),
  lastCaughtUpTimestamp: int64('1+', { default: -1n, ignorable: true }),
} satisfies Fields

export const describeQuorum = defineApi({
  key: 55,
  name: 'DescribeQuorum',
  validVersions: '0-2',
  flexibleVersions: '0+',
  request: { topics: array({ topicName: string(), partitions: array({ partitionIndex: int32() }) }) },
  response: {
    errorCode: int16(),
    errorMessage: string('2+', { nullable: '2+', ignorable: true }),
    topics: array({
      topicName: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string('2+', { nullable: '2+', ignorable: true }),
        leaderId: int32(),
        leaderEpoch: int32(),
        highWatermark: int64(),
        currentVoters: array(replicaStateFields),
        observers: array(replicaStateFields),
      }),
    }),
    nodes: array(
      { nodeId: int32('2+'), listeners: array({ name: string('2+'), host: string('2+'), port: uint16('2+') }, '2+') },
      '2+',
    ),
  },
})

export type DescribeQuorumRequest = RequestOf<typeof describeQuorum>
export type DescribeQuorumResponse = ResponseOf<typeof describeQuorum>
export type DescribeQuorumRequestInput = RequestInput<typeof describeQuorum>
export type DescribeQuorumResponseInput = ResponseInput<typeof describeQuorum>
