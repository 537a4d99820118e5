/** Record type 1 of `__consumer_offsets`: key and value. */
import { int32, int64, type Schema, type SchemaInput, type SchemaValue, string, uuid } from '../schema.ts'

export const offsetCommitKey = {
  name: 'OffsetCommitKey',
  validVersions: '0',
  flexibleVersions: 'none',
  fields: { group: string('0'), topic: string('0'), partition: int32('0') },
} as const satisfies Schema
export type OffsetCommitKey = SchemaValue<typeof offsetCommitKey>
export type OffsetCommitKeyInput = SchemaInput<typeof offsetCommitKey>

export const offsetCommitValue = {
  name: 'OffsetCommitValue',
  validVersions: '0-4',
  flexibleVersions: '4+',
  fields: {
    offset: int64(),
    leaderEpoch: int32('3+', { default: -1, ignorable: true }),
    metadata: string(),
    commitTimestamp: int64(),
    expireTimestamp: int64('1', { default: -1n, ignorable: true }),
    topicId: uuid('4+', { tag: 0, taggedVersions: '4+', ignorable: true }),
  },
} as const satisfies Schema
export type OffsetCommitValue = SchemaValue<typeof offsetCommitValue>
export type OffsetCommitValueInput = SchemaInput<typeof offsetCommitValue>
