/** Record type 8 of `__consumer_offsets`: key and value. */
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

export const consumerGroupCurrentMemberAssignmentKey = {
  name: 'ConsumerGroupCurrentMemberAssignmentKey',
  validVersions: '0',
  flexibleVersions: 'none',
  fields: { groupId: string('0'), memberId: string('0') },
} as const satisfies Schema
export type ConsumerGroupCurrentMemberAssignmentKey = SchemaValue<typeof consumerGroupCurrentMemberAssignmentKey>
export type ConsumerGroupCurrentMemberAssignmentKeyInput = SchemaInput<typeof consumerGroupCurrentMemberAssignmentKey>

const topicPartitionsFields = {
  topicId: uuid(),
  partitions: array(int32()),
  assignmentEpochs: array(int32(), '0+', { nullable: '0+', tag: 0, taggedVersions: '0+' }),
} satisfies Fields
export const consumerGroupCurrentMemberAssignmentValue = {
  name: 'ConsumerGroupCurrentMemberAssignmentValue',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: {
    memberEpoch: int32(),
    previousMemberEpoch: int32(),
    state: int8(),
    assignedPartitions: array(topicPartitionsFields),
    partitionsPendingRevocation: array(topicPartitionsFields),
  },
} as const satisfies Schema
export type ConsumerGroupCurrentMemberAssignmentValue = SchemaValue<typeof consumerGroupCurrentMemberAssignmentValue>
export type ConsumerGroupCurrentMemberAssignmentValueInput = SchemaInput<
  typeof consumerGroupCurrentMemberAssignmentValue
>
