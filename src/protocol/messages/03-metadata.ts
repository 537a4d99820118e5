/**
 * API key 3, Metadata. Versions 0-13, flexible from 9 (KIP-482); served on: broker.
 *
 * Version notes: 1: null asks for all topics, empty for none; controller, racks. 2: cluster id (KIP-78). 4: may forbid
 * automatic creation. 5: offline replicas (KIP-112). 7: leader epoch (KIP-320). 8: authorized operations (KIP-430). 10:
 * topic ids in the answer; 12: asking by id (both KIP-516). 11: the cluster's authorized operations moved to
 * DescribeCluster (KIP-700). 13: error for the whole answer (KIP-1102).
 */
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
  uuid,
} from '../schema.ts'

export const metadata = defineApi({
  key: 3,
  name: 'Metadata',
  validVersions: '0-13',
  flexibleVersions: '9+',
  request: {
    topics: array({ topicId: uuid('10+', { ignorable: true }), name: string('0+', { nullable: '10+' }) }, '0+', {
      nullable: '1+',
    }),
    allowAutoTopicCreation: boolean('4+', { default: true }),
    includeClusterAuthorizedOperations: boolean('8-10'),
    includeTopicAuthorizedOperations: boolean('8+'),
  },
  response: {
    throttleTimeMs: int32('3+', { ignorable: true }),
    brokers: array({
      nodeId: int32(),
      host: string(),
      port: int32(),
      rack: string('1+', { nullable: '1+', default: null, ignorable: true }),
    }),
    clusterId: string('2+', { nullable: '2+', default: null, ignorable: true }),
    controllerId: int32('1+', { default: -1, ignorable: true }),
    topics: array({
      errorCode: int16(),
      name: string('0+', { nullable: '12+' }),
      topicId: uuid('10+', { ignorable: true }),
      isInternal: boolean('1+', { default: false, ignorable: true }),
      partitions: array({
        errorCode: int16(),
        partitionIndex: int32(),
        leaderId: int32(),
        leaderEpoch: int32('7+', { default: -1, ignorable: true }),
        replicaNodes: array(int32()),
        isrNodes: array(int32()),
        offlineReplicas: array(int32(), '5+', { ignorable: true }),
      }),
      topicAuthorizedOperations: int32('8+', { default: -2147483648 }),
    }),
    clusterAuthorizedOperations: int32('8-10', { default: -2147483648 }),
    errorCode: int16('13+', { ignorable: true }),
  },
})

export type MetadataRequest = RequestOf<typeof metadata>
export type MetadataResponse = ResponseOf<typeof metadata>
export type MetadataRequestInput = RequestInput<typeof metadata>
export type MetadataResponseInput = ResponseInput<typeof metadata>
