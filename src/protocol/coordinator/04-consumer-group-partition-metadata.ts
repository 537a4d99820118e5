/** Record type 4 of `__consumer_offsets`: key and value. */
import { array, int32, type Schema, type SchemaInput, type SchemaValue, string, uuid } from '../schema.ts'

export const consumerGroupPartitionMetadataKey = {
  name: 'ConsumerGroupPartitionMetadataKey',
  validVersions: '0',
  flexibleVersions: 'none',
  fields: { groupId: string('0') },
} as const satisfies Schema
export type ConsumerGroupPartitionMetadataKey = SchemaValue<typeof consumerGroupPartitionMetadataKey>
export type ConsumerGroupPartitionMetadataKeyInput = SchemaInput<typeof consumerGroupPartitionMetadataKey>

export const consumerGroupPartitionMetadataValue = {
  name: 'ConsumerGroupPartitionMetadataValue',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: {
    topics: array({
      topicId: uuid(),
      topicName: string(),
      numPartitions: int32(),
      partitionMetadata: array({ partition: int32(), racks: array(string()) }),
    }),
  },
} as const satisfies Schema
export type ConsumerGroupPartitionMetadataValue = SchemaValue<typeof consumerGroupPartitionMetadataValue>
export type ConsumerGroupPartitionMetadataValueInput = SchemaInput<typeof consumerGroupPartitionMetadataValue>
