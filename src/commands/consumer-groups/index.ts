/** `kt consumer-groups`, Kafka's `kafka-consumer-groups.sh`. */
import type { CommandContext, ConnectionTarget } from '../../cli/context.ts'
import { reportHints } from '../../cli/errors.ts'
import { exitCodeForReason, OK } from '../../cli/exit-codes.ts'
import { defineScriptCommand, presentationOf, targetOf } from '../../cli/script-command.ts'
import type { Admin } from '../../client/admin-types.ts'
import { ScriptFailure } from '../script-failure.ts'
import {
  actionOf,
  CONSUMER_GROUPS_OPTIONS,
  type ConsumerGroupsAction,
  checkConsumerGroups,
  type GivenConsumerGroups,
} from './options.ts'

export const consumerGroups = defineScriptCommand({
  name: 'consumer-groups',
  script: 'kafka-consumer-groups.sh',
  summary: 'List, describe, reset and delete consumer groups and their offsets',
  options: CONSUMER_GROUPS_OPTIONS,
  examples: [
    { command: 'kt consumer-groups --list', does: 'names of all groups' },
    { command: 'kt consumer-groups --describe --group billing', does: 'offsets and lag of every partition' },
    {
      command: 'kt consumer-groups --reset-offsets --group billing --topic orders --to-earliest --execute',
      does: 'read the topic again from the beginning; the group must be stopped',
    },
    {
      command: 'kt consumer-groups --describe --group billing --totals --lag-time',
      does: 'lag of each topic and of the group, as records and as time',
    },
    {
      command: 'kt consumer-groups --describe --group billing --steps',
      does: 'each step of a rebalance as it happens: who comes and goes, which partitions move, how long nobody reads',
    },
    {
      command: 'kt consumer-groups --what-if --group billing --member-count +2',
      does: 'who would read what by each assignor if two members joined, and what would stand still meanwhile',
    },
    {
      command: 'kt consumer-groups --what-if --topic orders,payments --member-count 3 --assignor range,uniform',
      does: 'the same before there is a group',
    },
    {
      command: 'kt consumer-groups --reset-offsets --group billing-2 --from-group billing --dry-run',
      does: 'begin where another group is',
    },
  ],
  check: checkConsumerGroups,
  run: runConsumerGroups,
})

type Action = (given: GivenConsumerGroups, context: CommandContext, admin: Admin) => Promise<void>

/** Actions load lazily: listing groups does not pay for resetting them. */
const ACTIONS: Readonly<Record<Exclude<ConsumerGroupsAction, 'validate-regex'>, () => Promise<Action>>> = {
  list: async () => (await import('./list.ts')).runList,
  describe: async () => (await import('./describe.ts')).runDescribe,
  delete: async () => (await import('./delete.ts')).runDelete,
  'reset-offsets': async () => (await import('./reset.ts')).runReset,
  'delete-offsets': async () => (await import('./delete.ts')).runDeleteOffsets,
}

async function runConsumerGroups(given: GivenConsumerGroups, context: CommandContext): Promise<number> {
  if (given.has('what-if')) {
    const { runWhatIf } = await import('./what-if/run-what-if.ts')
    await runWhatIf(given, context, await context.admin(connectionOf(given)))
    return OK
  }
  const action = actionOf(given)
  if (action === 'validate-regex') {
    await validateRegex(given.value('validate-regex')!, context)
    return OK
  }
  try {
    const [run, connected] = await Promise.all([actionFor(given, action)(), context.admin(connectionOf(given))])
    const changes = action !== 'list' && action !== 'describe'
    const admin = changes ? (await import('../undo/journaled.ts')).journaled(connected, context) : connected
    await run(given, context, admin)
  } catch (error) {
    if (!(error instanceof ScriptFailure) || isStructured(given, context) || given.has('steps')) throw error
    // The script prints what the cluster refused on stdout and exits with 0; the hints are ours.
    context.stdout.write(`\nError: Executing consumer group command failed due to ${error.scriptText}\n`)
    reportHints(error, context)
  }
  return context.signal.aborted ? exitCodeForReason(context.signal.reason) : OK
}

function isStructured(given: GivenConsumerGroups, context: CommandContext): boolean {
  const presentation = presentationOf(given, context)
  return presentation === 'json' || presentation === 'yaml'
}

function actionFor(given: GivenConsumerGroups, action: keyof typeof ACTIONS): () => Promise<Action> {
  if (given.has('steps')) return async () => (await import('./steps/run-steps.ts')).runSteps
  return describesAnew(given) ? async () => (await import('./describe-more.ts')).runDescribeMore : ACTIONS[action]
}

/** Ways to describe that the script does not have. */
function describesAnew(given: GivenConsumerGroups): boolean {
  return given.has('totals') || given.has('lag-time') || given.has('peek') || given.has('watch')
}

function connectionOf(given: GivenConsumerGroups): ConnectionTarget {
  // As in the script, also where nothing is said: a group without a coordinator would be waited for twice as long.
  return { ...targetOf(given), properties: new Map([['default.api.timeout.ms', String(given.value('timeout'))]]) }
}

async function validateRegex(regex: string, context: CommandContext): Promise<void> {
  const { re2SyntaxError } = await import('./re2-syntax.ts')
  const error = re2SyntaxError(regex)
  const finding = error === null ? 'is valid' : `is invalid: ${error}`
  context.stdout.write(`The regular expression \`${regex}\` ${finding}.\n`)
}
