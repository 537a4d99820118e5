import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import { formatDocument } from '../../cli/format.ts'
import { type Presentation, presentationOf } from '../../cli/script-command.ts'
import type { Admin, KafkaFailure, TopicPartition } from '../../client/admin-types.ts'
import type { GivenConsumerGroups } from '../consumer-groups/options.ts'
import { newOffsets } from '../consumer-groups/reset-scenarios.ts'
import { resetTable } from '../consumer-groups/tables.ts'
import { partitionsToReset } from '../consumer-groups/topic-arguments.ts'
import { deleteKind, deletionFields, groupsOf, SHARE, splitDeletion } from '../groups/kinds.ts'
import { javaText } from '../java-failure.ts'
import { partitionsInHashOrder } from '../java-order.ts'
import { ScriptFailure } from '../script-failure.ts'
import type { ShareGroupsGiven } from './options.ts'
import { deletedTopicsTable } from './tables.ts'

/** `--delete`: groups without members. */
export async function deleteShareGroups(given: ShareGroupsGiven, context: CommandContext, admin: Admin): Promise<void> {
  const groupIds = given.has('all-groups')
    ? (await groupsOf(SHARE, admin)).map(({ groupId }) => groupId)
    : given.values('group')
  const deletion = await deleteKind(SHARE, groupIds, admin, (groupId) => `Group '${groupId}' is not a share group.`)
  const presentation = presentationOf(given, context)
  if (presentation === 'json' || presentation === 'yaml') {
    context.stdout.write(formatDocument(presentation, 'ShareGroupDeletion', { groups: deletionFields(deletion) }))
    return
  }
  const { deleted, failed } = splitDeletion(deletion)
  const names = deleted.map((groupId) => `'${groupId}'`).join(', ')
  if (failed.length === 0) {
    context.stdout.write(`Deletion of requested share groups (${names}) was successful.\n`)
    return
  }
  context.stdout.write('\nError: Deletion of some share groups failed:\n')
  for (const [groupId, text] of failed) {
    context.stdout.write(`* Group '${groupId}' could not be deleted due to: ${text}\n`)
  }
  if (deleted.length > 0) context.stdout.write(`\nThese share groups were deleted successfully: ${names}\n`)
}

/** Failures of the whole group, in their own words. */
const GROUP_FAILURES = new Set([
  'INVALID_GROUP_ID',
  'GROUP_ID_NOT_FOUND',
  'GROUP_AUTHORIZATION_FAILED',
  'NON_EMPTY_GROUP',
])
/** Failures of a topic, which its row tells. */
const TOPIC_FAILURES = new Set(['TOPIC_AUTHORIZATION_FAILED', 'UNKNOWN_TOPIC_OR_PARTITION'])

/** `--delete-offsets`: of whole topics. */
export async function deleteShareGroupOffsets(
  given: ShareGroupsGiven,
  context: CommandContext,
  admin: Admin,
): Promise<void> {
  const groupId = given.value('group')!
  const topics = [...new Set(given.values('topic'))]
  const outcome = await admin.deleteShareGroupOffsets(groupId, topics)
  const failures = topics.map((_, index): KafkaFailure | null => {
    const each = outcome.ok ? outcome.value[index]! : outcome
    return each.ok ? null : each.error
  })
  const results = new Map(topics.map((topic, index) => [topic, failures[index]?.message ?? null]))
  const presentation = presentationOf(given, context)
  if (presentation === 'json' || presentation === 'yaml') {
    const fields = { groupId, topics: [...results].map(([topic, error]) => ({ topic, error })) }
    context.stdout.write(formatDocument(presentation, 'ShareGroupOffsetDeletion', fields))
    return
  }
  const first = failures.find((failure) => failure !== null)
  if (first !== undefined && first !== null && !TOPIC_FAILURES.has(first.name)) {
    const text = GROUP_FAILURES.has(first.name) ? first.message : `Encounter some unknown error: ${javaText(first)}`
    context.stdout.write(`\nError: ${text}\n`)
  }
  context.stdout.write(deletedTopicsTable(results))
}

type NewOffset = TopicPartition & { readonly offset: number }

/** `--reset-offsets`: of a group without members, or of one that is not there yet. */
export async function resetShareGroup(given: ShareGroupsGiven, context: CommandContext, admin: Admin): Promise<void> {
  const groupId = given.value('group')!
  await checkInactive(groupId, admin)
  // Scopes and scenarios are those of consumer groups, as far as this script has them.
  const asConsumer = given as unknown as GivenConsumerGroups
  const partitions = given.has('topic')
    ? await partitionsToReset(groupId, asConsumer, admin)
    : await partitionsOf(groupId, admin)
  const offsets = partitionsInHashOrder(await newOffsets(groupId, partitions, asConsumer, context, admin))
  if (given.has('execute') && offsets.length > 0) await setOffsets(groupId, offsets, admin)
  show(groupId, offsets, given.has('execute'), presentationOf(given, context), context)
}

async function checkInactive(groupId: string, admin: Admin): Promise<void> {
  const outcome = (await admin.describeShareGroups([groupId])).get(groupId)!
  if (!outcome.ok) {
    // A group that is not there may get offsets: that is how one is prepared.
    if (outcome.error.name === 'GROUP_ID_NOT_FOUND') return
    throw new KtError('kafka', outcome.error.message)
  }
  const { state } = outcome.value
  if (state !== 'Empty' && state !== 'Dead') throw new KtError('conflict', `Share group '${groupId}' is not empty.`)
}

async function partitionsOf(groupId: string, admin: Admin): Promise<TopicPartition[]> {
  const outcome = (await admin.listShareGroupOffsets([groupId])).get(groupId)!
  if (!outcome.ok) throw new ScriptFailure(outcome.error.message)
  return outcome.value.map(({ topic, partition }) => ({ topic, partition }))
}

async function setOffsets(groupId: string, offsets: readonly NewOffset[], admin: Admin): Promise<void> {
  const outcome = await admin.alterShareGroupOffsets(groupId, offsets)
  for (const each of outcome.ok ? outcome.value : [outcome]) {
    if (!each.ok) throw new ScriptFailure(each.error.message, each.error.message, { facts: [javaText(each.error)] })
  }
}

function show(
  groupId: string,
  offsets: readonly NewOffset[],
  executed: boolean,
  presentation: Presentation,
  context: CommandContext,
): void {
  if (presentation === 'json' || presentation === 'yaml') {
    const fields = { executed, groupId, offsets: offsets.map((each) => ({ ...each })) }
    context.stdout.write(formatDocument(presentation, 'ShareGroupReset', fields))
    return
  }
  context.stdout.write(resetTable(new Map([[groupId, offsets]])))
  if (presentation === 'terminal' && executed) context.stderr.write('The offsets have been set.\n')
}
