import type { CommandContext } from '../cli/context.ts'
import { reportError, reportHints, toKtError } from '../cli/errors.ts'
import { exitCodeForReason, SCRIPT_FAILURE } from '../cli/exit-codes.ts'
import type { Presentation } from '../cli/script-command.ts'
import { ScriptFailure } from './script-failure.ts'

/**
 * Shows a failure of a command whose script prints failures on stdout after a prefix, and gives the script's exit code.
 * Our facts and next steps go to stderr; a person at a terminal, and who asked for a structure, reads all of it there.
 */
export function showScriptFailure(
  error: unknown,
  prefix: string,
  presentation: Presentation,
  context: CommandContext,
): number {
  if (context.signal.aborted) return exitCodeForReason(context.signal.reason)
  const failure = toKtError(error)
  if (failure.kind === 'interrupted') throw failure
  if (presentation === 'script') {
    const message = failure instanceof ScriptFailure ? failure.scriptText : failure.message
    context.stdout.write(`${prefix}${message}\n`)
    reportHints(failure, context)
  } else {
    reportError(failure, context)
  }
  return SCRIPT_FAILURE
}
