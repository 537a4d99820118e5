/** Metadata record type 21, ZkMigrationStateRecord (KIP-500 and later). */
import { defineRecord, int8, type SchemaInput, type SchemaValue } from '../schema.ts'

export const zkMigrationStateRecord = defineRecord({
  type: 21,
  name: 'ZkMigrationStateRecord',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: { zkMigrationState: int8() },
})

export type ZkMigrationStateRecord = SchemaValue<typeof zkMigrationStateRecord>
export type ZkMigrationStateRecordInput = SchemaInput<typeof zkMigrationStateRecord>
