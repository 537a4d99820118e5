/** API key 59, FetchSnapshot. Versions 0-1, flexible from 0 (KIP-482); served on: controller. */
import {
  array,
  defineApi,
  int16,
  int32,
  int64,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
  records,
  string,
  struct,
  uint16,
  uuid,
} from '../schema.ts'

export const fetchSnapshot = defineApi({
  key: 59,
  name: 'FetchSnapshot',
  validVersions: '0-1',
  flexibleVersions: '0+',
  request: {
    clusterId: string('0+', { nullable: '0+', tag: 0, taggedVersions: '0+', default: null }),
    replicaId: int32('0+', { default: -1 }),
    maxBytes: int32('0+', { default: 2147483647 }),
    topics: array({
      name: string(),
      partitions: array({
        partition: int32(),
        currentLeaderEpoch: int32(),
        snapshotId: struct({ endOffset: int64(), epoch: int32() }),
        position: int64(),
        replicaDirectoryId: uuid('1+', { tag: 0, taggedVersions: '1+', ignorable: true }),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32('0+', { ignorable: true }),
    errorCode: int16(),
    topics: array({
      name: string(),
      partitions: array({
        index: int32(),
        errorCode: int16(),
        snapshotId: struct({ endOffset: int64(), epoch: int32() }),
        currentLeader: struct({ leaderId: int32(), leaderEpoch: int32() }, '0+', { tag: 0, taggedVersions: '0+' }),
        size: int64(),
        position: int64(),
        unalignedRecords: records(),
      }),
    }),
    nodeEndpoints: array({ nodeId: int32('1+'), host: string('1+'), port: uint16('1+') }, '1+', {
      tag: 0,
      taggedVersions: '1+',
    }),
  },
})

export type FetchSnapshotRequest = RequestOf<typeof fetchSnapshot>
export type FetchSnapshotResponse = ResponseOf<typeof fetchSnapshot>
export type FetchSnapshotRequestInput = RequestInput<typeof fetchSnapshot>
export type FetchSnapshotResponseInput = ResponseInput<typeof fetchSnapshot>
