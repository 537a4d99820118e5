/** Record type 12 of `__consumer_offsets`: key and value. */
import { int32, int64, type Schema, type SchemaInput, type SchemaValue, string } from '../schema.ts'

export const shareGroupTargetAssignmentMetadataKey = {
  name: 'ShareGroupTargetAssignmentMetadataKey',
  validVersions: '0',
  flexibleVersions: 'none',
  fields: { groupId: string('0') },
} as const satisfies Schema
export type ShareGroupTargetAssignmentMetadataKey = SchemaValue<typeof shareGroupTargetAssignmentMetadataKey>
export type ShareGroupTargetAssignmentMetadataKeyInput = SchemaInput<typeof shareGroupTargetAssignmentMetadataKey>

export const shareGroupTargetAssignmentMetadataValue = {
  name: 'ShareGroupTargetAssignmentMetadataValue',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: {
    assignmentEpoch: int32(),
    assignmentTimestamp: int64('0+', { tag: 0, taggedVersions: '0+', default: 0n, ignorable: true }),
  },
} as const satisfies Schema
export type ShareGroupTargetAssignmentMetadataValue = SchemaValue<typeof shareGroupTargetAssignmentMetadataValue>
export type ShareGroupTargetAssignmentMetadataValueInput = SchemaInput<typeof shareGroupTargetAssignmentMetadataValue>
