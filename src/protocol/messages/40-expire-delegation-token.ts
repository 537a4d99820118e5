/** API key 40, ExpireDelegationToken. Versions 1-2, flexible from 2 (KIP-482); served on: broker, controller. */
import {
  bytes,
  defineApi,
  int16,
  int32,
  int64,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
} from '../schema.ts'

export const expireDelegationToken = defineApi({
  key: 40,
  name: 'ExpireDelegationToken',
  validVersions: '1-2',
  flexibleVersions: '2+',
  request: { hmac: bytes(), expiryTimePeriodMs: int64() },
  response: { errorCode: int16(), expiryTimestampMs: int64(), throttleTimeMs: int32() },
})

export type ExpireDelegationTokenRequest = RequestOf<typeof expireDelegationToken>
export type ExpireDelegationTokenResponse = ResponseOf<typeof expireDelegationToken>
export type ExpireDelegationTokenRequestInput = RequestInput<typeof expireDelegationToken>
export type ExpireDelegationTokenResponseInput = ResponseInput<typeof expireDelegationToken>
