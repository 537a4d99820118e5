/** Metadata record type 22, RemoveUserScramCredentialRecord (KIP-500 and later). */
import { defineRecord, int8, type SchemaInput, type SchemaValue, string } from '../schema.ts'

export const removeUserScramCredentialRecord = defineRecord({
  type: 22,
  name: 'RemoveUserScramCredentialRecord',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: { name: string(), mechanism: int8() },
})

export type RemoveUserScramCredentialRecord = SchemaValue<typeof removeUserScramCredentialRecord>
export type RemoveUserScramCredentialRecordInput = SchemaInput<typeof removeUserScramCredentialRecord>
