/** API key 17, SaslHandshake. Versions 0-1, flexible from none; served on: broker/controller. */
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
