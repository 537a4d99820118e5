/** Metadata record type 23, BeginTransactionRecord (KIP-500 and later). */
import { defineRecord, type SchemaInput, type SchemaValue, string } from '../schema.ts'

export const beginTransactionRecord = defineRecord({
  type: 23,
  name: 'BeginTransactionRecord',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: { name: string('0+', { nullable: '0+', tag: 0, taggedVersions: '0+', default: null }) },
})

export type BeginTransactionRecord = SchemaValue<typeof beginTransactionRecord>
export type BeginTransactionRecordInput = SchemaInput<typeof beginTransactionRecord>
