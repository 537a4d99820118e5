/** API key 70, ControllerRegistration. Versions 0, flexible from 0 (KIP-482); served on: controller. */
import {
  array,
  boolean,
  defineApi,
  int16,
  int32,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
  string,
  uint16,
  uuid,
} from '../schema.ts'

export const controllerRegistration = defineApi({
  key: 70,
  name: 'ControllerRegistration',
  validVersions: '0',
  flexibleVersions: '0+',
  request: {
    controllerId: int32(),
    incarnationId: uuid(),
    zkMigrationReady: boolean(),
    listeners: array({ name: string(), host: string(), port: uint16(), securityProtocol: int16() }),
    features: array({ name: string(), minSupportedVersion: int16(), maxSupportedVersion: int16() }),
  },
  response: { throttleTimeMs: int32(), errorCode: int16(), errorMessage: string('0+', { nullable: '0+' }) },
})

export type ControllerRegistrationRequest = RequestOf<typeof controllerRegistration>
export type ControllerRegistrationResponse = ResponseOf<typeof controllerRegistration>
export type ControllerRegistrationRequestInput = RequestInput<typeof controllerRegistration>
export type ControllerRegistrationResponseInput = ResponseInput<typeof controllerRegistration>
