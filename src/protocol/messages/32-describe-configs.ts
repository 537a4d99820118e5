/**
 * API key 32, DescribeConfigs. Versions 1-4, flexible from 4 (KIP-482); served on: broker, controller.
 *
 * Version notes: 1: synonyms (KIP-226). 3: type and documentation (KIP-569).
 */
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
} from '../schema.ts'

export const describeConfigs = defineApi({
  key: 32,
  name: 'DescribeConfigs',
  validVersions: '1-4',
  flexibleVersions: '4+',
  request: {
    resources: array({
      resourceType: int8(),
      resourceName: string(),
      configurationKeys: array(string(), '0+', { nullable: '0+' }),
    }),
    includeSynonyms: boolean('1+', { default: false }),
    includeDocumentation: boolean('3+', { default: false }),
  },
  response: {
    throttleTimeMs: int32(),
    results: array({
      errorCode: int16(),
      errorMessage: string('0+', { nullable: '0+' }),
      resourceType: int8(),
      resourceName: string(),
      configs: array({
        name: string(),
        value: string('0+', { nullable: '0+' }),
        readOnly: boolean(),
        configSource: int8('1+', { default: -1, ignorable: true }),
        isSensitive: boolean(),
        synonyms: array({ name: string('1+'), value: string('1+', { nullable: '0+' }), source: int8('1+') }, '1+', {
          ignorable: true,
        }),
        configType: int8('3+', { default: 0, ignorable: true }),
        documentation: string('3+', { nullable: '0+', ignorable: true }),
      }),
    }),
  },
})

export type DescribeConfigsRequest = RequestOf<typeof describeConfigs>
export type DescribeConfigsResponse = ResponseOf<typeof describeConfigs>
export type DescribeConfigsRequestInput = RequestInput<typeof describeConfigs>
export type DescribeConfigsResponseInput = ResponseInput<typeof describeConfigs>
