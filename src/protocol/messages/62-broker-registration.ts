/** API key 62, BrokerRegistration. Versions 0-4, flexible from 0 (KIP-482); served on: controller. */
import {
  array,
  boolean,
  defineApi,
  int16,
  int32,
  int64,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
  string,
  uint16,
  uuid,
} from '../schema.ts'

export const brokerRegistration = defineApi({
  key: 62,
  name: 'BrokerRegistration',
  validVersions: '0-4',
  flexibleVersions: '0+',
  request: {
    brokerId: int32(),
    clusterId: string(),
    incarnationId: uuid(),
    listeners: array({ name: string(), host: string(), port: uint16(), securityProtocol: int16() }),
    features: array({ name: string(), minSupportedVersion: int16(), maxSupportedVersion: int16() }),
    rack: string('0+', { nullable: '0+' }),
    isMigratingZkBroker: boolean('1+', { default: false }),
    logDirs: array(uuid(), '2+', { ignorable: true }),
    previousBrokerEpoch: int64('3+', { default: -1n, ignorable: true }),
  },
  response: { throttleTimeMs: int32(), errorCode: int16(), brokerEpoch: int64('0+', { default: -1n }) },
})

export type BrokerRegistrationRequest = RequestOf<typeof brokerRegistration>
export type BrokerRegistrationResponse = ResponseOf<typeof brokerRegistration>
export type BrokerRegistrationRequestInput = RequestInput<typeof brokerRegistration>
export type BrokerRegistrationResponseInput = ResponseInput<typeof brokerRegistration>
