/**
 * API key 13, LeaveGroup. Versions 0-5, flexible from 4 (KIP-482); served on: broker.
 *
 * Version notes: 3: many members, with group instance id (KIP-345). 5: reason (KIP-800).
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

export const leaveGroup = defineApi({
  key: 13,
  name: 'LeaveGroup',
  validVersions: '0-5',
  flexibleVersions: '4+',
  request: {
    groupId: string(),
    memberId: string('0-2'),
    members: array(
      {
        memberId: string('3+'),
        groupInstanceId: string('3+', { nullable: '3+', default: null }),
        reason: string('5+', { nullable: '5+', default: null, ignorable: true }),
      },
      '3+',
    ),
  },
  response: {
    throttleTimeMs: int32('1+', { ignorable: true }),
    errorCode: int16(),
    members: array(
      { memberId: string('3+'), groupInstanceId: string('3+', { nullable: '3+' }), errorCode: int16('3+') },
      '3+',
    ),
  },
})

export type LeaveGroupRequest = RequestOf<typeof leaveGroup>
export type LeaveGroupResponse = ResponseOf<typeof leaveGroup>
export type LeaveGroupRequestInput = RequestInput<typeof leaveGroup>
export type LeaveGroupResponseInput = ResponseInput<typeof leaveGroup>
