import type { CommandContext } from '../../cli/context.ts'
import { formatDocument } from '../../cli/format.ts'
import { presentationOf } from '../../cli/script-command.ts'
import type { Admin, KafkaFailure, Outcome, TopicPartition } from '../../client/admin-types.ts'
import { errorInfo } from '../../protocol/error-codes.ts'
import { javaText } from '../java-failure.ts'
import { inHashOrder } from '../java-order.ts'
import { groupIdsOf } from './list.ts'
import type { GivenConsumerGroups } from './options.ts'
import { type DeletedOffsetRow, deletedOffsetsTable } from './tables.ts'
import { parseTopicWithPartitions } from './topic-arguments.ts'

/** `--delete`: groups with their offsets. Failures are told one by one; the rest is deleted all the same. */
export async function runDelete(given: GivenConsumerGroups, context: CommandContext, admin: Admin): Promise<void> {
  const groupIds = [...new Set(await groupIdsOf(given, admin))]
  const outcomes = groupIds.length === 0 ? new Map<string, Outcome<void>>() : await admin.deleteGroups(groupIds)
  const presentation = presentationOf(given, context)
  if (presentation === 'json' || presentation === 'yaml') {
    const groups = [...outcomes].map(([groupId, outcome]) => ({ groupId, error: errorStructure(outcome) }))
    context.stdout.write(formatDocument(presentation, 'ConsumerGroupDeletion', { groups }))
    return
  }
  const ordered = inHashOrder(outcomes, ([groupId]) => groupId)
  const failed = ordered.flatMap(([groupId, outcome]) => (outcome.ok ? [] : [{ groupId, error: outcome.error }]))
  const names = quoted(ordered.filter(([, outcome]) => outcome.ok).map(([groupId]) => groupId))
  if (failed.length === 0) {
    context.stdout.write(`Deletion of requested consumer groups (${names}) was successful.\n`)
    return
  }
  context.stdout.write('\nError: Deletion of some consumer groups failed:\n')
  for (const { groupId, error } of failed) {
    context.stdout.write(`* Group '${groupId}' could not be deleted due to: ${javaText(error)}\n`)
  }
  if (names !== '') context.stdout.write(`\nThese consumer groups were deleted successfully: ${names}\n`)
}

const quoted = (names: readonly string[]): string =>
  inHashOrder(names, (name) => name)
    .map((name) => `'${name}'`)
    .join(', ')

function errorStructure(outcome: Outcome<unknown>): { code: number; name: string; message: string } | null {
  return outcome.ok ? null : { ...outcome.error }
}

/** Failures of the whole group, told in place of the table's reason. */
const GROUP_FAILURES = new Set([
  'INVALID_GROUP_ID',
  'GROUP_ID_NOT_FOUND',
  'GROUP_AUTHORIZATION_FAILED',
  'NON_EMPTY_GROUP',
])
const PARTITION_FAILURES = new Set([
  'GROUP_SUBSCRIBED_TO_TOPIC',
  'TOPIC_AUTHORIZATION_FAILED',
  'UNKNOWN_TOPIC_OR_PARTITION',
])

/** `--delete-offsets`: what a group committed for topics, or for some of their partitions. */
export async function runDeleteOffsets(
  given: GivenConsumerGroups,
  context: CommandContext,
  admin: Admin,
): Promise<void> {
  const groupId = given.value('group')!
  const { partitions, rows } = await partitionsToDelete(given.values('topic'), admin)
  const outcome = await admin.deleteGroupOffsets(groupId, partitions)
  let failure: KafkaFailure | null = outcome.ok ? null : outcome.error
  for (const [index, partition] of partitions.entries()) {
    const result = outcome.ok ? outcome.value[index]! : outcome
    if (!result.ok) failure ??= result.error
    rows.push({ ...partition, error: result.ok ? null : javaText(result.error) })
  }
  const presentation = presentationOf(given, context)
  if (presentation === 'json' || presentation === 'yaml') {
    const items = rows.map((row) => ({ ...row }))
    context.stdout.write(formatDocument(presentation, 'ConsumerGroupOffsetDeletion', { groupId, partitions: items }))
    return
  }
  context.stdout.write(`${headline(groupId, failure)}\n`)
  context.stdout.write(deletedOffsetsTable(rows))
}

function headline(groupId: string, failure: KafkaFailure | null): string {
  if (failure === null) return `Request succeeded for deleting offsets from group ${groupId}.`
  if (GROUP_FAILURES.has(failure.name)) return `\nError: ${errorInfo(failure.code).message}`
  if (PARTITION_FAILURES.has(failure.name)) {
    return '\nError: Encountered some partition-level error, see the follow-up details.'
  }
  return `\nError: Encountered some unknown error: ${failure.name}`
}

/** Partitions as written, and all partitions of topics written without; a topic that is not there becomes a row. */
async function partitionsToDelete(
  topicArguments: readonly string[],
  admin: Admin,
): Promise<{ partitions: TopicPartition[]; rows: DeletedOffsetRow[] }> {
  const partitions = topicArguments.filter((argument) => argument.includes(':')).flatMap(parseTopicWithPartitions)
  const whole = [...new Set(topicArguments.filter((argument) => !argument.includes(':')))]
  const rows: DeletedOffsetRow[] = []
  const topics = whole.length === 0 ? [] : await admin.describeTopics(whole)
  for (const [topic, outcome] of topics) {
    if (outcome.ok) partitions.push(...outcome.value.partitions.map(({ partition }) => ({ topic, partition })))
    else rows.push({ topic, partition: -1, error: javaText(outcome.error) })
  }
  const distinct = new Map(partitions.map((each) => [`${each.topic}:${each.partition}`, each]))
  return { partitions: [...distinct.values()], rows }
}
