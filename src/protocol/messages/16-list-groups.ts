/**
 * API key 16, ListGroups. Versions 0-5, flexible from 3 (KIP-482); served on: broker.
 *
 * Version notes: 4: by state (KIP-518). 5: by type (KIP-848).
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

export const listGroups = defineApi({
  key: 16,
  name: 'ListGroups',
  validVersions: '0-5',
  flexibleVersions: '3+',
  request: { statesFilter: array(string(), '4+'), typesFilter: array(string(), '5+') },
  response: {
    throttleTimeMs: int32('1+', { ignorable: true }),
    errorCode: int16(),
    groups: array({
      groupId: string(),
      protocolType: string(),
      groupState: string('4+', { ignorable: true }),
      groupType: string('5+', { ignorable: true }),
    }),
  },
})

export type ListGroupsRequest = RequestOf<typeof listGroups>
export type ListGroupsResponse = ResponseOf<typeof listGroups>
export type ListGroupsRequestInput = RequestInput<typeof listGroups>
export type ListGroupsResponseInput = ResponseInput<typeof listGroups>
