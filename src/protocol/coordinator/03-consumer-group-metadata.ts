/** Record type 3 of `__consumer_offsets`: key and value. */
import { int32, int64, type Schema, type SchemaInput, type SchemaValue, string } from '../schema.ts'

export const consumerGroupMetadataKey = {
  name: 'ConsumerGroupMetadataKey',
  validVersions: '0',
  flexibleVersions: 'none',
  fields: { groupId: string('0') },
} as const satisfies Schema
export type ConsumerGroupMetadataKey = SchemaValue<typeof consumerGroupMetadataKey>
export type ConsumerGroupMetadataKeyInput = SchemaInput<typeof consumerGroupMetadataKey>

export const consumerGroupMetadataValue = {
  name: 'ConsumerGroupMetadataValue',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: { epoch: int32(), metadataHash: int64('0+', { tag: 0, taggedVersions: '0+', default: 0n }) },
} as const satisfies Schema
export type ConsumerGroupMetadataValue = SchemaValue<typeof consumerGroupMetadataValue>
export type ConsumerGroupMetadataValueInput = SchemaInput<typeof consumerGroupMetadataValue>
