/**
 * `kt topics`, Kafka's `kafka-topics.sh`: lists, creates, describes, alters and deletes topics. `--topic` is a regular
 * expression except when creating.
 */
import { forbidWith, requireOptions } from '../cli/check-options.ts'
import type { CommandContext } from '../cli/context.ts'
import { OK } from '../cli/exit-codes.ts'
import { UsageError } from '../cli/options.ts'
import { defineScriptCommand, presentationOf, targetOf } from '../cli/script-command.ts'
import { showScriptFailure } from './failure.ts'
import { ACTIONS, REPORTS, type TopicsGiven, topicsOptions } from './topics/options.ts'

export const topics = defineScriptCommand({
  name: 'topics',
  script: 'kafka-topics.sh',
  summary: 'List, create, describe, alter and delete topics',
  options: topicsOptions,
  examples: [
    { command: 'kt topics --create --topic orders --partitions 3', does: 'creates a topic' },
    { command: "kt topics --list --topic 'orders.*'", does: 'lists the topics whose names match' },
    { command: 'kt topics --describe --topic orders --format json', does: 'leaders and replicas as a structure' },
    { command: 'kt topics --describe --under-replicated-partitions', does: 'only partitions that miss replicas' },
    {
      command: 'kt topics --describe --topic orders --offsets',
      does: 'where partitions begin and end, and their sizes',
    },
    { command: 'kt topics --create --topic orders-2 --clone-from orders --dry-run', does: 'a topic like another one' },
  ],
  check: checkTopics,
  run: runTopics,
})

/** The command line alone, in the script's order and words. */
function checkTopics(given: TopicsGiven, context: CommandContext): void {
  if (ACTIONS.filter((action) => given.has(action)).length !== 1) {
    throw new UsageError('Command must include exactly one action: --list, --describe, --create, --alter or --delete')
  }
  if (given.has('delete-config')) {
    context.stderr.write(
      'delete-config option is no longer supported and deprecated since version 4.0. The config will be fully removed in future releases.\n',
    )
  }
  checkRequired(given, context)
  checkConflicts(given)
}

function checkRequired(given: TopicsGiven, context: CommandContext): void {
  if (given.has('describe') && given.has('if-exists')) {
    if (!given.has('topic') && !given.has('topic-id')) {
      throw new UsageError('--topic or --topic-id is required to describe a topic')
    }
    if (given.has('topic') && given.has('topic-id') && presentationOf(given, context) === 'script') {
      context.stdout.write(
        'Only topic id will be used when both --topic and --topic-id are specified and topicId is not Uuid.ZERO_UUID\n',
      )
    }
  }
  if (!given.has('list') && !given.has('describe')) requireOptions(given, ['topic'])
  if (!given.has('alter')) return
  if (given.has('config')) {
    throw new UsageError(
      'Option combination "[[bootstrap-server], [config]]" can\'t be used with option "[alter]" (To alter topic configurations, the kafka-configs tool can be used.)',
      { next: `kt configs --alter --topic ${given.value('topic')} --add-config ${given.values('config').join(',')}` },
    )
  }
  if (!given.has('replicas')) requireOptions(given, ['partitions'])
}

function checkConflicts(given: TopicsGiven): void {
  const allBut = (...allowed: (typeof ACTIONS)[number][]) => ACTIONS.filter((action) => !allowed.includes(action))
  forbidWith(given, 'config', allBut('alter', 'create'))
  forbidWith(given, 'partitions', allBut('alter', 'create'))
  forbidWith(given, 'replication-factor', allBut('create'))
  forbidWith(given, 'replica-assignment', allBut('alter', 'create'))
  if (given.has('create')) forbidWith(given, 'replica-assignment', ['partitions', 'replication-factor'])
  for (const report of REPORTS) forbidWith(given, report, [...allBut('describe'), 'topics-with-overrides'])
  forbidWith(given, 'topics-with-overrides', [...allBut('describe'), ...REPORTS])
  forbidWith(given, 'if-exists', allBut('alter', 'delete', 'describe'))
  forbidWith(given, 'if-not-exists', allBut('create'))
  forbidWith(given, 'exclude-internal', allBut('list', 'describe'))
  forbidWith(given, 'offsets', [...allBut('describe'), ...REPORTS, 'topics-with-overrides'])
  forbidWith(given, 'clone-from', allBut('create'))
  forbidWith(given, 'dry-run', ['list', 'describe'])
  if (given.has('with-records') && !given.has('clone-from'))
    throw new UsageError('--with-records goes with --clone-from')
  forbidWith(given, 'replicas', [...allBut('alter'), 'replica-assignment'])
}

async function runTopics(given: TopicsGiven, context: CommandContext): Promise<number> {
  const presentation = presentationOf(given, context)
  // Outside the try: a connection that cannot even be set up is on stderr with the script too.
  const admin = await context.admin(targetOf(given))
  try {
    const run = await actionOf(given)
    await run({ given, admin, context, presentation })
    return OK
  } catch (error) {
    return showScriptFailure(error, 'Error while executing topic command : ', presentation, context)
  }
}

/** Each action is a module of its own: `--list` loads nothing about creating. */
async function actionOf(given: TopicsGiven) {
  if (given.has('clone-from')) return (await import('./topics/clone.ts')).cloneTopic
  if (given.has('create')) return (await import('./topics/create.ts')).createTopic
  if (given.has('alter') && given.has('replicas')) {
    return (await import('./topics/replication-factor.ts')).alterReplicationFactor
  }
  if (given.has('alter')) return (await import('./topics/alter.ts')).alterTopics
  if (given.has('list')) return (await import('./topics/list.ts')).listTopics
  if (given.has('offsets')) return (await import('./topics/offsets.ts')).describeOffsets
  if (given.has('describe')) return (await import('./topics/describe.ts')).describeTopics
  return (await import('./topics/delete.ts')).deleteTopics
}
