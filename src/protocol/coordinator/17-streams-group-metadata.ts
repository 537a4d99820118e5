/** Record type 17 of `__consumer_offsets`: key and value. */
import { array, type Fields, int32, int64, type Schema, type SchemaInput, type SchemaValue, string } from '../schema.ts'

export const streamsGroupMetadataKey = {
  name: 'StreamsGroupMetadataKey',
  validVersions: '0',
  flexibleVersions: 'none',
  fields: { groupId: string('0') },
} as const satisfies Schema
export type StreamsGroupMetadataKey = SchemaValue<typeof streamsGroupMetadataKey>
export type StreamsGroupMetadataKeyInput = SchemaInput<typeof streamsGroupMetadataKey>

const lastAssignmentConfigFields = { key: string(), value: string() } satisfies Fields
export const streamsGroupMetadataValue = {
  name: 'StreamsGroupMetadataValue',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: {
    epoch: int32(),
    metadataHash: int64(),
    validatedTopologyEpoch: int32('0+', { tag: 0, taggedVersions: '0+', default: -1 }),
    lastAssignmentConfigs: array(lastAssignmentConfigFields, '0+', {
      nullable: '0+',
      tag: 1,
      taggedVersions: '0+',
    }),
  },
} as const satisfies Schema
export type StreamsGroupMetadataValue = SchemaValue<typeof streamsGroupMetadataValue>
export type StreamsGroupMetadataValueInput = SchemaInput<typeof streamsGroupMetadataValue>
