/**
 * API key 60, DescribeCluster. Versions 0-2, flexible from 0 (KIP-482); served on: broker, controller.
 *
 * Version notes: all of it is KIP-700. 1: brokers or controllers (KIP-919). 2: fenced brokers (KIP-1073).
 */
import {
  array,
  boolean,
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

export const describeCluster = defineApi({
  key: 60,
  name: 'DescribeCluster',
  validVersions: '0-2',
  flexibleVersions: '0+',
  request: {
    includeClusterAuthorizedOperations: boolean(),
    endpointType: int8('1+', { default: 1 }),
    includeFencedBrokers: boolean('2+'),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+', default: null }),
    endpointType: int8('1+', { default: 1 }),
    clusterId: string(),
    controllerId: int32('0+', { default: -1 }),
    brokers: array({
      brokerId: int32(),
      host: string(),
      port: int32(),
      rack: string('0+', { nullable: '0+', default: null }),
      isFenced: boolean('2+'),
    }),
    clusterAuthorizedOperations: int32('0+', { default: -2147483648 }),
  },
})

export type DescribeClusterRequest = RequestOf<typeof describeCluster>
export type DescribeClusterResponse = ResponseOf<typeof describeCluster>
export type DescribeClusterRequestInput = RequestInput<typeof describeCluster>
export type DescribeClusterResponseInput = ResponseInput<typeof describeCluster>
