/** Applies a group's records to the view of it: what the coordinator does with them, as far as it can be seen. */
import type { Uuid } from '../../../base/uuid.ts'
import type { TopicPartition } from '../../../client/admin-types.ts'
import type { GroupRecord, IdPartitions } from './group-records.ts'
import { type GroupView, type MemberView, NO_GROUP } from './view.ts'

/** Names of topics by id; the id itself for one that is not known. */
export type TopicNames = (topicId: Uuid) => string

/** Members that wait for partitions or are to give some up; part of the state of a KIP-848 group. */
export type Unsettled = Set<string>

/** The view after a record; the same object where nothing changes. A record that is older than the view is left out. */
export function replay(view: GroupView, record: GroupRecord, names: TopicNames, unsettled: Unsettled): GroupView {
  if (record.type === 'generation') return withGeneration(view, record.value)
  const next = withConsumerRecord(view, record, names, unsettled)
  return next === view ? view : { ...next, state: stateOf(next, unsettled) }
}

function withGeneration(view: GroupView, value: (GroupRecord & { type: 'generation' })['value']): GroupView {
  if (value === null) return view.type === 'Classic' ? NO_GROUP : view
  if (view.generation !== null && value.generation < view.generation) return view
  const members = value.members.map((member): MemberView => ({ ...member, target: null, memberEpoch: null }))
  return {
    type: 'Classic',
    state: members.length === 0 ? 'Empty' : 'Stable',
    assignor: value.protocol === '' ? view.assignor : value.protocol,
    generation: value.generation,
    groupEpoch: null,
    targetAssignmentEpoch: null,
    members: new Map(members.map((member) => [member.memberId, member])),
  }
}

type ConsumerRecord = Exclude<GroupRecord, { type: 'generation' }>

function withConsumerRecord(
  view: GroupView,
  record: ConsumerRecord,
  names: TopicNames,
  unsettled: Unsettled,
): GroupView {
  const group = view.type === 'Consumer' ? view : { ...NO_GROUP, type: 'Consumer', state: 'Empty' }
  if (record.type === 'groupEpoch') {
    if (record.epoch === null) return NO_GROUP
    return isOlder(record.epoch, view.groupEpoch) ? view : { ...group, groupEpoch: record.epoch }
  }
  if (record.type === 'targetEpoch') {
    if (record.epoch === null || isOlder(record.epoch, view.targetAssignmentEpoch)) return view
    return { ...group, targetAssignmentEpoch: record.epoch }
  }
  return withMemberRecord(group, view, record, names, unsettled)
}

const isOlder = (epoch: number, known: number | null): boolean => known !== null && epoch < known

function withMemberRecord(
  group: GroupView,
  view: GroupView,
  record: Extract<ConsumerRecord, { readonly memberId: string }>,
  names: TopicNames,
  unsettled: Unsettled,
): GroupView {
  const { memberId } = record
  const known = group.members.get(memberId)
  if (record.type === 'member' && record.info === null) {
    unsettled.delete(memberId)
    return known === undefined ? view : { ...group, members: without(group.members, memberId) }
  }
  const member = known ?? unknownMember(memberId)
  if (record.type === 'member') {
    return withMember(group, { ...member, ...record.info! })
  }
  if (record.type === 'target') {
    if (record.partitions === null) return view
    return withMember(group, { ...member, target: named(record.partitions, names) })
  }
  if (record.value === null) {
    return known === undefined ? view : withMember(group, { ...member, assignment: [] })
  }
  const { memberEpoch, isStable, assigned } = record.value
  if (isOlder(memberEpoch, known?.memberEpoch ?? null)) return view
  if (isStable) unsettled.delete(memberId)
  else unsettled.add(memberId)
  return withMember(group, { ...member, memberEpoch, assignment: named(assigned, names) })
}

function unknownMember(memberId: string): MemberView {
  return { memberId, groupInstanceId: null, clientId: '', host: '', assignment: [], target: [], memberEpoch: null }
}

function withMember(group: GroupView, member: MemberView): GroupView {
  return { ...group, members: new Map([...group.members, [member.memberId, member]]) }
}

function without(members: ReadonlyMap<string, MemberView>, memberId: string): Map<string, MemberView> {
  return new Map([...members].filter(([id]) => id !== memberId))
}

function named(list: readonly IdPartitions[], names: TopicNames): TopicPartition[] {
  return list.flatMap(({ topicId, partitions }) =>
    partitions.map((partition) => ({ topic: names(topicId), partition })),
  )
}

/** As the coordinator works it out (KIP-848). */
function stateOf(group: GroupView, unsettled: Unsettled): string {
  if (group.state === 'Dead') return 'Dead'
  if (group.members.size === 0) return 'Empty'
  const target = group.targetAssignmentEpoch ?? 0
  if ((group.groupEpoch ?? 0) > target) return 'Assigning'
  const isReconciled = ({ memberId, memberEpoch }: MemberView): boolean =>
    memberEpoch === target && !unsettled.has(memberId)
  return [...group.members.values()].every(isReconciled) ? 'Stable' : 'Reconciling'
}
