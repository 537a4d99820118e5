/** A topic has come into being because somebody wrote to it: perhaps a slip of the fingers. */
import type { CommandContext, ConnectionTarget } from '../../cli/context.ts'
import { connectOf, LOOK_MS, stepText } from './explain.ts'
import { Look } from './look.ts'
import { Said } from './said.ts'

/** The words by which the row of such topics knows it. */
export function newTopicText(topic: string): string {
  return `Topic '${topic}' was not there and is now: the cluster creates what is written to or read (auto.create.topics.enable).`
}

/** Says so on stderr where a name is spelled nearly so, and at a terminal; resolves within about two seconds. */
export async function tellNewTopic(topic: string, target: ConnectionTarget, context: CommandContext): Promise<void> {
  const { env, clock, stderr, args = [] } = context
  const live = async () => ({ admin: await context.admin(target), servers: '' })
  const look = new Look({ live, env, now: () => clock.now() })
  const near = await within(look.nearTopics(topic), context)
  if (near.length === 0) {
    // Nobody has mistyped anything, as far as can be seen.
    if (stderr.isTerminal) stderr.write(`${newTopicText(topic)}\n`)
    return
  }
  const connect = connectOf(new Said({ text: '', args }))
  const step = stepText(
    { run: `kt topics --delete --topic ${topic}`, does: 'if it was a slip of the fingers' },
    connect,
  )
  const names = near.map((name) => `'${name}'`).join(' or ')
  stderr.write(`${newTopicText(topic)}\n  did you mean ${names}?\n  next: ${step}\n`)
}

function within(near: Promise<readonly string[]>, { clock }: CommandContext): Promise<readonly string[]> {
  return new Promise((resolve) => {
    const timer = clock.setTimer(LOOK_MS, () => resolve([]))
    near.then(
      (names) => {
        timer.cancel()
        resolve(names)
      },
      () => resolve([]),
    )
  })
}
