import { describe, expect, it } from 'vitest'
import { coordinatorErrorCode, errorNameOf } from '../../src/coordinator/errors.ts'
import { type ErrorName, errorName, KafkaError } from '../../src/protocol/error-codes.ts'

describe('coordinatorErrorCode', () => {
  const told: [ErrorName, ErrorName][] = [
    ['UNKNOWN_TOPIC_OR_PARTITION', 'COORDINATOR_NOT_AVAILABLE'],
    ['NOT_ENOUGH_REPLICAS', 'COORDINATOR_NOT_AVAILABLE'],
    ['REQUEST_TIMED_OUT', 'COORDINATOR_NOT_AVAILABLE'],
    ['NOT_LEADER_OR_FOLLOWER', 'NOT_COORDINATOR'],
    ['KAFKA_STORAGE_ERROR', 'NOT_COORDINATOR'],
    ['MESSAGE_TOO_LARGE', 'UNKNOWN_SERVER_ERROR'],
    ['RECORD_LIST_TOO_LARGE', 'UNKNOWN_SERVER_ERROR'],
    ['INVALID_FETCH_SIZE', 'UNKNOWN_SERVER_ERROR'],
    ['NETWORK_EXCEPTION', 'COORDINATOR_LOAD_IN_PROGRESS'],
    ['ILLEGAL_GENERATION', 'ILLEGAL_GENERATION'],
    ['COORDINATOR_LOAD_IN_PROGRESS', 'COORDINATOR_LOAD_IN_PROGRESS'],
  ]
  for (const [thrown, answer] of told) {
    it(`says ${answer} for ${thrown}`, () => {
      expect(errorName(coordinatorErrorCode(new KafkaError(thrown)))).toBe(answer)
    })
  }

  it('takes anything else for a defect of ours', () => {
    expect(errorName(coordinatorErrorCode(new TypeError('oops')))).toBe('UNKNOWN_SERVER_ERROR')
    expect(errorNameOf('not even an error')).toBe('UNKNOWN_SERVER_ERROR')
  })
})
