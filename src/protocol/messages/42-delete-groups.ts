/**
 * API key 42, DeleteGroups. Versions 0-2, flexible from 2 (KIP-482); served on: broker.
 *
 * Version notes: all of it is KIP-229.
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

export const deleteGroups = defineApi({
  key: 42,
  name: 'DeleteGroups',
  validVersions: '0-2',
  flexibleVersions: '2+',
  request: { groupsNames: array(string()) },
  response: { throttleTimeMs: int32(), results: array({ groupId: string(), errorCode: int16() }) },
})

export type DeleteGroupsRequest = RequestOf<typeof deleteGroups>
export type DeleteGroupsResponse = ResponseOf<typeof deleteGroups>
export type DeleteGroupsRequestInput = RequestInput<typeof deleteGroups>
export type DeleteGroupsResponseInput = ResponseInput<typeof deleteGroups>
