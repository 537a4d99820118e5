/** API key 34, AlterReplicaLogDirs. Versions 1-2, flexible from 2 (KIP-482); served on: broker. */
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

export const alterReplicaLogDirs = defineApi({
  key: 34,
  name: 'AlterReplicaLogDirs',
  validVersions: '1-2',
  flexibleVersions: '2+',
  request: { dirs: array({ path: string(), topics: array({ name: string(), partitions: array(int32()) }) }) },
  response: {
    throttleTimeMs: int32(),
    results: array({ topicName: string(), partitions: array({ partitionIndex: int32(), errorCode: int16() }) }),
  },
})

export type AlterReplicaLogDirsRequest = RequestOf<typeof alterReplicaLogDirs>
export type AlterReplicaLogDirsResponse = ResponseOf<typeof alterReplicaLogDirs>
export type AlterReplicaLogDirsRequestInput = RequestInput<typeof alterReplicaLogDirs>
export type AlterReplicaLogDirsResponseInput = ResponseInput<typeof alterReplicaLogDirs>
