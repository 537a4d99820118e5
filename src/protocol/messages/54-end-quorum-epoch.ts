/** API key 54, EndQuorumEpoch. Versions 0-1, flexible from 1 (KIP-482); served on: controller. */
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

export const endQuorumEpoch = defineApi({
  key: 54,
  name: 'EndQuorumEpoch',
  validVersions: '0-1',
  flexibleVersions: '1+',
  request: {
    clusterId: string('0+', { nullable: '0+', default: null }),
    topics: array({
      topicName: string(),
      partitions: array({
        partitionIndex: int32(),
        leaderId: int32(),
        leaderEpoch: int32(),
        preferredSuccessors: array(int32(), '0', { ignorable: true }),
        preferredCandidates: array({ candidateId: int32('1+'), candidateDirectoryId: uuid('1+') }, '1+', {
          ignorable: true,
        }),
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

export type EndQuorumEpochRequest = RequestOf<typeof endQuorumEpoch>
export type EndQuorumEpochResponse = ResponseOf<typeof endQuorumEpoch>
export type EndQuorumEpochRequestInput = RequestInput<typeof endQuorumEpoch>
export type EndQuorumEpochResponseInput = ResponseInput<typeof endQuorumEpoch>
