/** Metadata record type 18, AccessControlEntryRecord (KIP-500 and later). */
import { defineRecord, int8, type SchemaInput, type SchemaValue, string, uuid } from '../schema.ts'

export const accessControlEntryRecord = defineRecord({
  type: 18,
  name: 'AccessControlEntryRecord',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: {
    id: uuid(),
    resourceType: int8(),
    resourceName: string(),
    patternType: int8(),
    principal: string(),
    host: string(),
    operation: int8(),
    permissionType: int8(),
  },
})

export type AccessControlEntryRecord = SchemaValue<typeof accessControlEntryRecord>
export type AccessControlEntryRecordInput = SchemaInput<typeof accessControlEntryRecord>
