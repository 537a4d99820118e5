/** Record type 1 of `__share_group_state`: key and value. */
import {
  array,
  int8,
  int16,
  int32,
  int64,
  type Schema,
  type SchemaInput,
  type SchemaValue,
  string,
  uuid,
} from '../schema.ts'

export const shareUpdateKey = {
  name: 'ShareUpdateKey',
  validVersions: '0',
  flexibleVersions: 'none',
  fields: { groupId: string('0'), topicId: uuid('0'), partition: int32('0') },
} as const satisfies Schema
export type ShareUpdateKey = SchemaValue<typeof shareUpdateKey>
export type ShareUpdateKeyInput = SchemaInput<typeof shareUpdateKey>

export const shareUpdateValue = {
  name: 'ShareUpdateValue',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: {
    snapshotEpoch: int32(),
    leaderEpoch: int32(),
    startOffset: int64(),
    deliveryCompleteCount: int32('0+', { tag: 0, taggedVersions: '0+', default: -1 }),
    stateBatches: array({ firstOffset: int64(), lastOffset: int64(), deliveryState: int8(), deliveryCount: int16() }),
  },
} as const satisfies Schema
export type ShareUpdateValue = SchemaValue<typeof shareUpdateValue>
export type ShareUpdateValueInput = SchemaInput<typeof shareUpdateValue>
