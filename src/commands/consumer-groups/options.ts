import { forbidWith, requireOptions } from '../../cli/check-options.ts'
import type { CommandContext } from '../../cli/context.ts'
import { addedByKt, flag, integer, long, optionalText, text, UsageError } from '../../cli/options.ts'
import { CONNECTION_OPTIONS, type Given } from '../../cli/script-command.ts'
import { requireGroups, requireOneView } from '../group-selection.ts'
import { SCENARIOS } from './scenarios.ts'

export const CONSUMER_GROUPS_OPTIONS = {
  ...CONNECTION_OPTIONS,
  list: flag('List all consumer groups.'),
  describe: flag('Describe groups: committed offsets and lag, or with --members or --state those.'),
  delete: flag('Delete groups with everything they committed.'),
  'reset-offsets': flag(
    'Set the committed offsets of an inactive group: one scenario (--to-...), one scope (--topic, --all-topics).',
  ),
  'delete-offsets': flag('Delete what a group committed for topics.'),
  'validate-regex': text('regex', 'Say whether brokers accept a regular expression in a subscription (RE2 syntax).'),
  group: text('group id', 'A group; may be repeated.'),
  'all-groups': flag('Every consumer group.'),
  topic: text('topic', 'A topic, or topic:0,1,2 for some of its partitions; may be repeated.'),
  'all-topics': flag('Every topic the group has committed offsets for.'),
  members: flag('With --describe: the members and their partitions.'),
  offsets: flag('With --describe: offsets and lag of each partition, the default.'),
  state: optionalText('states', 'With --describe: the state of the group. With --list: states, optionally only these.'),
  type: optionalText('types', 'With --list: types of the groups, optionally only these.'),
  verbose: flag('With --describe: more columns.'),
  timeout: long('ms', 'How long a request may take.', { default: '30000' }),
  'dry-run': flag('Show which offsets would be set; the default.'),
  execute: flag('Set the offsets.'),
  export: flag('Print the offsets as CSV, for --from-file.'),
  'to-offset': long('offset', 'Set to this offset.'),
  'from-file': text('CSV file', 'Set to what the file says.'),
  'to-datetime': text('datetime', "Set to the first offset at or after this time: 'YYYY-MM-DDThh:mm:ss.sss', UTC."),
  'by-duration': text('duration', "Set to the first offset at or after now minus this: 'PnDTnHnMnS'."),
  'to-earliest': flag('Set to the earliest offset.'),
  'to-latest': flag('Set to the latest offset.'),
  'to-current': flag('Set to the committed offset; the latest where there is none.'),
  'shift-by': long('number of offsets', 'Move the committed offset by this many, forward or back.'),
  ...addedByKt({
    totals: flag('With --describe: lag of each topic and of the whole group.'),
    'lag-time': flag('With --describe: lag as time, too: how long the first record not read has been waiting.'),
    peek: integer('count', 'With --describe: the next records behind the committed offsets; nothing is committed.'),
    watch: optionalText('seconds', 'With --describe: again and again, every two seconds if not told.'),
    steps: flag('With --describe: each step of a rebalance as it happens, until Ctrl-C.'),
    'what-if': flag('Show who would read what by each assignor, without joining; with --group, or --topic alone.'),
    'member-count': text('count', 'With --what-if: members there would be: +1, -1 or a number.'),
    assignor: text('names', 'With --what-if: only these, separated by commas.'),
    'from-group': text('group id', 'With --reset-offsets: what this group has committed; without --topic all of it.'),
  }),
}
export type ConsumerGroupsOptions = typeof CONSUMER_GROUPS_OPTIONS
export type GivenConsumerGroups = Given<ConsumerGroupsOptions>
type Name = keyof ConsumerGroupsOptions

const ACTIONS = ['list', 'describe', 'delete', 'reset-offsets', 'delete-offsets', 'validate-regex'] as const
export type ConsumerGroupsAction = (typeof ACTIONS)[number]

export const NO_SCENARIO = `Option '[reset-offsets]' requires one of the following scenarios: [${SCENARIOS.map((name) => `[${name}]`).join(', ')}]`

const RESET_WITHOUT_EXECUTE =
  'WARN: No action will be performed as the --execute option is missing. ' +
  'In version 5.0, this command will require either --dry-run or --execute to be specified. ' +
  'You should add the --dry-run option explicitly if you are scripting this command and want to ' +
  'keep the current default behavior without prompting.\n'

/** The action asked for; exactly one is given once `checkConsumerGroups` has passed. */
export function actionOf(given: GivenConsumerGroups): ConsumerGroupsAction {
  return ACTIONS.find((name) => given.has(name))!
}

/** The checks of the script, in its order. A notice about --dry-run goes to stderr on the way. */
export function checkConsumerGroups(given: GivenConsumerGroups, context: CommandContext): void {
  checkAvailable(given)
  if (given.has('what-if')) {
    checkWhatIf(given)
    return
  }
  if (context.asScript && !given.has('validate-regex')) requireOptions(given, ['bootstrap-server'])
  if (given.has('describe')) checkDescribe(given)
  if (given.has('delete')) checkDelete(given)
  if (given.has('delete-offsets') && !(given.has('group') && given.has('topic'))) {
    throw new UsageError('Option [delete-offsets] takes the following options: [topic], [group]')
  }
  if (given.has('reset-offsets')) checkReset(given, context)
  forbidWith(given, 'group', ['all-groups'])
  forbidWith(given, 'group', ['list'])
  forbidWith(given, 'topic', ['list', 'describe'])
  if (ACTIONS.filter((name) => given.has(name)).length !== 1) {
    throw new UsageError(`Command must include exactly one action: ${ACTIONS.map((name) => `--${name}`).join(', ')}`)
  }
}

/** Options that exist only beside another one. */
function checkAvailable(given: GivenConsumerGroups): void {
  const needs: Partial<Record<Name, readonly Name[]>> = {
    members: ['describe'],
    verbose: ['describe'],
    offsets: ['describe'],
    state: ['describe', 'list'],
    type: ['list'],
    totals: ['describe'],
    'lag-time': ['describe'],
    peek: ['describe'],
    watch: ['describe'],
    steps: ['describe'],
    'member-count': ['what-if'],
    assignor: ['what-if'],
    'from-group': ['reset-offsets'],
  }
  const missing = (Object.keys(needs) as Name[]).filter(
    (name) => given.has(name) && !needs[name]!.some((other) => given.has(other)),
  )
  if (missing.length === 0) return
  const facts = missing.map((name) => `--${name} goes with ${needs[name]!.map((other) => `--${other}`).join(' or ')}`)
  const list = missing.join(', ')
  throw new UsageError(`Option(s) [${list}] are unavailable given other options on the command line`, { facts })
}

const STEPS_EXCLUDE = ['members', 'state', 'offsets', 'verbose', 'totals', 'lag-time', 'peek', 'watch'] as const

function checkDescribe(given: GivenConsumerGroups): void {
  requireGroups(given, 'describe')
  requireOneView(given)
  const ours = (['totals', 'lag-time', 'peek'] as const).find((name) => given.has(name))
  if (ours !== undefined) forbidWith(given, ours, ['members', 'state', 'offsets', 'verbose'])
  if (given.has('steps')) forbidWith(given, 'steps', [...STEPS_EXCLUDE])
  if ((given.value('peek') ?? 1) < 1) throw new UsageError(`--peek: ${given.value('peek')} is no number of records`)
  if (given.value('state') !== undefined) throw new UsageError('Option [describe] does not take a value for [state]')
}

function checkWhatIf(given: GivenConsumerGroups): void {
  forbidWith(given, 'what-if', ACTIONS)
  if (given.values('group').length > 1) throw new UsageError('--what-if is about one --group')
  if (!given.has('group') && !(given.has('topic') && given.has('member-count'))) {
    throw new UsageError('--what-if needs --group, or --topic with --member-count', {
      next: 'kt consumer-groups --what-if --topic orders --member-count 3',
    })
  }
}

function checkDelete(given: GivenConsumerGroups): void {
  requireGroups(given, 'delete')
  if (given.has('topic')) {
    throw new UsageError('The consumer does not support topic-specific offset deletion from a consumer group.', {
      next: 'use --delete-offsets --group GROUP --topic TOPIC',
    })
  }
}

function checkReset(given: GivenConsumerGroups, context: CommandContext): void {
  if (given.has('dry-run') && given.has('execute')) {
    throw new UsageError('Option [reset-offsets] only accepts one of [execute] and [dry-run]')
  }
  if (!given.has('dry-run') && !given.has('execute')) context.stderr.write(RESET_WITHOUT_EXECUTE)
  requireGroups(given, 'reset-offsets')
  for (const scenario of SCENARIOS) {
    forbidWith(
      given,
      scenario,
      SCENARIOS.filter((other) => other !== scenario),
    )
  }
  if (given.has('from-group')) forbidWith(given, 'from-group', [...SCENARIOS, 'all-topics'])
}

const GROUP_STATES = [
  'PreparingRebalance',
  'CompletingRebalance',
  'Stable',
  'Dead',
  'Empty',
  'Assigning',
  'Reconciling',
]
const GROUP_TYPES = ['Classic', 'Consumer']

/** States as `--state stable,empty` names them, in Kafka's spelling; empty for all. Throws `UsageError`. */
export function statesOf(given: GivenConsumerGroups): string[] {
  return namesOf(given.value('state'), GROUP_STATES, (input) => `Invalid state list '${input}'. Valid states are: `)
}

/** Types as `--type classic` names them; empty for all. Throws `UsageError`. */
export function typesOf(given: GivenConsumerGroups): string[] {
  return namesOf(given.value('type'), GROUP_TYPES, (input) => `Invalid types list '${input}'. Valid types are: `)
}

function namesOf(input: string | undefined, valid: readonly string[], complaint: (input: string) => string): string[] {
  if (input === undefined || input === '') return []
  return input.split(',').map((word) => {
    const wanted = word.trim().toLowerCase().replaceAll('_', '')
    const name = valid.find((each) => each.toLowerCase() === wanted)
    if (name === undefined) throw new UsageError(`${complaint(input)}${valid.join(', ')}`)
    return name
  })
}
