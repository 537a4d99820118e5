/**
 * API key 24, AddPartitionsToTxn. Versions 0-5, flexible from 3 (KIP-482); served on: broker.
 *
 * Version notes: 4: brokers ask for many transactions at once, to verify only (KIP-890).
 */
import {
  array,
  boolean,
  defineApi,
  type Fields,
  int16,
  int32,
  int64,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
  string,
} from '../schema.ts'

const addPartitionsToTxnTopicFields = { name: string(), partitions: array(int32()) } satisfies Fields

const addPartitionsToTxnPartitionResultFields = {
  partitionIndex: int32(),
  partitionErrorCode: int16(),
} satisfies Fields

const addPartitionsToTxnTopicResultFields = {
  name: string(),
  resultsByPartition: array(addPartitionsToTxnPartitionResultFields),
} satisfies Fields

export const addPartitionsToTxn = defineApi({
  key: 24,
  name: 'AddPartitionsToTxn',
  validVersions: '0-5',
  flexibleVersions: '3+',
  request: {
    transactions: array(
      {
        transactionalId: string('4+'),
        producerId: int64('4+'),
        producerEpoch: int16('4+'),
        verifyOnly: boolean('4+', { default: false }),
        topics: array(addPartitionsToTxnTopicFields, '4+'),
      },
      '4+',
    ),
    v3AndBelowTransactionalId: string('0-3'),
    v3AndBelowProducerId: int64('0-3'),
    v3AndBelowProducerEpoch: int16('0-3'),
    v3AndBelowTopics: array(addPartitionsToTxnTopicFields, '0-3'),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16('4+', { ignorable: true }),
    resultsByTransaction: array(
      { transactionalId: string('4+'), topicResults: array(addPartitionsToTxnTopicResultFields, '4+') },
      '4+',
    ),
    resultsByTopicV3AndBelow: array(addPartitionsToTxnTopicResultFields, '0-3'),
  },
})

export type AddPartitionsToTxnRequest = RequestOf<typeof addPartitionsToTxn>
export type AddPartitionsToTxnResponse = ResponseOf<typeof addPartitionsToTxn>
export type AddPartitionsToTxnRequestInput = RequestInput<typeof addPartitionsToTxn>
export type AddPartitionsToTxnResponseInput = ResponseInput<typeof addPartitionsToTxn>
