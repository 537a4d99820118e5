/** API key 39, RenewDelegationToken. Versions 1-2, flexible from 2 (KIP-482); served on: broker, controller. */
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

export const renewDelegationToken = defineApi({
  key: 39,
  name: 'RenewDelegationToken',
  validVersions: '1-2',
  flexibleVersions: '2+',
  request: { hmac: bytes(), renewPeriodMs: int64() },
  response: { errorCode: int16(), expiryTimestampMs: int64(), throttleTimeMs: int32() },
})

export type RenewDelegationTokenRequest = RequestOf<typeof renewDelegationToken>
export type RenewDelegationTokenResponse = ResponseOf<typeof renewDelegationToken>
export type RenewDelegationTokenRequestInput = RequestInput<typeof renewDelegationToken>
export type RenewDelegationTokenResponseInput = ResponseInput<typeof renewDelegationToken>
