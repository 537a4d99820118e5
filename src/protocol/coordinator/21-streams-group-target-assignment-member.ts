/** Record type 21 of `__consumer_offsets`: key and value. */
import { array, type Fields, int32, type Schema, type SchemaInput, type SchemaValue, string } from '../schema.ts'

export const streamsGroupTargetAssignmentMemberKey = {
  name: 'StreamsGroupTargetAssignmentMemberKey',
  validVersions: '0',
  flexibleVersions: 'none',
  fields: { groupId: string('0'), memberId: string('0') },
} as const satisfies Schema
export type StreamsGroupTargetAssignmentMemberKey = SchemaValue<typeof streamsGroupTargetAssignmentMemberKey>
export type StreamsGroupTargetAssignmentMemberKeyInput = SchemaInput<typeof streamsGroupTargetAssignmentMemberKey>

const taskIdsFields = { subtopologyId: string(), partitions: array(int32()) } satisfies Fields
export const streamsGroupTargetAssignmentMemberValue = {
  name: 'StreamsGroupTargetAssignmentMemberValue',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: { activeTasks: array(taskIdsFields), standbyTasks: array(taskIdsFields), warmupTasks: array(taskIdsFields) },
} as const satisfies Schema
export type StreamsGroupTargetAssignmentMemberValue = SchemaValue<typeof streamsGroupTargetAssignmentMemberValue>
export type StreamsGroupTargetAssignmentMemberValueInput = SchemaInput<typeof streamsGroupTargetAssignmentMemberValue>
