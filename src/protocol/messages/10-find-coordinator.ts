/**
 * API key 10, FindCoordinator. Versions 0-6, flexible from 3 (KIP-482); served on: broker.
 *
 * Version notes: 1: transaction coordinators (KIP-98). 4: many keys in one request (KIP-699). 5: TRANSACTION_ABORTABLE
 * (KIP-890). 6: share groups' state (KIP-932).
 */
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

export const findCoordinator = defineApi({
  key: 10,
  name: 'FindCoordinator',
  validVersions: '0-6',
  flexibleVersions: '3+',
  request: { key: string('0-3'), keyType: int8('1+', { default: 0 }), coordinatorKeys: array(string(), '4+') },
  response: {
    throttleTimeMs: int32('1+', { ignorable: true }),
    errorCode: int16('0-3'),
    errorMessage: string('1-3', { nullable: '1-3', ignorable: true }),
    nodeId: int32('0-3'),
    host: string('0-3'),
    port: int32('0-3'),
    coordinators: array(
      {
        key: string('4+'),
        nodeId: int32('4+'),
        host: string('4+'),
        port: int32('4+'),
        errorCode: int16('4+'),
        errorMessage: string('4+', { nullable: '4+', ignorable: true }),
      },
      '4+',
    ),
  },
})

export type FindCoordinatorRequest = RequestOf<typeof findCoordinator>
export type FindCoordinatorResponse = ResponseOf<typeof findCoordinator>
export type FindCoordinatorRequestInput = RequestInput<typeof findCoordinator>
export type FindCoordinatorResponseInput = ResponseInput<typeof findCoordinator>
