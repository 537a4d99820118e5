/** Metadata record type 17, BrokerRegistrationChangeRecord (KIP-500 and later). */
import { array, defineRecord, int8, int32, int64, type SchemaInput, type SchemaValue, uuid } from '../schema.ts'

export const brokerRegistrationChangeRecord = defineRecord({
  type: 17,
  name: 'BrokerRegistrationChangeRecord',
  validVersions: '0-3',
  flexibleVersions: '0+',
  fields: {
    brokerId: int32(),
    brokerEpoch: int64(),
    fenced: int8('0+', { tag: 0, taggedVersions: '0+' }),
    inControlledShutdown: int8('1+', { tag: 1, taggedVersions: '1+' }),
    logDirs: array(uuid(), '2+', { tag: 2, taggedVersions: '2+' }),
    cordonedLogDirs: array(uuid(), '3+', { nullable: '3+', tag: 3, taggedVersions: '3+', default: null }),
  },
})

export type BrokerRegistrationChangeRecord = SchemaValue<typeof brokerRegistrationChangeRecord>
export type BrokerRegistrationChangeRecordInput = SchemaInput<typeof brokerRegistrationChangeRecord>
