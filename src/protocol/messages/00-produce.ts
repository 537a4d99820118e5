/**
 * API key 0, Produce. Versions 3-13, flexible from 9 (KIP-482); served on: broker.
 *
 * Version notes: 3: record batches of magic 2, transactional id (KIP-98). 5: log start offset in the answer. 7: zstd
 * (KIP-110). 8: errors of single records (KIP-467). 10: new leader and its address with NOT_LEADER_OR_FOLLOWER
 * (KIP-951). 11: TRANSACTION_ABORTABLE; 12: a transactional produce adds its partition to the transaction (both
 * KIP-890). 13: topics by id (KIP-516).
 */
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
  uuid,
} from '../schema.ts'

export const produce = defineApi({
  key: 0,
  name: 'Produce',
  validVersions: '3-13',
  flexibleVersions: '9+',
  request: {
    transactionalId: string('3+', { nullable: '3+', default: null }),
    acks: int16(),
    timeoutMs: int32(),
    topicData: array({
      name: string('0-12', { ignorable: true }),
      topicId: uuid('13+', { ignorable: true }),
      partitionData: array({ index: int32(), records: records('0+', { nullable: '0+' }) }),
    }),
  },
  response: {
    responses: array({
      name: string('0-12', { ignorable: true }),
      topicId: uuid('13+', { ignorable: true }),
      partitionResponses: array({
        index: int32(),
        errorCode: int16(),
        baseOffset: int64(),
        logAppendTimeMs: int64('2+', { default: -1n, ignorable: true }),
        logStartOffset: int64('5+', { default: -1n, ignorable: true }),
        recordErrors: array(
          { batchIndex: int32('8+'), batchIndexErrorMessage: string('8+', { nullable: '8+', default: null }) },
          '8+',
          { ignorable: true },
        ),
        errorMessage: string('8+', { nullable: '8+', default: null, ignorable: true }),
        currentLeader: struct(
          { leaderId: int32('10+', { default: -1 }), leaderEpoch: int32('10+', { default: -1 }) },
          '10+',
          { tag: 0, taggedVersions: '10+' },
        ),
      }),
    }),
    throttleTimeMs: int32('1+', { default: 0, ignorable: true }),
    nodeEndpoints: array(
      {
        nodeId: int32('10+'),
        host: string('10+'),
        port: int32('10+'),
        rack: string('10+', { nullable: '10+', default: null }),
      },
      '10+',
      { tag: 0, taggedVersions: '10+' },
    ),
  },
})

export type ProduceRequest = RequestOf<typeof produce>
export type ProduceResponse = ResponseOf<typeof produce>
export type ProduceRequestInput = RequestInput<typeof produce>
export type ProduceResponseInput = ResponseInput<typeof produce>
