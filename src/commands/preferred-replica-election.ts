/** `kt preferred-replica-election`: a script that Kafka 3.0 dropped; says what it is now and does it. */
import type { Command } from '../cli/command.ts'
import type { CommandContext } from '../cli/context.ts'
import { STRUCTURED_FORMATS } from '../cli/format.ts'
import type { Example } from '../cli/help.ts'
import { addedByKt, text } from '../cli/options.ts'
import { CONNECTION_OPTIONS } from '../cli/script-command.ts'

const EXAMPLES: readonly Example[] = [
  {
    command: 'kt preferred-replica-election',
    does: 'kt leader-election --election-type preferred --all-topic-partitions',
  },
  { command: 'kt preferred-replica-election --zookeeper localhost:2181', does: 'the same, as older notes have it' },
]

export const preferredReplicaElection: Command = {
  name: 'preferred-replica-election',
  script: 'kafka-preferred-replica-election.sh',
  grammar: async () => ({
    summary: 'Old form of kt leader-election --election-type preferred',
    options: {
      ...CONNECTION_OPTIONS,
      'path-to-json-file': text('file', 'Partitions to elect leaders for. Left out: all.'),
      ...addedByKt({
        format: text('json|yaml', 'Print a documented structure instead of text.', { choices: STRUCTURED_FORMATS }),
      }),
    },
    examples: EXAMPLES,
  }),
  run: runElection,
}

async function runElection(args: readonly string[], context: CommandContext): Promise<number> {
  const { leaderElection } = await import('./leader-election.ts')
  const which = args.some((word) => /^--path-to-json-file(=|$)/.test(word)) ? [] : ['--all-topic-partitions']
  const words = ['--election-type', 'preferred', ...which, ...args]
  const shown = args.includes('--help') ? ['--help'] : words
  context.stderr.write(
    `${context.programName}: removed in Kafka 3.0 (KIP-460); now: kt leader-election ${shown.join(' ')}\n`,
  )
  return leaderElection.run(shown, context)
}
