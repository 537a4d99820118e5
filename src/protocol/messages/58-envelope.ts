/** API key 58, Envelope. Versions 0, flexible from 0 (KIP-482); served on: controller. */
import {
  bytes,
  defineApi,
  int16,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
} from '../schema.ts'

export const envelope = defineApi({
  key: 58,
  name: 'Envelope',
  validVersions: '0',
  flexibleVersions: '0+',
  request: { requestData: bytes(), requestPrincipal: bytes('0+', { nullable: '0+' }), clientHostAddress: bytes() },
  response: { responseData: bytes('0+', { nullable: '0+', default: null }), errorCode: int16() },
})

export type EnvelopeRequest = RequestOf<typeof envelope>
export type EnvelopeResponse = ResponseOf<typeof envelope>
export type EnvelopeRequestInput = RequestInput<typeof envelope>
export type EnvelopeResponseInput = ResponseInput<typeof envelope>
