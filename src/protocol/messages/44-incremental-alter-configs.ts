/**
 * API key 44, IncrementalAlterConfigs. Versions 0-1, flexible from 1 (KIP-482); served on: broker, controller.
 *
 * Version notes: all of it is KIP-339.
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

export const incrementalAlterConfigs = defineApi({
  key: 44,
  name: 'IncrementalAlterConfigs',
  validVersions: '0-1',
  flexibleVersions: '1+',
  request: {
    resources: array({
      resourceType: int8(),
      resourceName: string(),
      configs: array({ name: string(), configOperation: int8(), value: string('0+', { nullable: '0+' }) }),
    }),
    validateOnly: boolean(),
  },
  response: {
    throttleTimeMs: int32(),
    responses: array({
      errorCode: int16(),
      errorMessage: string('0+', { nullable: '0+' }),
      resourceType: int8(),
      resourceName: string(),
    }),
  },
})

export type IncrementalAlterConfigsRequest = RequestOf<typeof incrementalAlterConfigs>
export type IncrementalAlterConfigsResponse = ResponseOf<typeof incrementalAlterConfigs>
export type IncrementalAlterConfigsRequestInput = RequestInput<typeof incrementalAlterConfigs>
export type IncrementalAlterConfigsResponseInput = ResponseInput<typeof incrementalAlterConfigs>
