import { KtError } from '../../base/errors.ts'
import type { KafkaFailure, Outcome } from '../../client/admin-types.ts'
import { errorInfo } from '../../protocol/error-codes.ts'

/**
 * A failure that the script prints on stdout, below an empty line, and exits with 0 for. `scriptText` is the script's
 * wording, which is Java's: the exception's name belongs to it.
 */
export class ScriptFailure extends KtError {
  readonly scriptText: string

  constructor(
    message: string,
    scriptText: string = message,
    options: { facts?: readonly string[]; next?: string } = {},
  ) {
    super('kafka', message, options)
    this.scriptText = scriptText
  }
}

/** `org.apache.kafka.common.errors.GroupIdNotFoundException: The group id does not exist.` */
export function javaText(failure: KafkaFailure): string {
  return `org.apache.kafka.common.errors.${errorInfo(failure.code).exception ?? failure.name}: ${failure.message}`
}

/** The value, or a thrown `ScriptFailure`; `prefix` is what Java wraps around the exception. */
export function valueOrFailure<T>(outcome: Outcome<T>, prefix = ''): T {
  if (outcome.ok) return outcome.value
  throw new ScriptFailure(outcome.error.message, `${prefix}${javaText(outcome.error)}`)
}
