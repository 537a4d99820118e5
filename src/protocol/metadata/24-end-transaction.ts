/** Metadata record type 24, EndTransactionRecord (KIP-500 and later). */
import { defineRecord, type SchemaInput, type SchemaValue } from '../schema.ts'

export const endTransactionRecord = defineRecord({
  type: 24,
  name: 'EndTransactionRecord',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: {},
})

export type EndTransactionRecord = SchemaValue<typeof endTransactionRecord>
export type EndTransactionRecordInput = SchemaInput<typeof endTransactionRecord>
