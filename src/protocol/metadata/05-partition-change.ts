/** Metadata record type 5, PartitionChangeRecord (KIP-500 and later). */
import { array, defineRecord, int8, int32, type SchemaInput, type SchemaValue, uuid } from '../schema.ts'

export const partitionChangeRecord = defineRecord({
  type: 5,
  name: 'PartitionChangeRecord',
  validVersions: '0-2',
  flexibleVersions: '0+',
  fields: {
    partitionId: int32('0+', { default: -1 }),
    topicId: uuid(),
    isr: array(int32(), '0+', { nullable: '0+', tag: 0, taggedVersions: '0+', default: null }),
    leader: int32('0+', { tag: 1, taggedVersions: '0+', default: -2 }),
    replicas: array(int32(), '0+', { nullable: '0+', tag: 2, taggedVersions: '0+', default: null }),
    removingReplicas: array(int32(), '0+', { nullable: '0+', tag: 3, taggedVersions: '0+', default: null }),
    addingReplicas: array(int32(), '0+', { nullable: '0+', tag: 4, taggedVersions: '0+', default: null }),
    leaderRecoveryState: int8('0+', { tag: 5, taggedVersions: '0+', default: -1 }),
    directories: array(uuid(), '1+', { nullable: '1+', tag: 8, taggedVersions: '1+', default: null }),
    eligibleLeaderReplicas: array(int32(), '2+', { nullable: '2+', tag: 6, taggedVersions: '2+', default: null }),
    lastKnownElr: array(int32(), '2+', { nullable: '2+', tag: 7, taggedVersions: '2+', default: null }),
  },
})

export type PartitionChangeRecord = SchemaValue<typeof partitionChangeRecord>
export type PartitionChangeRecordInput = SchemaInput<typeof partitionChangeRecord>
