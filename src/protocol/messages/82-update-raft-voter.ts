/** API key 82, UpdateRaftVoter. Versions 0, flexible from 0 (KIP-482); served on: controller. */
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
  struct,
  uint16,
  uuid,
} from '../schema.ts'

export const updateRaftVoter = defineApi({
  key: 82,
  name: 'UpdateRaftVoter',
  validVersions: '0',
  flexibleVersions: '0+',
  request: {
    clusterId: string('0+', { nullable: '0+' }),
    currentLeaderEpoch: int32(),
    voterId: int32(),
    voterDirectoryId: uuid(),
    listeners: array({ name: string(), host: string(), port: uint16() }),
    kRaftVersionFeature: struct({ minSupportedVersion: int16(), maxSupportedVersion: int16() }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    currentLeader: struct(
      {
        leaderId: int32('0+', { default: -1 }),
        leaderEpoch: int32('0+', { default: -1 }),
        host: string(),
        port: int32(),
      },
      '0+',
      { tag: 0, taggedVersions: '0+' },
    ),
  },
})

export type UpdateRaftVoterRequest = RequestOf<typeof updateRaftVoter>
export type UpdateRaftVoterResponse = ResponseOf<typeof updateRaftVoter>
export type UpdateRaftVoterRequestInput = RequestInput<typeof updateRaftVoter>
export type UpdateRaftVoterResponseInput = ResponseInput<typeof updateRaftVoter>
