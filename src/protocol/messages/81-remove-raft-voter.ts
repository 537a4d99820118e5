/** API key 81, RemoveRaftVoter. Versions 0, flexible from 0 (KIP-482); served on: controller, broker. */
import {
  defineApi,
  int16,
  int32,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
  string,
  uuid,
} from '../schema.ts'

export const removeRaftVoter = defineApi({
  key: 81,
  name: 'RemoveRaftVoter',
  validVersions: '0',
  flexibleVersions: '0+',
  request: { clusterId: string('0+', { nullable: '0+' }), voterId: int32(), voterDirectoryId: uuid() },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+', ignorable: true }),
  },
})

export type RemoveRaftVoterRequest = RequestOf<typeof removeRaftVoter>
export type RemoveRaftVoterResponse = ResponseOf<typeof removeRaftVoter>
export type RemoveRaftVoterRequestInput = RequestInput<typeof removeRaftVoter>
export type RemoveRaftVoterResponseInput = ResponseInput<typeof removeRaftVoter>
