/** Metadata record type 8, UnfenceBrokerRecord (KIP-500 and later). */
import { defineRecord, int32, int64, type SchemaInput, type SchemaValue } from '../schema.ts'

export const unfenceBrokerRecord = defineRecord({
  type: 8,
  name: 'UnfenceBrokerRecord',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: { id: int32(), epoch: int64() },
})

export type UnfenceBrokerRecord = SchemaValue<typeof unfenceBrokerRecord>
export type UnfenceBrokerRecordInput = SchemaInput<typeof unfenceBrokerRecord>
