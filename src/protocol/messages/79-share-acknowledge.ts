/** API key 79, ShareAcknowledge. Versions 1-2, flexible from 0 (KIP-482); served on: broker. */
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
  string,
  struct,
  uuid,
} from '../schema.ts'

export const shareAcknowledge = defineApi({
  key: 79,
  name: 'ShareAcknowledge',
  validVersions: '1-2',
  flexibleVersions: '0+',
  request: {
    groupId: string('0+', { nullable: '0+', default: null }),
    memberId: string('0+', { nullable: '0+' }),
    shareSessionEpoch: int32(),
    isRenewAck: boolean('2+', { default: false }),
    topics: array({
      topicId: uuid(),
      partitions: array({
        partitionIndex: int32(),
        acknowledgementBatches: array({ firstOffset: int64(), lastOffset: int64(), acknowledgeTypes: array(int8()) }),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+', default: null }),
    acquisitionLockTimeoutMs: int32('2+', { ignorable: true }),
    responses: array({
      topicId: uuid(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string('0+', { nullable: '0+', default: null }),
        currentLeader: struct({ leaderId: int32(), leaderEpoch: int32() }),
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

export type ShareAcknowledgeRequest = RequestOf<typeof shareAcknowledge>
export type ShareAcknowledgeResponse = ResponseOf<typeof shareAcknowledge>
export type ShareAcknowledgeRequestInput = RequestInput<typeof shareAcknowledge>
export type ShareAcknowledgeResponseInput = ResponseInput<typeof shareAcknowledge>
