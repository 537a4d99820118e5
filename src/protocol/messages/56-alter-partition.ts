/** API key 56, AlterPartition. Versions 2-3, flexible from 0 (KIP-482); served on: controller. */
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
  uuid,
} from '../schema.ts'

export const alterPartition = defineApi({
  key: 56,
  name: 'AlterPartition',
  validVersions: '2-3',
  flexibleVersions: '0+',
  request: {
    brokerId: int32(),
    brokerEpoch: int64('0+', { default: -1n }),
    topics: array({
      topicId: uuid('2+', { ignorable: true }),
      partitions: array({
        partitionIndex: int32(),
        leaderEpoch: int32(),
        newIsr: array(int32(), '0-2'),
        newIsrWithEpochs: array({ brokerId: int32('3+'), brokerEpoch: int64('3+', { default: -1n }) }, '3+'),
        leaderRecoveryState: int8('1+', { default: 0 }),
        partitionEpoch: int32(),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    topics: array({
      topicId: uuid('2+', { ignorable: true }),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        leaderId: int32(),
        leaderEpoch: int32(),
        isr: array(int32()),
        leaderRecoveryState: int8('1+', { default: 0, ignorable: true }),
        partitionEpoch: int32(),
      }),
    }),
  },
})

export type AlterPartitionRequest = RequestOf<typeof alterPartition>
export type AlterPartitionResponse = ResponseOf<typeof alterPartition>
export type AlterPartitionRequestInput = RequestInput<typeof alterPartition>
export type AlterPartitionResponseInput = ResponseInput<typeof alterPartition>
