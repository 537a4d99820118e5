/** API key 74, ListConfigResources. Versions 0-1, flexible from 0 (KIP-482); served on: broker. */
import {
  array,
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

export const listConfigResources = defineApi({
  key: 74,
  name: 'ListConfigResources',
  validVersions: '0-1',
  flexibleVersions: '0+',
  request: { resourceTypes: array(int8(), '1+') },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    configResources: array({ resourceName: string(), resourceType: int8('1+', { default: 16, ignorable: true }) }),
  },
})

export type ListConfigResourcesRequest = RequestOf<typeof listConfigResources>
export type ListConfigResourcesResponse = ResponseOf<typeof listConfigResources>
export type ListConfigResourcesRequestInput = RequestInput<typeof listConfigResources>
export type ListConfigResourcesResponseInput = ResponseInput<typeof listConfigResources>
