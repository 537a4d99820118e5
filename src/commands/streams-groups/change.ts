import type { CommandContext } from '../../cli/context.ts'
import { formatDocument } from '../../cli/format.ts'
import { UsageError } from '../../cli/options.ts'
import { presentationOf } from '../../cli/script-command.ts'
import type { Admin, TopicPartition } from '../../client/admin-types.ts'
import type { StreamsGroupDescription } from '../../client/group-kind-types.ts'
import { formatResetPlan, type NewOffset } from '../consumer-groups/reset-plan.ts'
import { newOffsets } from '../consumer-groups/reset-scenarios.ts'
import { checkPartitions, committedOffsets, partitionsToReset } from '../consumer-groups/topic-arguments.ts'
import { deleteKind, deletionFields, STREAMS, splitDeletion } from '../groups/kinds.ts'
import { javaText, valueOrFailure } from '../java-failure.ts'
import { inHashOrder, partitionsInHashOrder } from '../java-order.ts'
import { ScriptFailure } from '../script-failure.ts'
import { groupIdsOf } from './describe.ts'
import { asConsumerGroups, type StreamsGroupsGiven } from './options.ts'
import { resetTable } from './tables.ts'

const EXECUTION = 'java.util.concurrent.ExecutionException: '

/** `--reset-offsets`: what inactive groups have committed for their input. */
export async function resetStreamsGroups(
  given: StreamsGroupsGiven,
  context: CommandContext,
  admin: Admin,
): Promise<void> {
  const groupIds = await groupIdsOf(given, admin)
  const outcomes = groupIds.length === 0 ? new Map() : await admin.describeStreamsGroups(groupIds)
  const plan = new Map<string, NewOffset[]>()
  for (const groupId of inHashOrder(groupIds, (each) => each)) {
    const outcome = outcomes.get(groupId)!
    // A group that is not there may get offsets: that is how one is prepared.
    const isUnknown = !outcome.ok && outcome.error.name === 'GROUP_ID_NOT_FOUND'
    const group: StreamsGroupDescription | null = isUnknown ? null : valueOrFailure(outcome, EXECUTION)
    if (group !== null && group.state !== 'Empty' && group.state !== 'Dead') {
      const text = `Assignments can only be reset if the group '${groupId}' is inactive, but the current state is ${group.state}.`
      context.stdout.write(`\nError: ${text}\n`)
      plan.set(groupId, [])
      continue
    }
    plan.set(groupId, await resetGroup(groupId, group, given, context, admin))
    if (group !== null && given.has('execute')) await deleteInternalTopics(group, given, context, admin)
  }
  show(plan, given, context)
}

function show(plan: ReadonlyMap<string, readonly NewOffset[]>, given: StreamsGroupsGiven, context: CommandContext) {
  const presentation = presentationOf(given, context)
  if (given.has('export')) {
    context.stdout.write(`${formatResetPlan(plan, given.values('group').length !== 1)}\n`)
  } else if (presentation === 'json' || presentation === 'yaml') {
    const groups = [...plan].map(([groupId, offsets]) => ({ groupId, offsets: offsets.map((each) => ({ ...each })) }))
    context.stdout.write(formatDocument(presentation, 'StreamsGroupReset', { executed: given.has('execute'), groups }))
  } else {
    context.stdout.write(resetTable(plan))
  }
}

async function resetGroup(
  groupId: string,
  group: StreamsGroupDescription | null,
  given: StreamsGroupsGiven,
  context: CommandContext,
  admin: Admin,
): Promise<NewOffset[]> {
  const asConsumer = asConsumerGroups(given, given.values('input-topic'))
  const partitions = await scopeOf(groupId, group, given, context, admin)
  const offsets = partitionsInHashOrder(await newOffsets(groupId, partitions, asConsumer, context, admin))
  if (!given.has('execute') || offsets.length === 0) return offsets
  for (const outcome of await admin.alterGroupOffsets(groupId, offsets)) {
    if (outcome.ok) continue
    throw new ScriptFailure(outcome.error.message, outcome.error.message, { facts: [javaText(outcome.error)] })
  }
  return offsets
}

async function scopeOf(
  groupId: string,
  group: StreamsGroupDescription | null,
  given: StreamsGroupsGiven,
  context: CommandContext,
  admin: Admin,
): Promise<TopicPartition[]> {
  if (given.has('all-input-topics')) return inputOf(groupId, group, admin)
  if (given.has('input-topic')) {
    const partitions = await partitionsToReset(groupId, asConsumerGroups(given, given.values('input-topic')), admin)
    await checkPartitions(partitions, admin)
    const known = new Set((await committedOffsets(admin, groupId)).map(nameOf))
    if (partitions.every((each) => known.has(nameOf(each)))) return partitions
    context.stdout.write(`\nError: One or more topics are not part of the group '${groupId}'.\n`)
    return []
  }
  if (given.has('from-file')) return []
  throw new UsageError('One of the reset scopes should be defined: --all-topics, --topic.', {
    next: 'add --input-topic TOPIC or --all-input-topics',
  })
}

const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`

/** What the group has committed for topics that come from outside. */
async function inputOf(
  groupId: string,
  group: StreamsGroupDescription | null,
  admin: Admin,
): Promise<TopicPartition[]> {
  const described = group ?? valueOrFailure((await admin.describeStreamsGroups([groupId])).get(groupId)!, EXECUTION)
  const input = new Set(described.subtopologies.flatMap(({ sourceTopics }) => sourceTopics))
  const committed = await committedOffsets(admin, groupId)
  return committed.filter(({ topic }) => input.has(topic)).map(({ topic, partition }) => ({ topic, partition }))
}

/** `--delete-offsets`: the same as for consumer groups, once the topics are known. */
export async function deleteStreamsGroupOffsets(
  given: StreamsGroupsGiven,
  context: CommandContext,
  admin: Admin,
): Promise<void> {
  const topics = given.has('all-input-topics')
    ? (await inputOf(given.value('group')!, null, admin)).map(({ topic, partition }) => `${topic}:${partition}`)
    : given.values('input-topic')
  const { runDeleteOffsets } = await import('../consumer-groups/delete.ts')
  await runDeleteOffsets(asConsumerGroups(given, topics), context, admin)
}

/** `--delete`: groups without members, with `--delete-all-internal-topics` their internal topics too. */
export async function deleteStreamsGroups(
  given: StreamsGroupsGiven,
  context: CommandContext,
  admin: Admin,
): Promise<void> {
  const groupIds = await groupIdsOf(given, admin)
  const presentation = presentationOf(given, context)
  const internal = given.has('delete-all-internal-topics')
    ? await internalTopics(groupIds, context, admin)
    : new Map<string, string[]>()
  const missing = (groupId: string): string => `Group '${groupId}' does not exist or is not a streams group.`
  const deletion = await deleteKind(STREAMS, groupIds, admin, missing)
  const { deleted, failed } = splitDeletion(deletion)
  const names = `'${deleted.join("', '")}'`
  if (presentation === 'json' || presentation === 'yaml') {
    context.stdout.write(formatDocument(presentation, 'StreamsGroupDeletion', { groups: deletionFields(deletion) }))
  } else if (failed.length === 0) {
    context.stdout.write(`Deletion of requested streams groups (${names}) was successful.\n`)
  } else {
    context.stdout.write('\nError: Deletion of some streams groups failed:\n')
    for (const [groupId, text] of failed) {
      context.stdout.write(`* Group '${groupId}' could not be deleted due to: ${text}\n`)
    }
    if (deleted.length > 0) context.stdout.write(`\nThese streams groups were deleted successfully: ${names}.\n`)
  }
  await deleteTopicsOfGroups(deleted, internal, context, admin)
}

async function deleteTopicsOfGroups(
  deleted: readonly string[],
  internal: ReadonlyMap<string, readonly string[]>,
  context: CommandContext,
  admin: Admin,
): Promise<void> {
  const failures = new Map<string, string>()
  for (const groupId of deleted) {
    const topics = internal.get(groupId) ?? []
    if (topics.length === 0) continue
    for (const [topic, outcome] of await admin.deleteTopics(topics)) {
      if (outcome.ok) continue
      context.stderr.write(`Failed to delete internal topic: ${topic}\n`)
      failures.set(groupId, javaText(outcome.error))
    }
  }
  if (internal.size === 0 || deleted.length === 0) return
  const told = context.stdout
  if (failures.size === 0) {
    const names = deleted.filter((groupId) => internal.has(groupId)).join("', '")
    told.write(`Deletion of associated internal topics of the streams groups ('${names}') was successful.\n`)
    return
  }
  told.write('Deletion of some associated internal topics failed:\n')
  for (const [groupId, text] of failures) {
    told.write(`* Internal topics of the streams group '${groupId}' could not be deleted due to: ${text}\n`)
  }
}

const INTERNAL =
  /-(changelog|repartition|subscription-registration-topic|subscription-response-topic)$|.-KTABLE-FK-JOIN-SUBSCRIPTION-(REGISTRATION|RESPONSE)-\d+-topic$/

/** A topic that Kafka Streams makes for an application, by its name. */
export function isInternalTopic(topic: string, groupId: string): boolean {
  return topic.startsWith(`${groupId}-`) && INTERNAL.test(topic)
}

/** Changelog and repartition topics of each group; those whose names do not look like it are left, and told. */
async function internalTopics(
  groupIds: readonly string[],
  context: CommandContext,
  admin: Admin,
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  const outcomes = groupIds.length === 0 ? new Map() : await admin.describeStreamsGroups(groupIds)
  for (const groupId of groupIds) {
    const outcome = outcomes.get(groupId)
    if (!outcome?.ok) continue
    const topics = internalTopicsOf(outcome.value, context)
    if (topics.length > 0) found.set(groupId, topics)
  }
  return found
}

function internalTopicsOf({ groupId, subtopologies }: StreamsGroupDescription, context: CommandContext): string[] {
  const input = new Set(subtopologies.flatMap(({ sourceTopics }) => sourceTopics))
  const made = subtopologies
    .flatMap((each) => [...each.repartitionSourceTopics, ...each.changelogTopics])
    .filter((topic) => !input.has(topic))
  return made.filter((topic) => {
    if (isInternalTopic(topic, groupId)) return true
    const text = `The internal topic '${topic}' is not inferred as internal and thus will not be deleted with the group '${groupId}'.`
    context.stdout.write(`\nError: ${text}\n`)
    return false
  })
}

async function deleteInternalTopics(
  group: StreamsGroupDescription,
  given: StreamsGroupsGiven,
  context: CommandContext,
  admin: Admin,
): Promise<void> {
  const topics = given.has('delete-all-internal-topics')
    ? internalTopicsOf(group, context)
    : given.values('delete-internal-topic')
  if (topics.length === 0) return
  const what = `Deleting internal topics for group '${group.groupId}' failed`
  for (const outcome of (await admin.deleteTopics(topics)).values()) {
    if (outcome.ok) continue
    const why =
      outcome.error.name === 'UNKNOWN_TOPIC_OR_PARTITION'
        ? 'because the topics do not exist.'
        : `due to ${javaText(outcome.error)}`
    context.stdout.write(`\nError: ${what} ${why}\n`)
    return
  }
}
