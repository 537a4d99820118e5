/** Record type 0 of `__consumer_offsets`: key and value. */
import { int32, int64, type Schema, type SchemaInput, type SchemaValue, string } from '../schema.ts'

export const legacyOffsetCommitKey = {
  name: 'LegacyOffsetCommitKey',
  validVersions: '0',
  flexibleVersions: 'none',
  fields: { group: string('0'), topic: string('0'), partition: int32('0') },
} as const satisfies Schema
export type LegacyOffsetCommitKey = SchemaValue<typeof legacyOffsetCommitKey>
export type LegacyOffsetCommitKeyInput = SchemaInput<typeof legacyOffsetCommitKey>

export const legacyOffsetCommitValue = {
  name: 'LegacyOffsetCommitValue',
  validVersions: '0',
  flexibleVersions: 'none',
  fields: { offset: int64('0'), metadata: string('0'), commitTimestamp: int64('0') },
} as const satisfies Schema
export type LegacyOffsetCommitValue = SchemaValue<typeof legacyOffsetCommitValue>
export type LegacyOffsetCommitValueInput = SchemaInput<typeof legacyOffsetCommitValue>
