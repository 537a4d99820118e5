/** Record type 22 of `__consumer_offsets`: key and value. */
import { array, type Fields, int8, int32, type Schema, type SchemaInput, type SchemaValue, string } from '../schema.ts'

export const streamsGroupCurrentMemberAssignmentKey = {
  name: 'StreamsGroupCurrentMemberAssignmentKey',
  validVersions: '0',
  flexibleVersions: 'none',
  fields: { groupId: string('0'), memberId: string('0') },
} as const satisfies Schema
export type StreamsGroupCurrentMemberAssignmentKey = SchemaValue<typeof streamsGroupCurrentMemberAssignmentKey>
export type StreamsGroupCurrentMemberAssignmentKeyInput = SchemaInput<typeof streamsGroupCurrentMemberAssignmentKey>

const taskIdsFields = {
  subtopologyId: string(),
  partitions: array(int32()),
  assignmentEpochs: array(int32(), '0+', { nullable: '0+', tag: 0, taggedVersions: '0+' }),
} satisfies Fields
export const streamsGroupCurrentMemberAssignmentValue = {
  name: 'StreamsGroupCurrentMemberAssignmentValue',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: {
    memberEpoch: int32(),
    previousMemberEpoch: int32(),
    state: int8(),
    activeTasks: array(taskIdsFields),
    standbyTasks: array(taskIdsFields),
    warmupTasks: array(taskIdsFields),
    activeTasksPendingRevocation: array(taskIdsFields),
    standbyTasksPendingRevocation: array(taskIdsFields),
    warmupTasksPendingRevocation: array(taskIdsFields),
  },
} as const satisfies Schema
export type StreamsGroupCurrentMemberAssignmentValue = SchemaValue<typeof streamsGroupCurrentMemberAssignmentValue>
export type StreamsGroupCurrentMemberAssignmentValueInput = SchemaInput<typeof streamsGroupCurrentMemberAssignmentValue>
