/** API key 71, GetTelemetrySubscriptions. Versions 0, flexible from 0 (KIP-482); served on: broker. */
import {
  array,
  boolean,
  defineApi,
  int8,
  int16,
  int32,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
  string,
  uuid,
} from '../schema.ts'

export const getTelemetrySubscriptions = defineApi({
  key: 71,
  name: 'GetTelemetrySubscriptions',
  validVersions: '0',
  flexibleVersions: '0+',
  request: { clientInstanceId: uuid() },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    clientInstanceId: uuid(),
    subscriptionId: int32(),
    acceptedCompressionTypes: array(int8()),
    pushIntervalMs: int32(),
    telemetryMaxBytes: int32(),
    deltaTemporality: boolean(),
    requestedMetrics: array(string()),
  },
})

export type GetTelemetrySubscriptionsRequest = RequestOf<typeof getTelemetrySubscriptions>
export type GetTelemetrySubscriptionsResponse = ResponseOf<typeof getTelemetrySubscriptions>
export type GetTelemetrySubscriptionsRequestInput = RequestInput<typeof getTelemetrySubscriptions>
export type GetTelemetrySubscriptionsResponseInput = ResponseInput<typeof getTelemetrySubscriptions>
