/** API key 30, CreateAcls. Versions 1-3, flexible from 2 (KIP-482); served on: broker, controller. */
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

export const createAcls = defineApi({
  key: 30,
  name: 'CreateAcls',
  validVersions: '1-3',
  flexibleVersions: '2+',
  request: {
    creations: array({
      resourceType: int8(),
      resourceName: string(),
      resourcePatternType: int8('1+', { default: 3 }),
      principal: string(),
      host: string(),
      operation: int8(),
      permissionType: int8(),
    }),
  },
  response: {
    throttleTimeMs: int32(),
    results: array({ errorCode: int16(), errorMessage: string('0+', { nullable: '0+' }) }),
  },
})

export type CreateAclsRequest = RequestOf<typeof createAcls>
export type CreateAclsResponse = ResponseOf<typeof createAcls>
export type CreateAclsRequestInput = RequestInput<typeof createAcls>
export type CreateAclsResponseInput = ResponseInput<typeof createAcls>
