import { KtError } from '../base/errors.ts'

/**
 * A failure that a script words in its own way on stdout: `scriptText`, to which Java's exception name may belong. The
 * message is what a person reads.
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
