/** Metadata record type 7, FenceBrokerRecord (KIP-500 and later). */
import { defineRecord, int32, int64, type SchemaInput, type SchemaValue } from '../schema.ts'

export const fenceBrokerRecord = defineRecord({
  type: 7,
  name: 'FenceBrokerRecord',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: { id: int32(), epoch: int64() },
})

export type FenceBrokerRecord = SchemaValue<typeof fenceBrokerRecord>
export type FenceBrokerRecordInput = SchemaInput<typeof fenceBrokerRecord>
