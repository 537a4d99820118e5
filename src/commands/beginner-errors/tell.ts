/** Explains on stderr while a command goes on: at a terminal, where somebody wonders. */
import type { CommandContext, ConnectionTarget } from '../../cli/context.ts'
import { answer, answerText, connectOf } from './explain.ts'
import { Look } from './look.ts'
import { recognise } from './recognise.ts'
import type { Failure } from './said.ts'

/** Writes the text of what is the matter and what is to be seen of it; resolves within about two seconds. */
export async function tellAtOnce(failure: Failure, target: ConnectionTarget, context: CommandContext): Promise<void> {
  const found = recognise(failure)
  if (found === null) return
  const live = async () => {
    const [admin, connection] = await Promise.all([context.admin(target), context.connection(target)])
    return { admin, servers: connection.bootstrapServers.join(','), connection }
  }
  const { env, clock, stderr, signal } = context
  const said = await answer(found, new Look({ live, env, now: () => clock.now() }), clock)
  if (signal.aborted) return
  const { before, after } = answerText(said, '', connectOf(found.said))
  stderr.write(`${failure.text}\n${before}${after}\n`)
}
