import { forbidWith } from '../../cli/check-options.ts'
import { addedByKt, flag, parseWhole, text, UsageError } from '../../cli/options.ts'
import { CONNECTION_OPTIONS, type Given } from '../../cli/script-command.ts'

export const CLIENT_METRICS_OPTIONS = {
  ...CONNECTION_OPTIONS,
  alter: flag('Make or change a subscription: which clients push which metrics, and how often.'),
  delete: flag('Delete a subscription.'),
  describe: flag('Describe subscriptions.'),
  list: flag('List the names of subscriptions.'),
  name: text('name', 'Name of a subscription.'),
  'generate-name': flag('With --alter: make up a name.'),
  interval: text('ms', "How often clients push, in milliseconds; '' goes back to the default."),
  match: text(
    'k1=v1,k2=v2',
    "Which clients: client_id, client_instance_id, client_software_name, client_software_version, client_source_address, client_source_port with expressions; '' is every client.",
    { separator: ',' },
  ),
  metrics: text('m1,m2', "Beginnings of metric names; '' is none.", { separator: ',' }),
  ...addedByKt({ 'dry-run': flag('With --alter and --delete: let the cluster check it, and change nothing.') }),
}
export type ClientMetricsGiven = Given<typeof CLIENT_METRICS_OPTIONS>

const ACTIONS = ['alter', 'delete', 'describe', 'list'] as const
const SETTINGS = ['generate-name', 'interval', 'match', 'metrics'] as const

/** The command line alone, in the script's order and words. */
export function checkClientMetrics(given: ClientMetricsGiven): void {
  if (ACTIONS.filter((action) => given.has(action)).length !== 1) {
    throw new UsageError('Command must include exactly one action: --alter, --delete, --describe or --list.')
  }
  forbidWith(given, 'delete', SETTINGS)
  forbidWith(given, 'describe', SETTINGS)
  forbidWith(given, 'list', ['name', ...SETTINGS])
  if (given.has('alter')) checkAlter(given)
  if (given.has('delete') && !given.has('name')) {
    throw new UsageError('A client metrics resource name must be specified with --delete.', { missing: 'name' })
  }
}

function checkAlter(given: ClientMetricsGiven): void {
  if (given.has('name') === given.has('generate-name')) {
    throw new UsageError('One of --name or --generate-name must be specified with --alter.')
  }
  const interval = given.value('interval') ?? ''
  if (interval !== '' && parseWhole(interval, 'int') === undefined) {
    throw new UsageError('Invalid interval value. Enter an integer, or leave empty to reset.')
  }
}
