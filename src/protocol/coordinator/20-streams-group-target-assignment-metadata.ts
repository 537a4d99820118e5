/** Record type 20 of `__consumer_offsets`: key and value. */
import { int32, int64, type Schema, type SchemaInput, type SchemaValue, string } from '../schema.ts'

export const streamsGroupTargetAssignmentMetadataKey = {
  name: 'StreamsGroupTargetAssignmentMetadataKey',
  validVersions: '0',
  flexibleVersions: 'none',
  fields: { groupId: string('0') },
} as const satisfies Schema
export type StreamsGroupTargetAssignmentMetadataKey = SchemaValue<typeof streamsGroupTargetAssignmentMetadataKey>
export type StreamsGroupTargetAssignmentMetadataKeyInput = SchemaInput<typeof streamsGroupTargetAssignmentMetadataKey>

export const streamsGroupTargetAssignmentMetadataValue = {
  name: 'StreamsGroupTargetAssignmentMetadataValue',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: {
    assignmentEpoch: int32(),
    assignmentTimestamp: int64('0+', { tag: 0, taggedVersions: '0+', default: 0n, ignorable: true }),
  },
} as const satisfies Schema
export type StreamsGroupTargetAssignmentMetadataValue = SchemaValue<typeof streamsGroupTargetAssignmentMetadataValue>
export type StreamsGroupTargetAssignmentMetadataValueInput = SchemaInput<
  typeof streamsGroupTargetAssignmentMetadataValue
>
