/** Metadata record type 11, UserScramCredentialRecord (KIP-500 and later). */
import { bytes, defineRecord, int8, int32, type SchemaInput, type SchemaValue, string } from '../schema.ts'

export const userScramCredentialRecord = defineRecord({
  type: 11,
  name: 'UserScramCredentialRecord',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: {
    name: string(),
    mechanism: int8(),
    salt: bytes(),
    storedKey: bytes(),
    serverKey: bytes(),
    iterations: int32(),
  },
})

export type UserScramCredentialRecord = SchemaValue<typeof userScramCredentialRecord>
export type UserScramCredentialRecordInput = SchemaInput<typeof userScramCredentialRecord>
