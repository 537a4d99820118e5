/** API key 57, UpdateFeatures. Versions 0-2, flexible from 0 (KIP-482); served on: broker, controller. */
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

export const updateFeatures = defineApi({
  key: 57,
  name: 'UpdateFeatures',
  validVersions: '0-2',
  flexibleVersions: '0+',
  request: {
    timeoutMs: int32('0+', { default: 60000 }),
    featureUpdates: array({
      feature: string(),
      maxVersionLevel: int16(),
      allowDowngrade: boolean('0'),
      upgradeType: int8('1+', { default: 1 }),
    }),
    validateOnly: boolean('1+', { default: false }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+' }),
    results: array({ feature: string(), errorCode: int16(), errorMessage: string('0+', { nullable: '0+' }) }, '0-1', {
      ignorable: true,
    }),
  },
})

export type UpdateFeaturesRequest = RequestOf<typeof updateFeatures>
export type UpdateFeaturesResponse = ResponseOf<typeof updateFeatures>
export type UpdateFeaturesRequestInput = RequestInput<typeof updateFeatures>
export type UpdateFeaturesResponseInput = ResponseInput<typeof updateFeatures>
