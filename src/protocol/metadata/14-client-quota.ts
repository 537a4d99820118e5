/** Metadata record type 14, ClientQuotaRecord (KIP-500 and later). */
import { array, boolean, defineRecord, float64, type SchemaInput, type SchemaValue, string } from '../schema.ts'

export const clientQuotaRecord = defineRecord({
  type: 14,
  name: 'ClientQuotaRecord',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: {
    entity: array({ entityType: string(), entityName: string('0+', { nullable: '0+' }) }),
    key: string(),
    value: float64(),
    remove: boolean(),
  },
})

export type ClientQuotaRecord = SchemaValue<typeof clientQuotaRecord>
export type ClientQuotaRecordInput = SchemaInput<typeof clientQuotaRecord>
