/** Metadata record type 26, RemoveDelegationTokenRecord (KIP-500 and later). */
import { defineRecord, type SchemaInput, type SchemaValue, string } from '../schema.ts'

export const removeDelegationTokenRecord = defineRecord({
  type: 26,
  name: 'RemoveDelegationTokenRecord',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: { tokenId: string() },
})

export type RemoveDelegationTokenRecord = SchemaValue<typeof removeDelegationTokenRecord>
export type RemoveDelegationTokenRecordInput = SchemaInput<typeof removeDelegationTokenRecord>
