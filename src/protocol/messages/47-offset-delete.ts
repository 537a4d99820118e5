/**
 * API key 47, OffsetDelete. Versions 0, never flexible; served on: broker.
 *
 * Version notes: all of it is KIP-496.
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

export const offsetDelete = defineApi({
  key: 47,
  name: 'OffsetDelete',
  validVersions: '0',
  flexibleVersions: 'none',
  request: { groupId: string(), topics: array({ name: string(), partitions: array({ partitionIndex: int32() }) }) },
  response: {
    errorCode: int16(),
    throttleTimeMs: int32('0+', { ignorable: true }),
    topics: array({ name: string(), partitions: array({ partitionIndex: int32(), errorCode: int16() }) }),
  },
})

export type OffsetDeleteRequest = RequestOf<typeof offsetDelete>
export type OffsetDeleteResponse = ResponseOf<typeof offsetDelete>
export type OffsetDeleteRequestInput = RequestInput<typeof offsetDelete>
export type OffsetDeleteResponseInput = ResponseInput<typeof offsetDelete>
