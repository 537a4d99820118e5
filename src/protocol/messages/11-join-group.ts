/**
 * API key 11, JoinGroup. Versions 0-9, flexible from 6 (KIP-482); served on: broker.
 *
 * Version notes: 0-1 were gone in 4.0 and came back for old clients (KAFKA-19444). 1: rebalance timeout (KIP-62). 4:
 * MEMBER_ID_REQUIRED (KIP-394). 5: group instance id (KIP-345). 7: protocol type in the answer (KIP-559). 8: reason
 * (KIP-800). 9: leader may be told to skip the assignment (KIP-814).
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

export const joinGroup = defineApi({
  key: 11,
  name: 'JoinGroup',
  validVersions: '0-9',
  flexibleVersions: '6+',
  request: {
    groupId: string(),
    sessionTimeoutMs: int32(),
    rebalanceTimeoutMs: int32('1+', { default: -1, ignorable: true }),
    memberId: string(),
    groupInstanceId: string('5+', { nullable: '5+', default: null }),
    protocolType: string(),
    protocols: array({ name: string(), metadata: bytes() }),
    reason: string('8+', { nullable: '8+', default: null, ignorable: true }),
  },
  response: {
    throttleTimeMs: int32('2+', { ignorable: true }),
    errorCode: int16(),
    generationId: int32('0+', { default: -1 }),
    protocolType: string('7+', { nullable: '7+', default: null, ignorable: true }),
    protocolName: string('0+', { nullable: '7+' }),
    leader: string(),
    skipAssignment: boolean('9+', { default: false }),
    memberId: string(),
    members: array({
      memberId: string(),
      groupInstanceId: string('5+', { nullable: '5+', default: null, ignorable: true }),
      metadata: bytes(),
    }),
  },
})

export type JoinGroupRequest = RequestOf<typeof joinGroup>
export type JoinGroupResponse = ResponseOf<typeof joinGroup>
export type JoinGroupRequestInput = RequestInput<typeof joinGroup>
export type JoinGroupResponseInput = ResponseInput<typeof joinGroup>
