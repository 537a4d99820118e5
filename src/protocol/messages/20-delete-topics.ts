/**
 * API key 20, DeleteTopics. Versions 1-6, flexible from 4 (KIP-482); served on: broker, controller.
 *
 * Version notes: 5: error message, THROTTLING_QUOTA_EXCEEDED (KIP-599). 6: topics by id (KIP-516).
 */
import {
  array,
  defineApi,
  int16,
  int32,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
  string,
  uuid,
} from '../schema.ts'

export const deleteTopics = defineApi({
  key: 20,
  name: 'DeleteTopics',
  validVersions: '1-6',
  flexibleVersions: '4+',
  request: {
    topics: array({ name: string('6+', { nullable: '6+', default: null }), topicId: uuid('6+') }, '6+'),
    topicNames: array(string(), '0-5', { ignorable: true }),
    timeoutMs: int32(),
  },
  response: {
    throttleTimeMs: int32('1+', { ignorable: true }),
    responses: array({
      name: string('0+', { nullable: '6+' }),
      topicId: uuid('6+', { ignorable: true }),
      errorCode: int16(),
      errorMessage: string('5+', { nullable: '5+', default: null, ignorable: true }),
    }),
  },
})

export type DeleteTopicsRequest = RequestOf<typeof deleteTopics>
export type DeleteTopicsResponse = ResponseOf<typeof deleteTopics>
export type DeleteTopicsRequestInput = RequestInput<typeof deleteTopics>
export type DeleteTopicsResponseInput = ResponseInput<typeof deleteTopics>
