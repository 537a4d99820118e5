import type { CommandContext } from '../../cli/context.ts'
import { addedByKt, flag, integer, text } from '../../cli/options.ts'
import { CONNECTION_OPTIONS, type Given, type Presentation } from '../../cli/script-command.ts'
import type { Admin } from '../../client/admin-types.ts'

export const topicsOptions = {
  list: flag('List topics.'),
  describe: flag('Show leader, replicas and ISR of every partition, and the configurations that were set.'),
  create: flag('Create a topic.'),
  alter: flag('Add partitions. (Configurations are altered with kt configs.)'),
  delete: flag('Delete topics.'),
  topic: text('topic', 'Topic name; a regular expression over the whole name except with --create.'),
  'topic-id': text('topic-id', 'Id of the topic to describe.'),
  partitions: integer(
    'number',
    "Partitions of the new topic (left out: the cluster's default), or their new total with --alter. More partitions move keys to other partitions.",
  ),
  'replication-factor': integer('number', "Replicas of each partition; left out: the cluster's default."),
  'replica-assignment': text(
    'broker:broker,...',
    'Brokers of each partition, partitions separated by commas, replicas by colons.',
  ),
  config: text('name=value', 'Configuration of the new topic; may be repeated.'),
  'delete-config': text('name', 'No longer supported since 4.0.', { deprecated: true }),
  'if-exists': flag('With --alter, --delete or --describe: no error when the topic does not exist.'),
  'if-not-exists': flag('With --create: no error when the topic exists already.'),
  'exclude-internal': flag('With --list or --describe: leave out internal topics.'),
  'under-replicated-partitions': flag('With --describe: only partitions with replicas out of sync.'),
  'unavailable-partitions': flag('With --describe: only partitions without a live leader.'),
  'under-min-isr-partitions': flag('With --describe: only partitions with fewer in-sync replicas than required.'),
  'at-min-isr-partitions': flag('With --describe: only partitions with just as many in-sync replicas as required.'),
  'topics-with-overrides': flag('With --describe: only topics with configurations of their own, without partitions.'),
  'partition-size-limit-per-response': integer('number', 'Most partitions in one DescribeTopicPartitions answer.'),
  ...CONNECTION_OPTIONS,
  ...addedByKt({
    offsets: flag('With --describe: where each partition begins and ends, how many records, and its size on disk.'),
    'clone-from': text('topic', 'With --create: partitions, replication factor and configurations of this topic.'),
    'with-records': flag('With --clone-from: its records, too: partitions, timestamps, headers and nulls as they are.'),
    replicas: integer('count', 'With --alter: replicas of each partition; together with --partitions or without.'),
    'dry-run': flag('With --create, --alter or --delete: say what would be done; the cluster checks it where it can.'),
  }),
}

export type TopicsGiven = Given<typeof topicsOptions>

/** Exactly one of these is given; the order is that of the script's checks. */
export const ACTIONS = ['alter', 'create', 'describe', 'list', 'delete'] as const

/** Options that narrow `--describe` to partitions in a certain state. */
export const REPORTS = [
  'under-replicated-partitions',
  'under-min-isr-partitions',
  'at-min-isr-partitions',
  'unavailable-partitions',
] as const

/** What an action works with. */
export interface TopicsRun {
  readonly given: TopicsGiven
  readonly admin: Admin
  readonly context: CommandContext
  readonly presentation: Presentation
}
