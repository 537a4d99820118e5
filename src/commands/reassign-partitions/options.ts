import { requireOptions } from '../../cli/check-options.ts'
import type { CommandContext, ConnectionTarget } from '../../cli/context.ts'
import { flag, long, optionalText, text, UsageError } from '../../cli/options.ts'
import { CONNECTION_OPTIONS, type Given, type Presentation } from '../../cli/script-command.ts'
import type { Admin } from '../../client/admin-types.ts'

export const REASSIGN_OPTIONS = {
  generate: flag('Propose where the partitions of some topics could lie; nothing is moved.'),
  execute: flag('Start moving partitions as --reassignment-json-file says.'),
  verify: flag('Tell how far they are; when all is done, the throttles are taken away.'),
  cancel: flag('Cancel the moves that are under way, back to where the partitions were.'),
  list: flag('List the partitions that are being moved.'),
  'reassignment-json-file': text(
    'file',
    'Where partitions shall lie: {"version": 1, "partitions": [{"topic": "orders", "partition": 1, "replicas": [1, 2], "log_dirs": ["any", "any"]}]}. log_dirs may be left out.',
  ),
  'topics-to-move-json-file': text(
    'file',
    'With --generate: {"version": 1, "topics": [{"topic": "orders"}, {"topic": "payments"}]}',
  ),
  'broker-list': text('1,2,3', 'With --generate: the brokers that shall hold the replicas.'),
  'disable-rack-aware': flag('With --generate: take no care of racks.'),
  throttle: long('bytes', 'With --execute: the most bytes per second between brokers, at least 1024.', {
    default: '-1',
  }),
  'replica-alter-log-dirs-throttle': long(
    'bytes',
    'With --execute: the most bytes per second between log directories of a broker, at least 1024.',
    { default: '-1' },
  ),
  timeout: long('ms', 'How long to wait until moves between log directories have begun.', { default: '10000' }),
  additional: flag(
    'With --execute: although others are being moved; also changes the throttle of what is being moved.',
  ),
  'preserve-throttles': flag('With --verify or --cancel: leave the throttles as they are.'),
  'disallow-replication-factor-change': flag(
    'With --execute: refuse moves that would change how many replicas there are.',
  ),
  ...CONNECTION_OPTIONS,
  'bootstrap-server': optionalText('host:port', CONNECTION_OPTIONS['bootstrap-server'].description),
  'bootstrap-controller': optionalText('host:port', 'With --cancel or --list: ask controllers instead of brokers.'),
}
type Options = typeof REASSIGN_OPTIONS
type OptionName = keyof Options
export type ReassignGiven = Given<Options>

export type ReassignAction = 'generate' | 'execute' | 'verify' | 'cancel' | 'list'
const ACTIONS: readonly ReassignAction[] = ['generate', 'execute', 'verify', 'cancel', 'list']

const REQUIRED: Readonly<Record<ReassignAction, readonly OptionName[]>> = {
  generate: ['topics-to-move-json-file', 'broker-list'],
  execute: ['reassignment-json-file'],
  verify: ['reassignment-json-file'],
  cancel: ['reassignment-json-file'],
  list: [],
}

const SERVER: OptionName = 'bootstrap-server'
const CONTROLLER: OptionName = 'bootstrap-controller'
const PERMITTED: Readonly<Record<ReassignAction, readonly string[]>> = {
  generate: [SERVER, 'broker-list', 'disable-rack-aware'],
  execute: [
    SERVER,
    'additional',
    'throttle',
    'replica-alter-log-dirs-throttle',
    'timeout',
    'disallow-replication-factor-change',
  ],
  verify: [SERVER, 'preserve-throttles'],
  cancel: [SERVER, CONTROLLER, 'preserve-throttles', 'timeout'],
  list: [SERVER, CONTROLLER],
}

/** The action of a command line that `checkReassign` has seen. */
export function actionOf(given: ReassignGiven): ReassignAction {
  return ACTIONS.find((action) => given.has(action))!
}

/** The command line alone, in the script's order and words. */
export function checkReassign(given: ReassignGiven): void {
  if (ACTIONS.filter((action) => given.has(action)).length !== 1) {
    const names = ACTIONS.map((action) => `--${action}`).join(', ')
    throw new UsageError(`Command must include exactly one action: ${names}`)
  }
  if (given.has(SERVER) && given.has(CONTROLLER)) {
    throw new UsageError("Please don't specify both --bootstrap-server and --bootstrap-controller")
  }
  const action = actionOf(given)
  requireOptions(given, REQUIRED[action])
  const permitted = new Set<string>([action, 'command-config', 'format', ...REQUIRED[action], ...PERMITTED[action]])
  for (const name of given.order) {
    if (!permitted.has(name)) throw new UsageError(`Option "[${name}]" can't be used with action "[${action}]"`)
  }
  for (const name of [SERVER, CONTROLLER] as const) {
    // The script takes the option without an argument and then falls over it.
    if (given.has(name) && given.values(name).length === 0) throw new UsageError(`Option ${name} requires an argument`)
  }
}

/** Where the command line says to connect. */
export function connectionOf(given: ReassignGiven): ConnectionTarget {
  return {
    bootstrapServer: given.value('bootstrap-server'),
    bootstrapController: given.value('bootstrap-controller'),
    commandConfig: given.value('command-config'),
    clientId: 'reassign-partitions-tool',
  }
}

/** What an action works with. */
export interface ReassignRun {
  readonly given: ReassignGiven
  readonly admin: Admin
  readonly context: CommandContext
  readonly presentation: Presentation
  /** Writes what the script prints, as it prints it; nothing in any other presentation. */
  say(text: string): void
}
