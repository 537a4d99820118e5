/** Metadata record type 28, ClearElrRecord (KIP-500 and later). */
import { defineRecord, type SchemaInput, type SchemaValue, string } from '../schema.ts'

export const clearElrRecord = defineRecord({
  type: 28,
  name: 'ClearElrRecord',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: { topicName: string() },
})

export type ClearElrRecord = SchemaValue<typeof clearElrRecord>
export type ClearElrRecordInput = SchemaInput<typeof clearElrRecord>
