/** API key 64, UnregisterBroker. Versions 0, flexible from 0 (KIP-482); served on: broker, controller. */
import {
  defineApi,
  int16,
  int32,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
  string,
} from '../schema.ts'

export const unregisterBroker = defineApi({
  key: 64,
  name: 'UnregisterBroker',
  validVersions: '0',
  flexibleVersions: '0+',
  request: { brokerId: int32() },
  response: { throttleTimeMs: int32(), errorCode: int16(), errorMessage: string('0+', { nullable: '0+' }) },
})

export type UnregisterBrokerRequest = RequestOf<typeof unregisterBroker>
export type UnregisterBrokerResponse = ResponseOf<typeof unregisterBroker>
export type UnregisterBrokerRequestInput = RequestInput<typeof unregisterBroker>
export type UnregisterBrokerResponseInput = ResponseInput<typeof unregisterBroker>
