/** API key 41, DescribeDelegationToken. Versions 1-3, flexible from 2 (KIP-482); served on: broker, controller. */
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

export const describeDelegationToken = defineApi({
  key: 41,
  name: 'DescribeDelegationToken',
  validVersions: '1-3',
  flexibleVersions: '2+',
  request: { owners: array({ principalType: string(), principalName: string() }, '0+', { nullable: '0+' }) },
  response: {
    errorCode: int16(),
    tokens: array({
      principalType: string(),
      principalName: string(),
      tokenRequesterPrincipalType: string('3+'),
      tokenRequesterPrincipalName: string('3+'),
      issueTimestamp: int64(),
      expiryTimestamp: int64(),
      maxTimestamp: int64(),
      tokenId: string(),
      hmac: bytes(),
      renewers: array({ principalType: string(), principalName: string() }),
    }),
    throttleTimeMs: int32(),
  },
})

export type DescribeDelegationTokenRequest = RequestOf<typeof describeDelegationToken>
export type DescribeDelegationTokenResponse = ResponseOf<typeof describeDelegationToken>
export type DescribeDelegationTokenRequestInput = RequestInput<typeof describeDelegationToken>
export type DescribeDelegationTokenResponseInput = ResponseInput<typeof describeDelegationToken>
