/** Metadata record type 1, UnregisterBrokerRecord (KIP-500 and later). */
import { defineRecord, int32, int64, type SchemaInput, type SchemaValue } from '../schema.ts'

export const unregisterBrokerRecord = defineRecord({
  type: 1,
  name: 'UnregisterBrokerRecord',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: { brokerId: int32(), brokerEpoch: int64() },
})

export type UnregisterBrokerRecord = SchemaValue<typeof unregisterBrokerRecord>
export type UnregisterBrokerRecordInput = SchemaInput<typeof unregisterBrokerRecord>
