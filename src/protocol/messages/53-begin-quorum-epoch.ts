/** API key 53, BeginQuorumEpoch. Versions 0-1, flexible from 1 (KIP-482); served on: controller. */
import {
  array,
  defineApi,
  int16,
  int32,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
  string,
  uint16,
  uuid,
} from '../schema.ts'

export const beginQuorumEpoch = defineApi({
  key: 53,
  name: 'BeginQuorumEpoch',
  validVersions: '0-1',
  flexibleVersions: '1+',
  request: {
    clusterId: string('0+', { nullable: '0+', default: null }),
    voterId: int32('1+', { default: -1, ignorable: true }),
    topics: array({
      topicName: string(),
      partitions: array({
        partitionIndex: int32(),
        voterDirectoryId: uuid('1+', { ignorable: true }),
        leaderId: int32(),
        leaderEpoch: int32(),
      }),
    }),
    leaderEndpoints: array({ name: string('1+'), host: string('1+'), port: uint16('1+') }, '1+', { ignorable: true }),
  },
  response: {
    errorCode: int16(),
    topics: array({
      topicName: string(),
      partitions: array({ partitionIndex: int32(), errorCode: int16(), leaderId: int32(), leaderEpoch: int32() }),
    }),
    nodeEndpoints: array({ nodeId: int32('1+'), host: string('1+'), port: uint16('1+') }, '1+', {
      tag: 0,
      taggedVersions: '1+',
    }),
  },
})

export type BeginQuorumEpochRequest = RequestOf<typeof beginQuorumEpoch>
export type BeginQuorumEpochResponse = ResponseOf<typeof beginQuorumEpoch>
export type BeginQuorumEpochRequestInput = RequestInput<typeof beginQuorumEpoch>
export type BeginQuorumEpochResponseInput = ResponseInput<typeof beginQuorumEpoch>
