/** API key 78, ShareFetch. Versions 1-2, flexible from 0 (KIP-482); served on: broker. */
import {
  array,
  boolean,
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

export const shareFetch = defineApi({
  key: 78,
  name: 'ShareFetch',
  validVersions: '1-2',
  flexibleVersions: '0+',
  request: {
    groupId: string('0+', { nullable: '0+', default: null }),
    memberId: string('0+', { nullable: '0+' }),
    shareSessionEpoch: int32(),
    maxWaitMs: int32(),
    minBytes: int32(),
    maxBytes: int32('0+', { default: 2147483647 }),
    maxRecords: int32('1+'),
    batchSize: int32('1+'),
    shareAcquireMode: int8('2+', { default: 0, ignorable: true }),
    isRenewAck: boolean('2+', { default: false }),
    topics: array({
      topicId: uuid(),
      partitions: array({
        partitionIndex: int32(),
        partitionMaxBytes: int32('0'),
        acknowledgementBatches: array({ firstOffset: int64(), lastOffset: int64(), acknowledgeTypes: array(int8()) }),
      }),
    }),
    forgottenTopicsData: array({ topicId: uuid(), partitions: array(int32()) }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+', default: null }),
    acquisitionLockTimeoutMs: int32('1+'),
    responses: array({
      topicId: uuid(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string('0+', { nullable: '0+', default: null }),
        acknowledgeErrorCode: int16(),
        acknowledgeErrorMessage: string('0+', { nullable: '0+', default: null }),
        currentLeader: struct({ leaderId: int32(), leaderEpoch: int32() }),
        records: records('0+', { nullable: '0' }),
        acquiredRecords: array({ firstOffset: int64(), lastOffset: int64(), deliveryCount: int16() }),
      }),
    }),
    nodeEndpoints: array({
      nodeId: int32(),
      host: string(),
      port: int32(),
      rack: string('0+', { nullable: '0+', default: null }),
    }),
  },
})

export type ShareFetchRequest = RequestOf<typeof shareFetch>
export type ShareFetchResponse = ResponseOf<typeof shareFetch>
export type ShareFetchRequestInput = RequestInput<typeof shareFetch>
export type ShareFetchResponseInput = ResponseInput<typeof shareFetch>
