/**
 * API key 37, CreatePartitions. Versions 0-3, flexible from 2 (KIP-482); served on: broker, controller.
 *
 * Version notes: all of it is KIP-195. 3: THROTTLING_QUOTA_EXCEEDED (KIP-599).
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

export const createPartitions = defineApi({
  key: 37,
  name: 'CreatePartitions',
  validVersions: '0-3',
  flexibleVersions: '2+',
  request: {
    topics: array({
      name: string(),
      count: int32(),
      assignments: array({ brokerIds: array(int32()) }, '0+', { nullable: '0+' }),
    }),
    timeoutMs: int32(),
    validateOnly: boolean(),
  },
  response: {
    throttleTimeMs: int32(),
    results: array({
      name: string(),
      errorCode: int16(),
      errorMessage: string('0+', { nullable: '0+', default: null }),
    }),
  },
})

export type CreatePartitionsRequest = RequestOf<typeof createPartitions>
export type CreatePartitionsResponse = ResponseOf<typeof createPartitions>
export type CreatePartitionsRequestInput = RequestInput<typeof createPartitions>
export type CreatePartitionsResponseInput = ResponseInput<typeof createPartitions>
