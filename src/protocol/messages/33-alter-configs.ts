/**
 * API key 33, AlterConfigs. Versions 0-2, flexible from 2 (KIP-482); served on: broker, controller.
 *
 * Version notes: replaces all of a resource's settings (KIP-133); IncrementalAlterConfigs changes single ones.
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

export const alterConfigs = defineApi({
  key: 33,
  name: 'AlterConfigs',
  validVersions: '0-2',
  flexibleVersions: '2+',
  request: {
    resources: array({
      resourceType: int8(),
      resourceName: string(),
      configs: array({ name: string(), value: string('0+', { nullable: '0+' }) }),
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

export type AlterConfigsRequest = RequestOf<typeof alterConfigs>
export type AlterConfigsResponse = ResponseOf<typeof alterConfigs>
export type AlterConfigsRequestInput = RequestInput<typeof alterConfigs>
export type AlterConfigsResponseInput = ResponseInput<typeof alterConfigs>
