/**
 * API key 66, ListTransactions. Versions 0-2, flexible from 0 (KIP-482); served on: broker.
 *
 * Version notes: all of it is KIP-664. 1: by duration (KIP-994). 2: by pattern of the transactional id (KIP-1152).
 */
import {
  array,
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

export const listTransactions = defineApi({
  key: 66,
  name: 'ListTransactions',
  validVersions: '0-2',
  flexibleVersions: '0+',
  request: {
    stateFilters: array(string()),
    producerIdFilters: array(int64()),
    durationFilter: int64('1+', { default: -1n }),
    transactionalIdPattern: string('2+', { nullable: '2+', default: null }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    unknownStateFilters: array(string()),
    transactionStates: array({ transactionalId: string(), producerId: int64(), transactionState: string() }),
  },
})

export type ListTransactionsRequest = RequestOf<typeof listTransactions>
export type ListTransactionsResponse = ResponseOf<typeof listTransactions>
export type ListTransactionsRequestInput = RequestInput<typeof listTransactions>
export type ListTransactionsResponseInput = ResponseInput<typeof listTransactions>
