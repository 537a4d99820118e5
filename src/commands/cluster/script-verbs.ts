/**
 * The verbs of Kafka's `kafka-cluster.sh` as subcommands of `kt cluster`: what is asked of any cluster, not done to the
 * local one. Under the script's own name they are all there is.
 */
import type { Command as CommanderCommand } from 'commander'
import { defineArgparseCommand, defineSubcommand } from '../../cli/argparse-command.ts'
import type { Command } from '../../cli/command.ts'
import type { CommandContext } from '../../cli/context.ts'
import { reportError, toKtError } from '../../cli/errors.ts'
import { exitCodeFor } from '../../cli/exit-codes.ts'
import { ENDPOINTS_OPTIONS, UNREGISTER_OPTIONS, VERB_OPTIONS } from './verb-options.ts'

const exclusive = [{ names: ['bootstrap-server', 'bootstrap-controller'] }]

const SUMMARIES = {
  'cluster-id': "a cluster's id",
  unregister: 'take a broker that is gone for good out of a cluster',
  'list-endpoints': 'where the brokers, or the controllers, of a cluster listen',
}

const script = defineArgparseCommand({
  name: 'cluster',
  script: 'kafka-cluster.sh',
  summary: 'Ask a cluster for its id and its endpoints, take a broker out of it',
  options: {},
  helpExitCode: 1,
  examples: [{ command: 'kt cluster list-endpoints --include-fenced-brokers', does: 'every registered broker' }],
  subcommands: {
    'cluster-id': defineSubcommand({
      summary: SUMMARIES['cluster-id'],
      options: VERB_OPTIONS,
      exclusive,
      run: async (given, _, context) => (await import('./cluster-id.ts')).showClusterId(given, context),
    }),
    unregister: defineSubcommand({
      summary: SUMMARIES.unregister,
      options: UNREGISTER_OPTIONS,
      exclusive,
      run: async (given, _, context) => (await import('./unregister.ts')).unregister(given, context),
    }),
    'list-endpoints': defineSubcommand({
      summary: SUMMARIES['list-endpoints'],
      options: ENDPOINTS_OPTIONS,
      exclusive,
      run: async (given, _, context) => (await import('./list-endpoints.ts')).listEndpoints(given, context),
    }),
  },
})

/** Shows the verbs in the help of `kt cluster`; `withScriptVerbs` runs them. */
export function listScriptVerbs(command: CommanderCommand): void {
  for (const [name, summary] of Object.entries(SUMMARIES)) command.command(name).description(summary)
}

/** The local cluster's command, with the script's verbs in front of it; these exit as the script does. */
export function withScriptVerbs(local: Command): Command {
  return {
    ...local,
    async grammar() {
      const [ours, verbs] = await Promise.all([local.grammar(), script.grammar()])
      return {
        ...ours,
        subcommands: { ...ours.subcommands, ...verbs.subcommands },
        examples: [...ours.examples, ...verbs.examples],
      }
    },
    run: (args, context) =>
      context.asScript || Object.hasOwn(SUMMARIES, args[0] ?? '') ? runScript(args, context) : local.run(args, context),
  }
}

async function runScript(args: readonly string[], context: CommandContext): Promise<number> {
  try {
    return await script.run(args, context)
  } catch (error) {
    const failure = toKtError(error)
    if (context.signal.aborted || failure.kind === 'interrupted') throw failure
    reportError(failure, context)
    return exitCodeFor(failure.kind, true)
  }
}
