/** API key 31, DeleteAcls. Versions 1-3, flexible from 2 (KIP-482); served on: broker, controller. */
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

export const deleteAcls = defineApi({
  key: 31,
  name: 'DeleteAcls',
  validVersions: '1-3',
  flexibleVersions: '2+',
  request: {
    filters: array({
      resourceTypeFilter: int8(),
      resourceNameFilter: string('0+', { nullable: '0+' }),
      patternTypeFilter: int8('1+', { default: 3 }),
      principalFilter: string('0+', { nullable: '0+' }),
      hostFilter: string('0+', { nullable: '0+' }),
      operation: int8(),
      permissionType: int8(),
    }),
  },
  response: {
    throttleTimeMs: int32(),
    filterResults: array({
      errorCode: int16(),
      errorMessage: string('0+', { nullable: '0+' }),
      matchingAcls: array({
        errorCode: int16(),
        errorMessage: string('0+', { nullable: '0+' }),
        resourceType: int8(),
        resourceName: string(),
        patternType: int8('1+', { default: 3 }),
        principal: string(),
        host: string(),
        operation: int8(),
        permissionType: int8(),
      }),
    }),
  },
})

export type DeleteAclsRequest = RequestOf<typeof deleteAcls>
export type DeleteAclsResponse = ResponseOf<typeof deleteAcls>
export type DeleteAclsRequestInput = RequestInput<typeof deleteAcls>
export type DeleteAclsResponseInput = ResponseInput<typeof deleteAcls>
