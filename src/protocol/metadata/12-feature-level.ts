/** Metadata record type 12, FeatureLevelRecord (KIP-500 and later). */
import { defineRecord, int16, type SchemaInput, type SchemaValue, string } from '../schema.ts'

export const featureLevelRecord = defineRecord({
  type: 12,
  name: 'FeatureLevelRecord',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: { name: string(), featureLevel: int16() },
})

export type FeatureLevelRecord = SchemaValue<typeof featureLevelRecord>
export type FeatureLevelRecordInput = SchemaInput<typeof featureLevelRecord>
