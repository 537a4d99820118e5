/** The shell of a person: terminal, history and completion put together. */

import { askAtTerminal } from '../../cli/prompt.ts'
import { LineEditor } from '../../cli/shell/line-editor.ts'
import { type SessionParts, ShellSession } from '../../cli/shell/session.ts'
import { ktHome } from '../../cluster/cluster-directory.ts'
import { completeLine } from './completer.ts'
import { HistoryFile } from './history.ts'
import { runAtTerminal } from './terminal.ts'

/** Runs until the person leaves. */
export async function runPrompt(
  parts: Pick<SessionParts, 'context' | 'commands' | 'target' | 'binDirectory'>,
): Promise<number> {
  const { context, commands } = parts
  const history = new HistoryFile(ktHome(context.env))
  const complete = (line: string): ReturnType<typeof completeLine> =>
    completeLine(line, commands, { env: session.env, clock: context.clock })
  const terminal = new LineEditor(context, complete, history.load())
  const session = new ShellSession({
    ...parts,
    isTerminal: true,
    openInput: terminal.openInput,
    ask: askAtTerminal,
  })
  // Names of the cluster are there when the first Tab asks for them.
  void complete('topics --describe --topic ')
  context.stdout.write("Every command of kt and Kafka's scripts; Tab completes, help tells more, Ctrl-D leaves.\n")
  return runAtTerminal(terminal, session, history, context)
}
