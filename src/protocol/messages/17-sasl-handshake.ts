/**
 * API key 17, SaslHandshake. Versions 0-1, never flexible; served on: broker, controller.
 *
 * Version notes: 1: what follows travels in SaslAuthenticate, not as bare tokens (KIP-152).
 */
import {
  array,
  defineApi,
  int16,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
  string,
} from '../schema.ts'

export const saslHandshake = defineApi({
  key: 17,
  name: 'SaslHandshake',
  validVersions: '0-1',
  flexibleVersions: 'none',
  request: { mechanism: string() },
  response: { errorCode: int16(), mechanisms: array(string()) },
})

export type SaslHandshakeRequest = RequestOf<typeof saslHandshake>
export type SaslHandshakeResponse = ResponseOf<typeof saslHandshake>
export type SaslHandshakeRequestInput = RequestInput<typeof saslHandshake>
export type SaslHandshakeResponseInput = ResponseInput<typeof saslHandshake>
