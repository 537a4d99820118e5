/** Metadata record type 27, RegisterControllerRecord (KIP-500 and later). */
import {
  array,
  boolean,
  defineRecord,
  int16,
  int32,
  type SchemaInput,
  type SchemaValue,
  string,
  uint16,
  uuid,
} from '../schema.ts'

export const registerControllerRecord = defineRecord({
  type: 27,
  name: 'RegisterControllerRecord',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: {
    controllerId: int32(),
    incarnationId: uuid(),
    zkMigrationReady: boolean(),
    endPoints: array({ name: string(), host: string(), port: uint16(), securityProtocol: int16() }),
    features: array({ name: string(), minSupportedVersion: int16(), maxSupportedVersion: int16() }),
  },
})

export type RegisterControllerRecord = SchemaValue<typeof registerControllerRecord>
export type RegisterControllerRecordInput = SchemaInput<typeof registerControllerRecord>
