/** API key 80, AddRaftVoter. Versions 0-1, flexible from 0 (KIP-482); served on: controller, broker. */
import {
  array,
  boolean,
  defineApi,
  int16,
  int32,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
  string,
  uint16,
  uuid,
} from '../schema.ts'

export const addRaftVoter = defineApi({
  key: 80,
  name: 'AddRaftVoter',
  validVersions: '0-1',
  flexibleVersions: '0+',
  request: {
    clusterId: string('0+', { nullable: '0+' }),
    timeoutMs: int32(),
    voterId: int32(),
    voterDirectoryId: uuid(),
    listeners: array({ name: string(), host: string(), port: uint16() }),
    ackWhenCommitted: boolean('1+', { default: true }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+', ignorable: true }),
  },
})

export type AddRaftVoterRequest = RequestOf<typeof addRaftVoter>
export type AddRaftVoterResponse = ResponseOf<typeof addRaftVoter>
export type AddRaftVoterRequestInput = RequestInput<typeof addRaftVoter>
export type AddRaftVoterResponseInput = ResponseInput<typeof addRaftVoter>
