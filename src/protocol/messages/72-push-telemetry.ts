/** API key 72, PushTelemetry. Versions 0, flexible from 0 (KIP-482); served on: broker. */
import {
  boolean,
  bytes,
  defineApi,
  int8,
  int16,
  int32,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
  uuid,
} from '../schema.ts'

export const pushTelemetry = defineApi({
  key: 72,
  name: 'PushTelemetry',
  validVersions: '0',
  flexibleVersions: '0+',
  request: {
    clientInstanceId: uuid(),
    subscriptionId: int32(),
    terminating: boolean(),
    compressionType: int8(),
    metrics: bytes(),
  },
  response: { throttleTimeMs: int32(), errorCode: int16() },
})

export type PushTelemetryRequest = RequestOf<typeof pushTelemetry>
export type PushTelemetryResponse = ResponseOf<typeof pushTelemetry>
export type PushTelemetryRequestInput = RequestInput<typeof pushTelemetry>
export type PushTelemetryResponseInput = ResponseInput<typeof pushTelemetry>
