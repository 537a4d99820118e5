/** Metadata record type 10, DelegationTokenRecord (KIP-500 and later). */
import { array, defineRecord, int64, type SchemaInput, type SchemaValue, string } from '../schema.ts'

export const delegationTokenRecord = defineRecord({
  type: 10,
  name: 'DelegationTokenRecord',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: {
    owner: string(),
    requester: string(),
    renewers: array(string()),
    issueTimestamp: int64(),
    maxTimestamp: int64(),
    expirationTimestamp: int64(),
    tokenId: string(),
  },
})

export type DelegationTokenRecord = SchemaValue<typeof delegationTokenRecord>
export type DelegationTokenRecordInput = SchemaInput<typeof delegationTokenRecord>
