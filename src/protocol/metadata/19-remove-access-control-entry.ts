/** Metadata record type 19, RemoveAccessControlEntryRecord (KIP-500 and later). */
import { defineRecord, type SchemaInput, type SchemaValue, uuid } from '../schema.ts'

export const removeAccessControlEntryRecord = defineRecord({
  type: 19,
  name: 'RemoveAccessControlEntryRecord',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: { id: uuid() },
})

export type RemoveAccessControlEntryRecord = SchemaValue<typeof removeAccessControlEntryRecord>
export type RemoveAccessControlEntryRecordInput = SchemaInput<typeof removeAccessControlEntryRecord>
