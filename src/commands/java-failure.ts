/** A cluster's refusal in Java's words, where a script prints them. Loads the registry of error codes. */
import type { KafkaFailure, Outcome } from '../client/admin-types.ts'
import { errorInfo } from '../protocol/error-codes.ts'
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
