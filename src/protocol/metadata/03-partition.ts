/** Metadata record type 3, PartitionRecord (KIP-500 and later). */
import { array, defineRecord, int8, int32, type SchemaInput, type SchemaValue, uuid } from '../schema.ts'

export const partitionRecord = defineRecord({
  type: 3,
  name: 'PartitionRecord',
  validVersions: '0-2',
  flexibleVersions: '0+',
  fields: {
    partitionId: int32('0+', { default: -1 }),
    topicId: uuid(),
    replicas: array(int32()),
    isr: array(int32()),
    removingReplicas: array(int32()),
    addingReplicas: array(int32()),
    leader: int32('0+', { default: -1 }),
    leaderRecoveryState: int8('0+', { tag: 0, taggedVersions: '0+', default: 0 }),
    leaderEpoch: int32('0+', { default: -1 }),
    partitionEpoch: int32('0+', { default: -1 }),
    directories: array(uuid(), '1+'),
    eligibleLeaderReplicas: array(int32(), '2+', { nullable: '2+', tag: 1, taggedVersions: '2+', default: null }),
    lastKnownElr: array(int32(), '2+', { nullable: '2+', tag: 2, taggedVersions: '2+', default: null }),
  },
})

export type PartitionRecord = SchemaValue<typeof partitionRecord>
export type PartitionRecordInput = SchemaInput<typeof partitionRecord>
