/** Metadata record type 25, AbortTransactionRecord (KIP-500 and later). */
import { defineRecord, type SchemaInput, type SchemaValue, string } from '../schema.ts'

export const abortTransactionRecord = defineRecord({
  type: 25,
  name: 'AbortTransactionRecord',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: { reason: string('0+', { nullable: '0+', tag: 0, taggedVersions: '0+', default: null }) },
})

export type AbortTransactionRecord = SchemaValue<typeof abortTransactionRecord>
export type AbortTransactionRecordInput = SchemaInput<typeof abortTransactionRecord>
