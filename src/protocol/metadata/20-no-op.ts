/** Metadata record type 20, NoOpRecord (KIP-500 and later). */
import { defineRecord, type SchemaInput, type SchemaValue } from '../schema.ts'

export const noOpRecord = defineRecord({
  type: 20,
  name: 'NoOpRecord',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: {},
})

export type NoOpRecord = SchemaValue<typeof noOpRecord>
export type NoOpRecordInput = SchemaInput<typeof noOpRecord>
