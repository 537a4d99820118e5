/**
 * API key 15, DescribeGroups. Versions 0-6, flexible from 5 (KIP-482); served on: broker.
 *
 * Version notes: 3: authorized operations (KIP-430). 4: group instance id (KIP-345). 6: GROUP_ID_NOT_FOUND instead of a
 * dead group, error message (KIP-1043).
 */
import {
  array,
  boolean,
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

export const describeGroups = defineApi({
  key: 15,
  name: 'DescribeGroups',
  validVersions: '0-6',
  flexibleVersions: '5+',
  request: { groups: array(string()), includeAuthorizedOperations: boolean('3+') },
  response: {
    throttleTimeMs: int32('1+', { ignorable: true }),
    groups: array({
      errorCode: int16(),
      errorMessage: string('6+', { nullable: '6+', default: null }),
      groupId: string(),
      groupState: string(),
      protocolType: string(),
      protocolData: string(),
      members: array({
        memberId: string(),
        groupInstanceId: string('4+', { nullable: '4+', default: null, ignorable: true }),
        clientId: string(),
        clientHost: string(),
        memberMetadata: bytes(),
        memberAssignment: bytes(),
      }),
      authorizedOperations: int32('3+', { default: -2147483648 }),
    }),
  },
})

export type DescribeGroupsRequest = RequestOf<typeof describeGroups>
export type DescribeGroupsResponse = ResponseOf<typeof describeGroups>
export type DescribeGroupsRequestInput = RequestInput<typeof describeGroups>
export type DescribeGroupsResponseInput = ResponseInput<typeof describeGroups>
