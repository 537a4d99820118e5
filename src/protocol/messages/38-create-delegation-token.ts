/** API key 38, CreateDelegationToken. Versions 1-3, flexible from 2 (KIP-482); served on: broker, controller. */
import {
  array,
  bytes,
  defineApi,
  int16,
  int32,
  int64,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
  string,
} from '../schema.ts'

export const createDelegationToken = defineApi({
  key: 38,
  name: 'CreateDelegationToken',
  validVersions: '1-3',
  flexibleVersions: '2+',
  request: {
    ownerPrincipalType: string('3+', { nullable: '3+' }),
    ownerPrincipalName: string('3+', { nullable: '3+' }),
    renewers: array({ principalType: string(), principalName: string() }),
    maxLifetimeMs: int64(),
  },
  response: {
    errorCode: int16(),
    principalType: string(),
    principalName: string(),
    tokenRequesterPrincipalType: string('3+'),
    tokenRequesterPrincipalName: string('3+'),
    issueTimestampMs: int64(),
    expiryTimestampMs: int64(),
    maxTimestampMs: int64(),
    tokenId: string(),
    hmac: bytes(),
    throttleTimeMs: int32(),
  },
})

export type CreateDelegationTokenRequest = RequestOf<typeof createDelegationToken>
export type CreateDelegationTokenResponse = ResponseOf<typeof createDelegationToken>
export type CreateDelegationTokenRequestInput = RequestInput<typeof createDelegationToken>
export type CreateDelegationTokenResponseInput = ResponseInput<typeof createDelegationToken>
