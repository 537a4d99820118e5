/** What taking a change back means now: pure. */
import type { ConfigEdit, Edit, OffsetEdit, QuotaEdit } from './entry.ts'
import { quotaTitle, resourceTitle, sameValue } from './entry.ts'
import { type ClusterNow, partitionKey } from './look-now.ts'

/**
 * `back`: it is as the change left it and goes back. `already`: it is as before the change. `changed`: somebody changed it
 * since, or the topic is another one of that name; only by force. `impossible`: nothing can be done, `why` says why.
 */
export type RowState = 'back' | 'already' | 'changed' | 'impossible'

/** One value. */
export interface UndoRow {
  /** `topic orders`, `group billing`, `user ann` */
  readonly subject: string
  /** `retention.ms`, `orders-0`, `producer_byte_rate` */
  readonly name: string
  /** null: not set, nothing committed. */
  readonly now: string | null
  readonly backTo: string | null
  readonly state: RowState
  readonly why: string | null
  /** Which value of which edit it is. */
  readonly edit: Edit
  readonly index: number
}

/** A row for each value of the change. */
export function undoRows(edits: readonly Edit[], now: ClusterNow): UndoRow[] {
  return edits.flatMap((edit): UndoRow[] => {
    if (edit.kind === 'config') return settingRows(edit, now)
    if (edit.kind === 'offsets') return offsetRows(edit, now)
    if (edit.kind === 'quota') return quotaRows(edit, now)
    const nothing = { now: null, backTo: null, edit, index: 0 }
    return [{ subject: edit.what, name: '', ...nothing, state: 'impossible', why: edit.why }]
  })
}

type Judgement = Pick<UndoRow, 'state' | 'why'>

function judged(now: string | null, after: string | null, backTo: string | null): Judgement {
  if (sameValue(now, backTo)) return { state: 'already', why: null }
  if (sameValue(now, after)) return { state: 'back', why: null }
  const was = after === null ? 'taken away' : `set to ${after}`
  const isNow = now === null ? 'not set' : now
  return { state: 'changed', why: `it was ${was} then and is ${isNow} now: somebody changed it since` }
}

/** Another topic of the name, or none; null for the same one. */
function topicTrouble(topic: string, topicId: string | null, { topicIds }: ClusterNow): Judgement | null {
  const id = topicIds.get(topic)
  if (id === undefined && topicId !== null)
    return { state: 'impossible', why: `topic ${topic} does not exist any more` }
  if (topicId === null || id === topicId) return null
  return { state: 'changed', why: `topic ${topic} was deleted and created anew since (topic id ${topicId}, now ${id})` }
}

function settingRows(edit: ConfigEdit, cluster: ClusterNow): UndoRow[] {
  const { resource, topicId, settings } = edit
  const subject = resourceTitle(resource)
  const found = cluster.settings.get(subject)!
  const trouble = resource.type === 'TOPIC' ? topicTrouble(resource.name, topicId, cluster) : null
  return settings.map(({ name, before, after }, index) => {
    const now = typeof found === 'string' ? null : (found.get(name) ?? null)
    const judgement: Judgement =
      trouble ?? (typeof found === 'string' ? { state: 'impossible', why: found } : judged(now, after, before))
    return { subject, name, now, backTo: before, ...judgement, edit, index }
  })
}

function offsetRows(edit: OffsetEdit, cluster: ClusterNow): UndoRow[] {
  const { groupId, isShare, partitions } = edit
  const group = cluster.groups.get(groupId)!
  const text = (offset: number | undefined): string | null => (offset === undefined ? null : String(offset))
  return partitions.map((each, index) => {
    const { topic, partition, topicId, before, after } = each
    const now = text(group.offsets.get(partitionKey(each)))
    const backTo = text(before?.offset)
    const judgement =
      topicTrouble(topic, topicId, cluster) ??
      shareTrouble(edit, index) ??
      groupTrouble(edit, cluster, judged(now, text(after?.offset), backTo))
    const start = cluster.logStarts.get(partitionKey(each))
    const isGone = judgement.why === null && before !== null && start !== undefined && before.offset < start
    const why = isGone ? `records before ${start} are deleted since` : judgement.why
    const subject = `${isShare ? 'share group' : 'group'} ${groupId}`
    return { subject, name: `${topic}-${partition}`, now, backTo, state: judgement.state, why, edit, index }
  })
}

/** Offsets of share groups are deleted by topic: with what was known before, nothing of the topic may go. */
function shareTrouble({ isShare, partitions }: OffsetEdit, index: number): Judgement | null {
  const { topic, before } = partitions[index]!
  const ofTopic = partitions.filter((each) => each.topic === topic)
  if (!isShare || before !== null || ofTopic.every((each) => each.before === null)) return null
  return { state: 'impossible', why: `of share groups only the whole topic ${topic} can be made unread` }
}

/** Kafka takes offsets of a group from outside only while nobody is in it. */
function groupTrouble({ groupId }: OffsetEdit, { groups }: ClusterNow, judgement: Judgement): Judgement {
  const { state, memberCount } = groups.get(groupId)!
  if (judgement.state === 'already' || memberCount === 0) return judgement
  const members = memberCount === 1 ? 'one member' : `${memberCount} members`
  return { state: 'impossible', why: `group ${groupId} is ${state} with ${members}; stop them first` }
}

function quotaRows(edit: QuotaEdit, { quotas }: ClusterNow): UndoRow[] {
  const subject = quotaTitle(edit.entity)
  const text = (value: number | null | undefined): string | null => (value == null ? null : String(value))
  return edit.values.map(({ key, before, after }, index) => {
    const now = text(quotas.get(subject)?.get(key))
    const backTo = text(before)
    return { subject, name: key, now, backTo, ...judged(now, text(after), backTo), edit, index }
  })
}
