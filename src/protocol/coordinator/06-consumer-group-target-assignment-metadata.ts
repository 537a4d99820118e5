/** Record type 6 of `__consumer_offsets`: key and value. */
import { int32, int64, type Schema, type SchemaInput, type SchemaValue, string } from '../schema.ts'

export const consumerGroupTargetAssignmentMetadataKey = {
  name: 'ConsumerGroupTargetAssignmentMetadataKey',
  validVersions: '0',
  flexibleVersions: 'none',
  fields: { groupId: string('0') },
} as const satisfies Schema
export type ConsumerGroupTargetAssignmentMetadataKey = SchemaValue<typeof consumerGroupTargetAssignmentMetadataKey>
export type ConsumerGroupTargetAssignmentMetadataKeyInput = SchemaInput<typeof consumerGroupTargetAssignmentMetadataKey>

export const consumerGroupTargetAssignmentMetadataValue = {
  name: 'ConsumerGroupTargetAssignmentMetadataValue',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: {
    assignmentEpoch: int32(),
    assignmentTimestamp: int64('0+', { tag: 0, taggedVersions: '0+', default: 0n, ignorable: true }),
  },
} as const satisfies Schema
export type ConsumerGroupTargetAssignmentMetadataValue = SchemaValue<typeof consumerGroupTargetAssignmentMetadataValue>
export type ConsumerGroupTargetAssignmentMetadataValueInput = SchemaInput<
  typeof consumerGroupTargetAssignmentMetadataValue
>
