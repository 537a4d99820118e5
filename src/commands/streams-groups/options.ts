import { forbidWith } from '../../cli/check-options.ts'
import { flag, GivenOptions, long, optionalText, text, UsageError } from '../../cli/options.ts'
import { CONNECTION_OPTIONS, type Given } from '../../cli/script-command.ts'
import type { GivenConsumerGroups } from '../consumer-groups/options.ts'
import { SCENARIOS } from '../consumer-groups/scenarios.ts'
import { requireGroups, requireOneView } from '../group-selection.ts'
import { checkAvailable } from '../groups/kinds.ts'

export const STREAMS_GROUPS_OPTIONS = {
  ...CONNECTION_OPTIONS,
  list: flag('List streams groups.'),
  describe: flag('Describe groups: lag of their input, or with --members or --state those.'),
  delete: flag('Delete groups without members, with all they committed.'),
  'reset-offsets': flag(
    'Set what an inactive group committed for its input: --to-..., with --input-topic or --all-input-topics.',
  ),
  'delete-offsets': flag('Delete what an inactive group committed for its input.'),
  group: text('group id', 'A streams group, the application id; may be repeated.'),
  'all-groups': flag('Every streams group.'),
  'input-topic': text(
    'topic',
    'An input topic of the group, or topic:0,1,2 for some of its partitions; may be repeated.',
  ),
  'all-input-topics': flag('Every input topic of the group.'),
  members: flag('With --describe: the members and their tasks.'),
  offsets: flag('With --describe: lag of each partition of the input, the default.'),
  state: optionalText('states', 'With --describe: the state of the group. With --list: states, optionally only these.'),
  verbose: flag('With --describe: more columns.'),
  timeout: long('ms', 'How long a request may take.', { default: '30000' }),
  'dry-run': flag('With --reset-offsets: show what would be set.'),
  execute: flag('With --reset-offsets: set it.'),
  export: flag('With --reset-offsets: print the offsets as CSV, for --from-file.'),
  'to-offset': long('offset', 'Set to this offset.'),
  'from-file': text('CSV file', 'Set to what the file says.'),
  'to-datetime': text('datetime', "Set to the first offset at or after this time: 'YYYY-MM-DDThh:mm:ss.sss', UTC."),
  'by-duration': text('duration', "Set to the first offset at or after now minus this: 'PnDTnHnMnS'."),
  'to-earliest': flag('Set to the earliest offset.'),
  'to-latest': flag('Set to the latest offset.'),
  'to-current': flag('Set to the committed offset; the latest where there is none.'),
  'shift-by': long('number of offsets', 'Move the committed offset by this many, forward or back.'),
  'delete-internal-topic': text(
    'topic',
    'With --reset-offsets --execute: delete this internal topic; may be repeated.',
  ),
  'delete-all-internal-topics': flag('With --delete, and --reset-offsets --execute: delete the internal topics too.'),
}
export type StreamsGroupsGiven = Given<typeof STREAMS_GROUPS_OPTIONS>

const ACTIONS = ['list', 'describe', 'reset-offsets', 'delete', 'delete-offsets'] as const
export type StreamsGroupsAction = (typeof ACTIONS)[number]

export function streamsGroupsAction(given: StreamsGroupsGiven): StreamsGroupsAction {
  return ACTIONS.find((action) => given.has(action))!
}

/** The command line alone, in the script's order and words. */
export function checkStreamsGroups(given: StreamsGroupsGiven): void {
  checkAvailable(given as never, {
    state: ['list', 'describe'],
    members: ['describe'],
    offsets: ['describe'],
    verbose: ['describe'],
  })
  if (given.has('describe')) checkDescribe(given)
  if (given.has('delete')) checkDelete(given)
  if (given.has('delete-offsets')) checkDeleteOffsets(given)
  if (given.has('reset-offsets')) checkReset(given)
  checkInternalTopics(given)
  if ((given.has('dry-run') || given.has('execute')) && !given.has('reset-offsets')) {
    throw new UsageError('Only Option [reset-offsets] accepts [execute] or [dry-run]')
  }
  forbidWith(given, 'list', ['members', 'offsets'])
  forbidWith(given, 'group', ['all-groups'])
  forbidWith(given, 'group', ['list'])
  forbidWith(given, 'input-topic', ['list', 'describe', 'delete'])
  if (ACTIONS.filter((action) => given.has(action)).length !== 1) {
    throw new UsageError(
      'Command must include exactly one action: --list, --describe, --delete, --reset-offsets, or --delete-offsets.',
    )
  }
}

function checkDescribe(given: StreamsGroupsGiven): void {
  requireGroups(given, 'describe')
  requireOneView(given)
  if (given.value('state') !== undefined) throw new UsageError('Option [describe] does not take a value for [state]')
}

function checkDelete(given: StreamsGroupsGiven): void {
  requireGroups(given, 'delete')
  if (given.has('input-topic') || given.has('all-input-topics')) {
    throw new UsageError('Kafka Streams does not support topic-specific offset deletion from a streams group.', {
      next: 'use --delete-offsets --group GROUP --input-topic TOPIC',
    })
  }
}

function checkDeleteOffsets(given: StreamsGroupsGiven): void {
  if (!(given.has('input-topic') || given.has('all-input-topics')) || !given.has('group')) {
    throw new UsageError(
      'Option [delete-offsets] takes the [group] and one of these options: [all-input-topics], [input-topic]',
    )
  }
  const groups = given.values('group')
  if (groups.length > 1) {
    throw new UsageError(
      `Option [delete-offsets] supports only one [group] at a time, but found: [${groups.join(', ')}]`,
    )
  }
}

function checkReset(given: StreamsGroupsGiven): void {
  if (given.has('dry-run') && given.has('execute')) {
    throw new UsageError('Option [reset-offsets] only accepts one of [execute] and [dry-run]')
  }
  if (!given.has('dry-run') && !given.has('execute')) {
    throw new UsageError('Option [reset-offsets] takes the option: [execute] or [dry-run]')
  }
  requireGroups(given, 'reset-offsets')
  for (const scenario of SCENARIOS) {
    forbidWith(
      given,
      scenario,
      SCENARIOS.filter((other) => other !== scenario),
    )
  }
}

function checkInternalTopics(given: StreamsGroupsGiven): void {
  if (given.has('delete-all-internal-topics')) {
    if (!given.has('reset-offsets') && !given.has('delete')) {
      throw new UsageError('Option [delete-all-internal-topics] takes one of these options: [delete], [reset-offsets]')
    }
    if (given.has('reset-offsets') && !given.has('execute')) {
      throw new UsageError('Option [delete-all-internal-topics] takes [execute] when [reset-offsets] is used.')
    }
  } else if (given.has('delete-internal-topic') && !(given.has('reset-offsets') && given.has('execute'))) {
    throw new UsageError('Option [delete-internal-topic] takes [reset-offsets] when [execute] is used.')
  }
}

/** The same line as the script of consumer groups would have it: there the scenarios and tables are at home. */
export function asConsumerGroups(given: StreamsGroupsGiven, topics: readonly string[]): GivenConsumerGroups {
  const options = new Map(given.given)
  if (topics.length > 0) options.set('topic', topics)
  const table = { ...given.table, topic: given.table['input-topic'] }
  return new GivenOptions(table, options, given.words) as unknown as GivenConsumerGroups
}
