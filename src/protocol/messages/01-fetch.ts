/**
 * API key 1, Fetch. Versions 4-18, flexible from 12 (KIP-482); served on: broker, controller.
 *
 * Version notes: 4: isolation level, aborted transactions (KIP-98). 5: log start offset (KIP-107). 7: fetch sessions
 * (KIP-227). 9: leader epoch of the fetcher (KIP-320). 10: zstd (KIP-110). 11: rack, preferred read replica (KIP-392).
 * 12: last fetched epoch, diverging epoch (KIP-595). 13: topics by id (KIP-516). 15: replica id and broker epoch in a
 * tag (KIP-903). 16: new leader and its address (KIP-951). 17: directory id (KIP-853). 18: the follower's high
 * watermark (KIP-1166).
 */
import {
  array,
  defineApi,
  int8,
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
  uuid,
} from '../schema.ts'

export const fetch = defineApi({
  key: 1,
  name: 'Fetch',
  validVersions: '4-18',
  flexibleVersions: '12+',
  request: {
    clusterId: string('12+', { nullable: '12+', tag: 0, taggedVersions: '12+', default: null, ignorable: true }),
    replicaId: int32('0-14', { default: -1 }),
    replicaState: struct(
      { replicaId: int32('15+', { default: -1 }), replicaEpoch: int64('15+', { default: -1n }) },
      '15+',
      { tag: 1, taggedVersions: '15+' },
    ),
    maxWaitMs: int32(),
    minBytes: int32(),
    maxBytes: int32('3+', { default: 2147483647, ignorable: true }),
    isolationLevel: int8('4+', { default: 0, ignorable: true }),
    sessionId: int32('7+', { default: 0, ignorable: true }),
    sessionEpoch: int32('7+', { default: -1, ignorable: true }),
    topics: array({
      topic: string('0-12', { ignorable: true }),
      topicId: uuid('13+', { ignorable: true }),
      partitions: array({
        partition: int32(),
        currentLeaderEpoch: int32('9+', { default: -1, ignorable: true }),
        fetchOffset: int64(),
        lastFetchedEpoch: int32('12+', { default: -1 }),
        logStartOffset: int64('5+', { default: -1n, ignorable: true }),
        partitionMaxBytes: int32(),
        replicaDirectoryId: uuid('17+', { tag: 0, taggedVersions: '17+', ignorable: true }),
        highWatermark: int64('18+', { tag: 1, taggedVersions: '18+', default: 9223372036854775807n, ignorable: true }),
      }),
    }),
    forgottenTopicsData: array(
      {
        topic: string('7-12', { ignorable: true }),
        topicId: uuid('13+', { ignorable: true }),
        partitions: array(int32(), '7+'),
      },
      '7+',
    ),
    rackId: string('11+', { default: '', ignorable: true }),
  },
  response: {
    throttleTimeMs: int32('1+', { ignorable: true }),
    errorCode: int16('7+', { ignorable: true }),
    sessionId: int32('7+', { default: 0 }),
    responses: array({
      topic: string('0-12', { ignorable: true }),
      topicId: uuid('13+', { ignorable: true }),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        highWatermark: int64(),
        lastStableOffset: int64('4+', { default: -1n, ignorable: true }),
        logStartOffset: int64('5+', { default: -1n, ignorable: true }),
        divergingEpoch: struct(
          { epoch: int32('12+', { default: -1 }), endOffset: int64('12+', { default: -1n }) },
          '12+',
          { tag: 0, taggedVersions: '12+' },
        ),
        currentLeader: struct(
          { leaderId: int32('12+', { default: -1 }), leaderEpoch: int32('12+', { default: -1 }) },
          '12+',
          { tag: 1, taggedVersions: '12+' },
        ),
        snapshotId: struct({ endOffset: int64('0+', { default: -1n }), epoch: int32('0+', { default: -1 }) }, '12+', {
          tag: 2,
          taggedVersions: '12+',
        }),
        abortedTransactions: array({ producerId: int64('4+'), firstOffset: int64('4+') }, '4+', {
          nullable: '4+',
          ignorable: true,
        }),
        preferredReadReplica: int32('11+', { default: -1 }),
        records: records('0+', { nullable: '0+' }),
      }),
    }),
    nodeEndpoints: array(
      {
        nodeId: int32('16+'),
        host: string('16+'),
        port: int32('16+'),
        rack: string('16+', { nullable: '16+', default: null }),
      },
      '16+',
      { tag: 0, taggedVersions: '16+' },
    ),
  },
})

export type FetchRequest = RequestOf<typeof fetch>
export type FetchResponse = ResponseOf<typeof fetch>
export type FetchRequestInput = RequestInput<typeof fetch>
export type FetchResponseInput = ResponseInput<typeof fetch>
