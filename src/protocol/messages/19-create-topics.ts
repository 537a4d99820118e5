/**
 * API key 19, CreateTopics. Versions 2-7, flexible from 5 (KIP-482); served on: broker, controller.
 *
 * Version notes: 4: -1 for the broker's default of partitions and replication factor (KIP-464). 5: the topic's
 * configuration in the answer (KIP-525). 6: THROTTLING_QUOTA_EXCEEDED (KIP-599). 7: topic id (KIP-516).
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
  uuid,
} from '../schema.ts'

export const createTopics = defineApi({
  key: 19,
  name: 'CreateTopics',
  validVersions: '2-7',
  flexibleVersions: '5+',
  request: {
    topics: array({
      name: string(),
      numPartitions: int32(),
      replicationFactor: int16(),
      assignments: array({ partitionIndex: int32(), brokerIds: array(int32()) }),
      configs: array({ name: string(), value: string('0+', { nullable: '0+' }) }),
    }),
    timeoutMs: int32('0+', { default: 60000 }),
    validateOnly: boolean('1+', { default: false }),
  },
  response: {
    throttleTimeMs: int32('2+', { ignorable: true }),
    topics: array({
      name: string(),
      topicId: uuid('7+', { ignorable: true }),
      errorCode: int16(),
      errorMessage: string('1+', { nullable: '0+', ignorable: true }),
      topicConfigErrorCode: int16('5+', { tag: 0, taggedVersions: '5+', ignorable: true }),
      numPartitions: int32('5+', { default: -1, ignorable: true }),
      replicationFactor: int16('5+', { default: -1, ignorable: true }),
      configs: array(
        {
          name: string('5+'),
          value: string('5+', { nullable: '5+' }),
          readOnly: boolean('5+'),
          configSource: int8('5+', { default: -1, ignorable: true }),
          isSensitive: boolean('5+'),
        },
        '5+',
        { nullable: '5+', ignorable: true },
      ),
    }),
  },
})

export type CreateTopicsRequest = RequestOf<typeof createTopics>
export type CreateTopicsResponse = ResponseOf<typeof createTopics>
export type CreateTopicsRequestInput = RequestInput<typeof createTopics>
export type CreateTopicsResponseInput = ResponseInput<typeof createTopics>
