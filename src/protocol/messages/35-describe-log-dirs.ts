/**
 * API key 35, DescribeLogDirs. Versions 1-5, flexible from 2 (KIP-482); served on: broker.
 *
 * Version notes: 4: total and usable bytes of the volume (KIP-827).
 */
import {
  array,
  boolean,
  defineApi,
  int16,
  int32,
  int64,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
  string,
} from '../schema.ts'

export const describeLogDirs = defineApi({
  key: 35,
  name: 'DescribeLogDirs',
  validVersions: '1-5',
  flexibleVersions: '2+',
  request: { topics: array({ topic: string(), partitions: array(int32()) }, '0+', { nullable: '0+' }) },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16('3+', { ignorable: true }),
    results: array({
      errorCode: int16(),
      logDir: string(),
      topics: array({
        name: string(),
        partitions: array({
          partitionIndex: int32(),
          partitionSize: int64(),
          offsetLag: int64(),
          isFutureKey: boolean(),
        }),
      }),
      totalBytes: int64('4+', { default: -1n, ignorable: true }),
      usableBytes: int64('4+', { default: -1n, ignorable: true }),
      isCordoned: boolean('5+', { default: false, ignorable: true }),
    }),
  },
})

export type DescribeLogDirsRequest = RequestOf<typeof describeLogDirs>
export type DescribeLogDirsResponse = ResponseOf<typeof describeLogDirs>
export type DescribeLogDirsRequestInput = RequestInput<typeof describeLogDirs>
export type DescribeLogDirsResponseInput = ResponseInput<typeof describeLogDirs>
