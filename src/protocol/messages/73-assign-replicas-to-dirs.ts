/** API key 73, AssignReplicasToDirs. Versions 0, flexible from 0 (KIP-482); served on: controller. */
import {
  array,
  defineApi,
  int16,
  int32,
  int64,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
  uuid,
} from '../schema.ts'

export const assignReplicasToDirs = defineApi({
  key: 73,
  name: 'AssignReplicasToDirs',
  validVersions: '0',
  flexibleVersions: '0+',
  request: {
    brokerId: int32(),
    brokerEpoch: int64('0+', { default: -1n }),
    directories: array({
      id: uuid(),
      topics: array({ topicId: uuid(), partitions: array({ partitionIndex: int32() }) }),
    }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    directories: array({
      id: uuid(),
      topics: array({ topicId: uuid(), partitions: array({ partitionIndex: int32(), errorCode: int16() }) }),
    }),
  },
})

export type AssignReplicasToDirsRequest = RequestOf<typeof assignReplicasToDirs>
export type AssignReplicasToDirsResponse = ResponseOf<typeof assignReplicasToDirs>
export type AssignReplicasToDirsRequestInput = RequestInput<typeof assignReplicasToDirs>
export type AssignReplicasToDirsResponseInput = ResponseInput<typeof assignReplicasToDirs>
