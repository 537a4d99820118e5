/**
 * API key 12, Heartbeat. Versions 0-4, flexible from 4 (KIP-482); served on: broker.
 *
 * Version notes: 3: group instance id (KIP-345).
 */
import {
  defineApi,
  int16,
  int32,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
  string,
} from '../schema.ts'

export const heartbeat = defineApi({
  key: 12,
  name: 'Heartbeat',
  validVersions: '0-4',
  flexibleVersions: '4+',
  request: {
    groupId: string(),
    generationId: int32(),
    memberId: string(),
    groupInstanceId: string('3+', { nullable: '3+', default: null }),
  },
  response: { throttleTimeMs: int32('1+', { ignorable: true }), errorCode: int16() },
})

export type HeartbeatRequest = RequestOf<typeof heartbeat>
export type HeartbeatResponse = ResponseOf<typeof heartbeat>
export type HeartbeatRequestInput = RequestInput<typeof heartbeat>
export type HeartbeatResponseInput = ResponseInput<typeof heartbeat>
