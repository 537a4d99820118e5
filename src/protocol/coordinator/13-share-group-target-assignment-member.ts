/** Record type 13 of `__consumer_offsets`: key and value. */
import { array, int32, type Schema, type SchemaInput, type SchemaValue, string, uuid } from '../schema.ts'

export const shareGroupTargetAssignmentMemberKey = {
  name: 'ShareGroupTargetAssignmentMemberKey',
  validVersions: '0',
  flexibleVersions: 'none',
  fields: { groupId: string('0'), memberId: string('0') },
} as const satisfies Schema
export type ShareGroupTargetAssignmentMemberKey = SchemaValue<typeof shareGroupTargetAssignmentMemberKey>
export type ShareGroupTargetAssignmentMemberKeyInput = SchemaInput<typeof shareGroupTargetAssignmentMemberKey>

export const shareGroupTargetAssignmentMemberValue = {
  name: 'ShareGroupTargetAssignmentMemberValue',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: { topicPartitions: array({ topicId: uuid(), partitions: array(int32()) }) },
} as const satisfies Schema
export type ShareGroupTargetAssignmentMemberValue = SchemaValue<typeof shareGroupTargetAssignmentMemberValue>
export type ShareGroupTargetAssignmentMemberValueInput = SchemaInput<typeof shareGroupTargetAssignmentMemberValue>
