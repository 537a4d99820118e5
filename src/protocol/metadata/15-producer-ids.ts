/** Metadata record type 15, ProducerIdsRecord (KIP-500 and later). */
import { defineRecord, int32, int64, type SchemaInput, type SchemaValue } from '../schema.ts'

export const producerIdsRecord = defineRecord({
  type: 15,
  name: 'ProducerIdsRecord',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: { brokerId: int32(), brokerEpoch: int64('0+', { default: -1n }), nextProducerId: int64() },
})

export type ProducerIdsRecord = SchemaValue<typeof producerIdsRecord>
export type ProducerIdsRecordInput = SchemaInput<typeof producerIdsRecord>
