/** Record type 11 of `__consumer_offsets`: key and value. */
import { int32, int64, type Schema, type SchemaInput, type SchemaValue, string } from '../schema.ts'

export const shareGroupMetadataKey = {
  name: 'ShareGroupMetadataKey',
  validVersions: '0',
  flexibleVersions: 'none',
  fields: { groupId: string('0') },
} as const satisfies Schema
export type ShareGroupMetadataKey = SchemaValue<typeof shareGroupMetadataKey>
export type ShareGroupMetadataKeyInput = SchemaInput<typeof shareGroupMetadataKey>

export const shareGroupMetadataValue = {
  name: 'ShareGroupMetadataValue',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: { epoch: int32(), metadataHash: int64() },
} as const satisfies Schema
export type ShareGroupMetadataValue = SchemaValue<typeof shareGroupMetadataValue>
export type ShareGroupMetadataValueInput = SchemaInput<typeof shareGroupMetadataValue>
