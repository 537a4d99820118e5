/**
 * API key 36, SaslAuthenticate. Versions 0-2, flexible from 2 (KIP-482); served on: broker, controller.
 *
 * Version notes: 1: session lifetime, for re-authentication (KIP-368).
 */
import {
  bytes,
  defineApi,
  int16,
  int64,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
  string,
} from '../schema.ts'

export const saslAuthenticate = defineApi({
  key: 36,
  name: 'SaslAuthenticate',
  validVersions: '0-2',
  flexibleVersions: '2+',
  request: { authBytes: bytes() },
  response: {
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+' }),
    authBytes: bytes(),
    sessionLifetimeMs: int64('1+', { default: 0n, ignorable: true }),
  },
})

export type SaslAuthenticateRequest = RequestOf<typeof saslAuthenticate>
export type SaslAuthenticateResponse = ResponseOf<typeof saslAuthenticate>
export type SaslAuthenticateRequestInput = RequestInput<typeof saslAuthenticate>
export type SaslAuthenticateResponseInput = ResponseInput<typeof saslAuthenticate>
