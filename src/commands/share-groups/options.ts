import { forbidWith } from '../../cli/check-options.ts'
import { flag, long, optionalText, text, UsageError } from '../../cli/options.ts'
import { CONNECTION_OPTIONS, type Given } from '../../cli/script-command.ts'
import { checkAvailable } from '../groups/kinds.ts'

export const SHARE_GROUPS_OPTIONS = {
  ...CONNECTION_OPTIONS,
  list: flag('List share groups.'),
  describe: flag('Describe groups: where they begin to read, or with --members or --state those.'),
  delete: flag('Delete groups with all they know.'),
  'reset-offsets': flag('Set where a group without members begins to read: --to-..., with --topic or --all-topics.'),
  'delete-offsets': flag('Forget what a group without members has of topics.'),
  group: text('group id', 'A share group; may be repeated with --describe and --delete.'),
  'all-groups': flag('Every share group.'),
  topic: text('topic', 'A topic, with --reset-offsets also topic:0,1,2 for some partitions; may be repeated.'),
  'all-topics': flag('Every topic of the group.'),
  members: flag('With --describe: the members and their partitions.'),
  offsets: flag('With --describe: where the group begins to read each partition, the default.'),
  state: optionalText('states', 'With --describe: the state of the group. With --list: states, optionally only these.'),
  verbose: flag('With --describe: more columns.'),
  timeout: long('ms', 'How long a request may take.', { default: '30000' }),
  'dry-run': flag('With --reset-offsets: show what would be set.'),
  execute: flag('With --reset-offsets: set it.'),
  'to-datetime': text('datetime', "To the first record at or after this time: 'YYYY-MM-DDThh:mm:ss.sss', UTC."),
  'to-earliest': flag('To the earliest record.'),
  'to-latest': flag('To the end.'),
}
export type ShareGroupsGiven = Given<typeof SHARE_GROUPS_OPTIONS>

const ACTIONS = ['list', 'describe', 'delete', 'reset-offsets', 'delete-offsets'] as const
export type ShareGroupsAction = (typeof ACTIONS)[number]

export function shareGroupsAction(given: ShareGroupsGiven): ShareGroupsAction {
  return ACTIONS.find((action) => given.has(action))!
}

/** The command line alone, in the script's order and words. */
export function checkShareGroups(given: ShareGroupsGiven): void {
  checkAvailable(given as never, {
    members: ['describe'],
    offsets: ['describe'],
    state: ['describe', 'list'],
    verbose: ['describe'],
  })
  if (given.has('describe')) checkDescribe(given)
  if (given.has('delete')) checkDelete(given)
  if (given.has('delete-offsets') && !(given.has('group') && given.has('topic'))) {
    throw new UsageError('Option [delete-offsets] takes the following options: [group], [topic]')
  }
  if (given.has('reset-offsets')) checkReset(given)
  forbidWith(given, 'group', ['all-groups'])
  forbidWith(given, 'group', ['list'])
  forbidWith(given, 'topic', ['list', 'describe'])
  if (ACTIONS.filter((action) => given.has(action)).length !== 1) {
    throw new UsageError(
      'Command must include exactly one action: --list, --describe, --delete, --reset-offsets, --delete-offsets.',
    )
  }
}

function checkDescribe(given: ShareGroupsGiven): void {
  if (!given.has('group') && !given.has('all-groups')) {
    throw new UsageError('Option [describe] takes one of these options: [all-groups], [group]', { missing: 'group' })
  }
  const views = ['members', 'offsets', 'state'] as const
  if (views.filter((name) => given.has(name)).length > 1) {
    throw new UsageError('Option [describe] takes at most one of these options: [members], [offsets], [state]')
  }
  if (given.value('state') !== undefined) throw new UsageError('Option [describe] does not take a value for [state]')
}

function checkDelete(given: ShareGroupsGiven): void {
  if (!given.has('group') && !given.has('all-groups')) {
    throw new UsageError('Option [delete] takes the options [group] or [all-groups]', { missing: 'group' })
  }
  if (given.has('group') && given.has('all-groups')) {
    throw new UsageError('Option [delete] takes either [group] or [all-groups], not both.')
  }
  if (given.has('topic')) throw new UsageError('Option [delete] does not take the option: [topic]')
}

const SCENARIOS = ['to-datetime', 'to-earliest', 'to-latest'] as const

function checkReset(given: ShareGroupsGiven): void {
  if (given.has('dry-run') && given.has('execute')) {
    throw new UsageError('Option [reset-offsets] only accepts one of [execute] and [dry-run]')
  }
  if (!given.has('dry-run') && !given.has('execute')) {
    throw new UsageError('Option [reset-offsets] takes the option: [execute] or [dry-run]')
  }
  if (!given.has('group')) throw new UsageError('Option [reset-offsets] takes the option: [group]')
  if (!given.has('topic') && !given.has('all-topics')) {
    throw new UsageError('Option [reset-offsets] takes one of these options: [all-topics], [topic]')
  }
  if (!SCENARIOS.some((name) => given.has(name))) {
    throw new UsageError('Option [reset-offsets] takes one of these options: [to-datetime], [to-earliest], [to-latest]')
  }
  for (const scenario of SCENARIOS) {
    forbidWith(
      given,
      scenario,
      SCENARIOS.filter((other) => other !== scenario),
    )
  }
}
