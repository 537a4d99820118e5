/** API key 51, AlterUserScramCredentials. Versions 0, flexible from 0 (KIP-482); served on: broker, controller. */
import {
  array,
  bytes,
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

export const alterUserScramCredentials = defineApi({
  key: 51,
  name: 'AlterUserScramCredentials',
  validVersions: '0',
  flexibleVersions: '0+',
  request: {
    deletions: array({ name: string(), mechanism: int8() }),
    upsertions: array({
      name: string(),
      mechanism: int8(),
      iterations: int32(),
      salt: bytes(),
      saltedPassword: bytes(),
    }),
  },
  response: {
    throttleTimeMs: int32(),
    results: array({ user: string(), errorCode: int16(), errorMessage: string('0+', { nullable: '0+' }) }),
  },
})

export type AlterUserScramCredentialsRequest = RequestOf<typeof alterUserScramCredentials>
export type AlterUserScramCredentialsResponse = ResponseOf<typeof alterUserScramCredentials>
export type AlterUserScramCredentialsRequestInput = RequestInput<typeof alterUserScramCredentials>
export type AlterUserScramCredentialsResponseInput = ResponseInput<typeof alterUserScramCredentials>
