/** Errors of the log, said in the words that clients of a coordinator understand. */
import { ErrorCode, type ErrorName, errorName, KafkaError } from '../protocol/error-codes.ts'

/** What a client of a coordinator is told instead: it looks the coordinator up again, or retries. */
const TRANSLATED: Partial<Record<ErrorName, ErrorName>> = {
  UNKNOWN_TOPIC_OR_PARTITION: 'COORDINATOR_NOT_AVAILABLE',
  NOT_ENOUGH_REPLICAS: 'COORDINATOR_NOT_AVAILABLE',
  REQUEST_TIMED_OUT: 'COORDINATOR_NOT_AVAILABLE',
  NOT_LEADER_OR_FOLLOWER: 'NOT_COORDINATOR',
  KAFKA_STORAGE_ERROR: 'NOT_COORDINATOR',
  MESSAGE_TOO_LARGE: 'UNKNOWN_SERVER_ERROR',
  RECORD_LIST_TOO_LARGE: 'UNKNOWN_SERVER_ERROR',
  INVALID_FETCH_SIZE: 'UNKNOWN_SERVER_ERROR',
  NETWORK_EXCEPTION: 'COORDINATOR_LOAD_IN_PROGRESS',
}

/** The error as the protocol names it; anything that is not a `KafkaError` is ours, hence UNKNOWN_SERVER_ERROR. */
export function errorNameOf(error: unknown): ErrorName {
  return error instanceof KafkaError ? errorName(error.code) : 'UNKNOWN_SERVER_ERROR'
}

/** Code to answer when an operation of a coordinator failed with `error`. */
export function coordinatorErrorCode(error: unknown): number {
  const name = errorNameOf(error)
  return ErrorCode[TRANSLATED[name] ?? name]
}
