/** Record type 0 of `__share_group_state`: key and value. */
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

export const shareSnapshotKey = {
  name: 'ShareSnapshotKey',
  validVersions: '0',
  flexibleVersions: 'none',
  fields: { groupId: string('0'), topicId: uuid('0'), partition: int32('0') },
} as const satisfies Schema
export type ShareSnapshotKey = SchemaValue<typeof shareSnapshotKey>
export type ShareSnapshotKeyInput = SchemaInput<typeof shareSnapshotKey>

export const shareSnapshotValue = {
  name: 'ShareSnapshotValue',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: {
    snapshotEpoch: int32(),
    stateEpoch: int32(),
    leaderEpoch: int32(),
    startOffset: int64(),
    deliveryCompleteCount: int32('0+', { tag: 0, taggedVersions: '0+', default: -1 }),
    createTimestamp: int64(),
    writeTimestamp: int64(),
    stateBatches: array({ firstOffset: int64(), lastOffset: int64(), deliveryState: int8(), deliveryCount: int16() }),
  },
} as const satisfies Schema
export type ShareSnapshotValue = SchemaValue<typeof shareSnapshotValue>
export type ShareSnapshotValueInput = SchemaInput<typeof shareSnapshotValue>
