/** A cluster's refusal in Java's words, where a script prints them. Loads the registry of error codes. */
import { KtError } from '../base/errors.ts'
import type { KafkaFailure, Outcome } from '../client/admin-types.ts'
import { errorInfo, KafkaError } from '../protocol/error-codes.ts'
import { ScriptFailure } from './script-failure.ts'

/** `org.apache.kafka.common.errors.GroupIdNotFoundException: The group id does not exist.` */
export function javaText(failure: KafkaFailure): string {
  return `org.apache.kafka.common.errors.${errorInfo(failure.code).exception ?? failure.name}: ${failure.message}`
}

/** The value, or a thrown `ScriptFailure`; `prefix` is what Java wraps around the exception. */
export function valueOrFailure<T>(outcome: Outcome<T>, prefix = ''): T {
  if (outcome.ok) return outcome.value
  throw new ScriptFailure(outcome.error.message, `${prefix}${javaText(outcome.error)}`)
}

/** An answer of the cluster that failed a whole call, as a failure that scripts word with Java's exception; others as they are. */
export function asScriptFailure(error: unknown): unknown {
  if (!(error instanceof KtError) || !(error.cause instanceof KafkaError)) return error
  const { code, errorName } = error.cause
  // What the broker cannot answer at all is told by us alone: Java has no answer to quote.
  if (errorName === 'UNSUPPORTED_VERSION') return error
  const { message, facts, next } = error
  const text = javaText({ code, name: errorName, message })
  return new ScriptFailure(message, text, next === undefined ? { facts } : { facts, next })
}
