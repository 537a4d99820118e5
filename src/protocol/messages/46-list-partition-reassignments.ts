/**
 * API key 46, ListPartitionReassignments. Versions 0, flexible from 0 (KIP-482); served on: broker, controller.
 *
 * Version notes: all of it is KIP-455.
 */
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
} from '../schema.ts'

export const listPartitionReassignments = defineApi({
  key: 46,
  name: 'ListPartitionReassignments',
  validVersions: '0',
  flexibleVersions: '0+',
  request: {
    timeoutMs: int32('0+', { default: 60000 }),
    topics: array({ name: string(), partitionIndexes: array(int32()) }, '0+', { nullable: '0+', default: null }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+' }),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        replicas: array(int32()),
        addingReplicas: array(int32()),
        removingReplicas: array(int32()),
      }),
    }),
  },
})

export type ListPartitionReassignmentsRequest = RequestOf<typeof listPartitionReassignments>
export type ListPartitionReassignmentsResponse = ResponseOf<typeof listPartitionReassignments>
export type ListPartitionReassignmentsRequestInput = RequestInput<typeof listPartitionReassignments>
export type ListPartitionReassignmentsResponseInput = ResponseInput<typeof listPartitionReassignments>
