/** Options of the verbs of kafka-cluster.sh, and where they say to connect. */
import type { CommandContext, ConnectionTarget } from '../../cli/context.ts'
import { flag, integer, text, UsageError } from '../../cli/options.ts'
import { CONNECTION_OPTIONS, type Given, presentationOf } from '../../cli/script-command.ts'

export const VERB_OPTIONS = {
  'bootstrap-server': { ...CONNECTION_OPTIONS['bootstrap-server'], short: 'b' },
  'bootstrap-controller': text('host:port', 'Controllers to connect to instead of brokers, separated by commas.', {
    short: 'C',
  }),
  config: text('file', 'Old name of --command-config.', { deprecated: true }),
  'command-config': { ...CONNECTION_OPTIONS['command-config'], short: 'c' },
}
export type VerbGiven = Given<typeof VERB_OPTIONS>

export const UNREGISTER_OPTIONS = {
  ...VERB_OPTIONS,
  id: integer('broker-id', 'The broker that is gone for good.', { short: 'i', required: true }),
}
export type UnregisterGiven = Given<typeof UNREGISTER_OPTIONS>

export const ENDPOINTS_OPTIONS = {
  ...VERB_OPTIONS,
  'include-fenced-brokers': flag('Brokers too that are registered and take no part for now.'),
}
export type EndpointsGiven = Given<typeof ENDPOINTS_OPTIONS>

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
