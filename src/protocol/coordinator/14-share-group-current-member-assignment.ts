/** Record type 14 of `__consumer_offsets`: key and value. */
import {
  array,
  type Fields,
  int8,
  int32,
  type Schema,
  type SchemaInput,
  type SchemaValue,
  string,
  uuid,
} from '../schema.ts'

export const shareGroupCurrentMemberAssignmentKey = {
  name: 'ShareGroupCurrentMemberAssignmentKey',
  validVersions: '0',
  flexibleVersions: 'none',
  fields: { groupId: string('0'), memberId: string('0') },
} as const satisfies Schema
export type ShareGroupCurrentMemberAssignmentKey = SchemaValue<typeof shareGroupCurrentMemberAssignmentKey>
export type ShareGroupCurrentMemberAssignmentKeyInput = SchemaInput<typeof shareGroupCurrentMemberAssignmentKey>

const topicPartitionsFields = { topicId: uuid(), partitions: array(int32()) } satisfies Fields
export const shareGroupCurrentMemberAssignmentValue = {
  name: 'ShareGroupCurrentMemberAssignmentValue',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: {
    memberEpoch: int32(),
    previousMemberEpoch: int32(),
    state: int8(),
    assignedPartitions: array(topicPartitionsFields),
  },
} as const satisfies Schema
export type ShareGroupCurrentMemberAssignmentValue = SchemaValue<typeof shareGroupCurrentMemberAssignmentValue>
export type ShareGroupCurrentMemberAssignmentValueInput = SchemaInput<typeof shareGroupCurrentMemberAssignmentValue>
