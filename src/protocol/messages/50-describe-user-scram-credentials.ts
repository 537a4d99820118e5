/** API key 50, DescribeUserScramCredentials. Versions 0, flexible from 0 (KIP-482); served on: broker, controller. */
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

export const describeUserScramCredentials = defineApi({
  key: 50,
  name: 'DescribeUserScramCredentials',
  validVersions: '0',
  flexibleVersions: '0+',
  request: { users: array({ name: string() }, '0+', { nullable: '0+' }) },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+' }),
    results: array({
      user: string(),
      errorCode: int16(),
      errorMessage: string('0+', { nullable: '0+' }),
      credentialInfos: array({ mechanism: int8(), iterations: int32() }),
    }),
  },
})

export type DescribeUserScramCredentialsRequest = RequestOf<typeof describeUserScramCredentials>
export type DescribeUserScramCredentialsResponse = ResponseOf<typeof describeUserScramCredentials>
export type DescribeUserScramCredentialsRequestInput = RequestInput<typeof describeUserScramCredentials>
export type DescribeUserScramCredentialsResponseInput = ResponseInput<typeof describeUserScramCredentials>
