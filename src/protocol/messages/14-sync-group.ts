/**
 * API key 14, SyncGroup. Versions 0-5, flexible from 4 (KIP-482); served on: broker.
 *
 * Version notes: 3: group instance id (KIP-345). 5: protocol type and name, to be checked against the group's
 * (KIP-559).
 */
import {
  array,
  bytes,
  defineApi,
  int16,
  int32,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
  string,
} from '../schema.ts'

export const syncGroup = defineApi({
  key: 14,
  name: 'SyncGroup',
  validVersions: '0-5',
  flexibleVersions: '4+',
  request: {
    groupId: string(),
    generationId: int32(),
    memberId: string(),
    groupInstanceId: string('3+', { nullable: '3+', default: null }),
    protocolType: string('5+', { nullable: '5+', default: null, ignorable: true }),
    protocolName: string('5+', { nullable: '5+', default: null, ignorable: true }),
    assignments: array({ memberId: string(), assignment: bytes() }),
  },
  response: {
    throttleTimeMs: int32('1+', { ignorable: true }),
    errorCode: int16(),
    protocolType: string('5+', { nullable: '5+', default: null, ignorable: true }),
    protocolName: string('5+', { nullable: '5+', default: null, ignorable: true }),
    assignment: bytes(),
  },
})

export type SyncGroupRequest = RequestOf<typeof syncGroup>
export type SyncGroupResponse = ResponseOf<typeof syncGroup>
export type SyncGroupRequestInput = RequestInput<typeof syncGroup>
export type SyncGroupResponseInput = ResponseInput<typeof syncGroup>
