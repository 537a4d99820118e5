/**
 * The verbs of Kafka's `kafka-cluster.sh` as subcommands of `kt cluster`: what is asked of any cluster, not done to the
 * local one. Under the script's own name they are all there is.
 */
import type { Command as CommanderCommand } from 'commander'
import { defineArgparseCommand, defineSubcommand } from '../../cli/argparse-command.ts'
import type { Command } from '../../cli/command.ts'
import type { CommandContext, ConnectionTarget } from '../../cli/context.ts'
import { reportError, toKtError } from '../../cli/errors.ts'
import { exitCodeFor } from '../../cli/exit-codes.ts'
import { flag, integer, text, UsageError } from '../../cli/options.ts'
import { CONNECTION_OPTIONS, type Given, presentationOf } from '../../cli/script-command.ts'

const connectionOptions = {
  'bootstrap-server': { ...CONNECTION_OPTIONS['bootstrap-server'], short: 'b' },
  'bootstrap-controller': text('host:port', 'Controllers to connect to instead of brokers, separated by commas.', {
    short: 'C',
  }),
  config: text('file', 'Old name of --command-config.', { deprecated: true }),
  'command-config': { ...CONNECTION_OPTIONS['command-config'], short: 'c' },
}
const exclusive = [{ names: ['bootstrap-server', 'bootstrap-controller'] }]
export type VerbGiven = Given<typeof connectionOptions>

const unregisterOptions = {
  ...connectionOptions,
  id: integer('broker-id', 'The broker that is gone for good.', { short: 'i', required: true }),
}
export type UnregisterGiven = Given<typeof unregisterOptions>

const endpointOptions = {
  ...connectionOptions,
  'include-fenced-brokers': flag('Brokers too that are registered and take no part for now.'),
}
export type EndpointsGiven = Given<typeof endpointOptions>

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
      options: connectionOptions,
      exclusive,
      run: async (given, _, context) => (await import('./cluster-id.ts')).showClusterId(given, context),
    }),
    unregister: defineSubcommand({
      summary: SUMMARIES.unregister,
      options: unregisterOptions,
      exclusive,
      formats: false,
      run: async (given, _, context) => (await import('./unregister.ts')).unregister(given, context),
    }),
    'list-endpoints': defineSubcommand({
      summary: SUMMARIES['list-endpoints'],
      options: endpointOptions,
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

/** Where a verb's options say to connect. Throws, in the script's words, for two properties files. */
export function verbTarget(given: VerbGiven, context: CommandContext): ConnectionTarget {
  const old = given.value('config')
  if (old !== undefined) {
    if (given.has('command-config')) {
      throw new UsageError('--config and --command-config cannot be specified together.')
    }
    const stream = presentationOf(given, context) === 'script' ? context.stdout : context.stderr
    stream.write(
      'Option --config has been deprecated and will be removed in a future version. Use --command-config instead.\n',
    )
  }
  return {
    bootstrapServer: given.value('bootstrap-server'),
    bootstrapController: given.value('bootstrap-controller'),
    commandConfig: old ?? given.value('command-config'),
  }
}
