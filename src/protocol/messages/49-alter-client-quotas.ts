/** API key 49, AlterClientQuotas. Versions 0-1, flexible from 1 (KIP-482); served on: broker, controller. */
import {
  array,
  boolean,
  defineApi,
  float64,
  int16,
  int32,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
  string,
} from '../schema.ts'

export const alterClientQuotas = defineApi({
  key: 49,
  name: 'AlterClientQuotas',
  validVersions: '0-1',
  flexibleVersions: '1+',
  request: {
    entries: array({
      entity: array({ entityType: string(), entityName: string('0+', { nullable: '0+' }) }),
      ops: array({ key: string(), value: float64(), remove: boolean() }),
    }),
    validateOnly: boolean(),
  },
  response: {
    throttleTimeMs: int32(),
    entries: array({
      errorCode: int16(),
      errorMessage: string('0+', { nullable: '0+' }),
      entity: array({ entityType: string(), entityName: string('0+', { nullable: '0+' }) }),
    }),
  },
})

export type AlterClientQuotasRequest = RequestOf<typeof alterClientQuotas>
export type AlterClientQuotasResponse = ResponseOf<typeof alterClientQuotas>
export type AlterClientQuotasRequestInput = RequestInput<typeof alterClientQuotas>
export type AlterClientQuotasResponseInput = ResponseInput<typeof alterClientQuotas>
