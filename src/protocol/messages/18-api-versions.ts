/**
 * API key 18, ApiVersions. Versions 0-4, flexible from 3 (KIP-482); served on: broker, controller.
 *
 * Version notes: 3: name and version of the client's software (KIP-511), features (KIP-584). 4: features may start at
 * 0. An unknown version is answered in version 0 with UNSUPPORTED_VERSION, so that any client can start.
 */
import {
  array,
  boolean,
  defineApi,
  int16,
  int32,
  int64,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
  string,
} from '../schema.ts'

export const apiVersions = defineApi({
  key: 18,
  name: 'ApiVersions',
  validVersions: '0-4',
  flexibleVersions: '3+',
  request: {
    clientSoftwareName: string('3+', { ignorable: true }),
    clientSoftwareVersion: string('3+', { ignorable: true }),
  },
  response: {
    errorCode: int16(),
    apiKeys: array({ apiKey: int16(), minVersion: int16(), maxVersion: int16() }),
    throttleTimeMs: int32('1+', { ignorable: true }),
    supportedFeatures: array({ name: string('3+'), minVersion: int16('3+'), maxVersion: int16('3+') }, '3+', {
      tag: 0,
      taggedVersions: '3+',
      ignorable: true,
    }),
    finalizedFeaturesEpoch: int64('3+', { tag: 1, taggedVersions: '3+', default: -1n, ignorable: true }),
    finalizedFeatures: array({ name: string('3+'), maxVersionLevel: int16('3+'), minVersionLevel: int16('3+') }, '3+', {
      tag: 2,
      taggedVersions: '3+',
      ignorable: true,
    }),
    zkMigrationReady: boolean('3+', { tag: 3, taggedVersions: '3+', default: false, ignorable: true }),
  },
})

export type ApiVersionsRequest = RequestOf<typeof apiVersions>
export type ApiVersionsResponse = ResponseOf<typeof apiVersions>
export type ApiVersionsRequestInput = RequestInput<typeof apiVersions>
export type ApiVersionsResponseInput = ResponseInput<typeof apiVersions>
