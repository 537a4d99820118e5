/** Record type 15 of `__consumer_offsets`: key and value. */
import { array, type Fields, int32, type Schema, type SchemaInput, type SchemaValue, string, uuid } from '../schema.ts'

export const shareGroupStatePartitionMetadataKey = {
  name: 'ShareGroupStatePartitionMetadataKey',
  validVersions: '0',
  flexibleVersions: 'none',
  fields: { groupId: string('0') },
} as const satisfies Schema
export type ShareGroupStatePartitionMetadataKey = SchemaValue<typeof shareGroupStatePartitionMetadataKey>
export type ShareGroupStatePartitionMetadataKeyInput = SchemaInput<typeof shareGroupStatePartitionMetadataKey>

const topicPartitionsInfoFields = { topicId: uuid(), topicName: string(), partitions: array(int32()) } satisfies Fields

const topicInfoFields = { topicId: uuid(), topicName: string() } satisfies Fields
export const shareGroupStatePartitionMetadataValue = {
  name: 'ShareGroupStatePartitionMetadataValue',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: {
    initializingTopics: array(topicPartitionsInfoFields),
    initializedTopics: array(topicPartitionsInfoFields),
    deletingTopics: array(topicInfoFields),
  },
} as const satisfies Schema
export type ShareGroupStatePartitionMetadataValue = SchemaValue<typeof shareGroupStatePartitionMetadataValue>
export type ShareGroupStatePartitionMetadataValueInput = SchemaInput<typeof shareGroupStatePartitionMetadataValue>
