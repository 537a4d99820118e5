/**
 * API key 43, ElectLeaders. Versions 0-2, flexible from 2 (KIP-482); served on: broker, controller.
 *
 * Version notes: 1: unclean elections too (KIP-460).
 */
import {
  array,
  defineApi,
  int8,
  int16,
  int32,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
  string,
} from '../schema.ts'

export const electLeaders = defineApi({
  key: 43,
  name: 'ElectLeaders',
  validVersions: '0-2',
  flexibleVersions: '2+',
  request: {
    electionType: int8('1+'),
    topicPartitions: array({ topic: string(), partitions: array(int32()) }, '0+', { nullable: '0+' }),
    timeoutMs: int32('0+', { default: 60000 }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16('1+'),
    replicaElectionResults: array({
      topic: string(),
      partitionResult: array({
        partitionId: int32(),
        errorCode: int16(),
        errorMessage: string('0+', { nullable: '0+' }),
      }),
    }),
  },
})

export type ElectLeadersRequest = RequestOf<typeof electLeaders>
export type ElectLeadersResponse = ResponseOf<typeof electLeaders>
export type ElectLeadersRequestInput = RequestInput<typeof electLeaders>
export type ElectLeadersResponseInput = ResponseInput<typeof electLeaders>
