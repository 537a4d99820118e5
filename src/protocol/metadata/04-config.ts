/** Metadata record type 4, ConfigRecord (KIP-500 and later). */
import { defineRecord, int8, type SchemaInput, type SchemaValue, string } from '../schema.ts'

export const configRecord = defineRecord({
  type: 4,
  name: 'ConfigRecord',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: { resourceType: int8(), resourceName: string(), name: string(), value: string('0+', { nullable: '0+' }) },
})

export type ConfigRecord = SchemaValue<typeof configRecord>
export type ConfigRecordInput = SchemaInput<typeof configRecord>
