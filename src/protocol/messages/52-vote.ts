/** API key 52, Vote. Versions 0-2, flexible from 0 (KIP-482); served on: controller. */
import {
  array,
  boolean,
  defineApi,
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

export const vote = defineApi({
  key: 52,
  name: 'Vote',
  validVersions: '0-2',
  flexibleVersions: '0+',
  request: {
    clusterId: string('0+', { nullable: '0+', default: null }),
    voterId: int32('1+', { default: -1, ignorable: true }),
    topics: array({
      topicName: string(),
      partitions: array({
        partitionIndex: int32(),
        replicaEpoch: int32(),
        replicaId: int32(),
        replicaDirectoryId: uuid('1+', { ignorable: true }),
        voterDirectoryId: uuid('1+', { ignorable: true }),
        lastOffsetEpoch: int32(),
        lastOffset: int64(),
        preVote: boolean('2+'),
      }),
    }),
  },
  response: {
    errorCode: int16(),
    topics: array({
      topicName: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        leaderId: int32(),
        leaderEpoch: int32(),
        voteGranted: boolean(),
      }),
    }),
    nodeEndpoints: array({ nodeId: int32('1+'), host: string('1+'), port: uint16('1+') }, '1+', {
      tag: 0,
      taggedVersions: '1+',
    }),
  },
})

export type VoteRequest = RequestOf<typeof vote>
export type VoteResponse = ResponseOf<typeof vote>
export type VoteRequestInput = RequestInput<typeof vote>
export type VoteResponseInput = ResponseInput<typeof vote>
