/** Record type 7 of `__consumer_offsets`: key and value. */
import { array, int32, type Schema, type SchemaInput, type SchemaValue, string, uuid } from '../schema.ts'

export const consumerGroupTargetAssignmentMemberKey = {
  name: 'ConsumerGroupTargetAssignmentMemberKey',
  validVersions: '0',
  flexibleVersions: 'none',
  fields: { groupId: string('0'), memberId: string('0') },
} as const satisfies Schema
export type ConsumerGroupTargetAssignmentMemberKey = SchemaValue<typeof consumerGroupTargetAssignmentMemberKey>
export type ConsumerGroupTargetAssignmentMemberKeyInput = SchemaInput<typeof consumerGroupTargetAssignmentMemberKey>

export const consumerGroupTargetAssignmentMemberValue = {
  name: 'ConsumerGroupTargetAssignmentMemberValue',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: { topicPartitions: array({ topicId: uuid(), partitions: array(int32()) }) },
} as const satisfies Schema
export type ConsumerGroupTargetAssignmentMemberValue = SchemaValue<typeof consumerGroupTargetAssignmentMemberValue>
export type ConsumerGroupTargetAssignmentMemberValueInput = SchemaInput<typeof consumerGroupTargetAssignmentMemberValue>
