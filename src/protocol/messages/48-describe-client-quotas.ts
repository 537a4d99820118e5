/** API key 48, DescribeClientQuotas. Versions 0-1, flexible from 1 (KIP-482); served on: broker. */
import {
  array,
  boolean,
  defineApi,
  float64,
  int8,
  int16,
  int32,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
  string,
} from '../schema.ts'

export const describeClientQuotas = defineApi({
  key: 48,
  name: 'DescribeClientQuotas',
  validVersions: '0-1',
  flexibleVersions: '1+',
  request: {
    components: array({ entityType: string(), matchType: int8(), match: string('0+', { nullable: '0+' }) }),
    strict: boolean(),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+' }),
    entries: array(
      {
        entity: array({ entityType: string(), entityName: string('0+', { nullable: '0+' }) }),
        values: array({ key: string(), value: float64() }),
      },
      '0+',
      { nullable: '0+' },
    ),
  },
})

export type DescribeClientQuotasRequest = RequestOf<typeof describeClientQuotas>
export type DescribeClientQuotasResponse = ResponseOf<typeof describeClientQuotas>
export type DescribeClientQuotasRequestInput = RequestInput<typeof describeClientQuotas>
export type DescribeClientQuotasResponseInput = ResponseInput<typeof describeClientQuotas>
