/** Metadata record type 0, RegisterBrokerRecord (KIP-500 and later). */
import {
  array,
  boolean,
  defineRecord,
  int16,
  int32,
  int64,
  type SchemaInput,
  type SchemaValue,
  string,
  uint16,
  uuid,
} from '../schema.ts'

export const registerBrokerRecord = defineRecord({
  type: 0,
  name: 'RegisterBrokerRecord',
  validVersions: '0-4',
  flexibleVersions: '0+',
  fields: {
    brokerId: int32(),
    isMigratingZkBroker: boolean('2+', { default: false }),
    incarnationId: uuid(),
    brokerEpoch: int64(),
    endPoints: array({ name: string(), host: string(), port: uint16(), securityProtocol: int16() }),
    features: array({ name: string(), minSupportedVersion: int16(), maxSupportedVersion: int16() }),
    rack: string('0+', { nullable: '0+' }),
    fenced: boolean('0+', { default: true }),
    inControlledShutdown: boolean('1+', { default: false }),
    logDirs: array(uuid(), '3+', { tag: 0, taggedVersions: '3+' }),
    cordonedLogDirs: array(uuid(), '4+', { nullable: '4+', tag: 1, taggedVersions: '4+', default: null }),
  },
})

export type RegisterBrokerRecord = SchemaValue<typeof registerBrokerRecord>
export type RegisterBrokerRecordInput = SchemaInput<typeof registerBrokerRecord>
