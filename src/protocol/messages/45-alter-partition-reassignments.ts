/**
 * API key 45, AlterPartitionReassignments. Versions 0-1, flexible from 0 (KIP-482); served on: broker, controller.
 *
 * Version notes: all of it is KIP-455. 1: a change of the replication factor may be forbidden (KIP-860).
 */
import {
  array,
  boolean,
  defineApi,
  int16,
  int32,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
  string,
} from '../schema.ts'

export const alterPartitionReassignments = defineApi({
  key: 45,
  name: 'AlterPartitionReassignments',
  validVersions: '0-1',
  flexibleVersions: '0+',
  request: {
    timeoutMs: int32('0+', { default: 60000 }),
    allowReplicationFactorChange: boolean('1+', { default: true }),
    topics: array({
      name: string(),
      partitions: array({ partitionIndex: int32(), replicas: array(int32(), '0+', { nullable: '0+', default: null }) }),
    }),
  },
  response: {
    throttleTimeMs: int32(),
    allowReplicationFactorChange: boolean('1+', { default: true, ignorable: true }),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+' }),
    responses: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string('0+', { nullable: '0+' }),
      }),
    }),
  },
})

export type AlterPartitionReassignmentsRequest = RequestOf<typeof alterPartitionReassignments>
export type AlterPartitionReassignmentsResponse = ResponseOf<typeof alterPartitionReassignments>
export type AlterPartitionReassignmentsRequestInput = RequestInput<typeof alterPartitionReassignments>
export type AlterPartitionReassignmentsResponseInput = ResponseInput<typeof alterPartitionReassignments>
