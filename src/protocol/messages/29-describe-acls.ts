/** API key 29, DescribeAcls. Versions 1-3, flexible from 2 (KIP-482); served on: broker, controller. */
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

export const describeAcls = defineApi({
  key: 29,
  name: 'DescribeAcls',
  validVersions: '1-3',
  flexibleVersions: '2+',
  request: {
    resourceTypeFilter: int8(),
    resourceNameFilter: string('0+', { nullable: '0+' }),
    patternTypeFilter: int8('1+', { default: 3 }),
    principalFilter: string('0+', { nullable: '0+' }),
    hostFilter: string('0+', { nullable: '0+' }),
    operation: int8(),
    permissionType: int8(),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+' }),
    resources: array({
      resourceType: int8(),
      resourceName: string(),
      patternType: int8('1+', { default: 3 }),
      acls: array({ principal: string(), host: string(), operation: int8(), permissionType: int8() }),
    }),
  },
})

export type DescribeAclsRequest = RequestOf<typeof describeAcls>
export type DescribeAclsResponse = ResponseOf<typeof describeAcls>
export type DescribeAclsRequestInput = RequestInput<typeof describeAcls>
export type DescribeAclsResponseInput = ResponseInput<typeof describeAcls>
