import { KtError } from '../base/errors.ts'
import type { KafkaFailure, Outcome } from '../client/admin-types.ts'

/** A cluster's refusal as an error; `failure.name` stays readable in `cause`. */
export class RefusedError extends KtError {
  readonly failure: KafkaFailure

  constructor(failure: KafkaFailure) {
    super(failure.name.endsWith('AUTHORIZATION_FAILED') ? 'authorization' : 'kafka', failure.message)
    this.name = 'RefusedError'
    this.failure = failure
  }
}

/** The value, or the refusal thrown. */
export function unwrap<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value
  throw new RefusedError(outcome.error)
}

/** All values in the order of the keys; the first refusal is thrown. */
export function unwrapAll<K, T>(outcomes: ReadonlyMap<K, Outcome<T>>): Map<K, T> {
  return new Map([...outcomes].map(([key, outcome]) => [key, unwrap(outcome)]))
}
