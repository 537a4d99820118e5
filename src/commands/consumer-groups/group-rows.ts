/** What `--describe` knows of groups, collected in four requests however many groups there are. */

import { nearest } from '../../cli/nearest.ts'
import type { Admin, CommittedOffset, GroupDescription, GroupMember, TopicPartition } from '../../client/admin-types.ts'
import { javaText, valueOrFailure } from '../java-failure.ts'
import { ScriptFailure } from '../script-failure.ts'
import type { MemberRow, OffsetRow, StateRow } from './tables.ts'

/** A group with the rows that describe it. */
export interface DescribedGroup<R> {
  readonly groupId: string
  readonly state: string
  readonly rows: readonly R[]
}

/** Groups sorted by name, as the script prints them. Throws `ScriptFailure` for the first that cannot be described. */
export async function describeGroups(admin: Admin, groupIds: readonly string[]): Promise<GroupDescription[]> {
  const outcomes = await admin.describeGroups(groupIds)
  const descriptions: GroupDescription[] = []
  for (const groupId of [...new Set(groupIds)].sort()) {
    const outcome = outcomes.get(groupId)
    if (outcome === undefined) continue
    if (!outcome.ok) {
      const facts = await nearGroups(admin, groupId)
      throw new ScriptFailure(outcome.error.message, javaText(outcome.error), { facts })
    }
    descriptions.push(outcome.value)
  }
  return descriptions
}

async function nearGroups(admin: Admin, groupId: string): Promise<string[]> {
  const groups = await admin.listGroups().catch(() => [])
  const near = nearest(
    groupId,
    groups.map((group) => group.groupId),
  )
  return near.length === 0 ? [] : [`Did you mean ${near.map((name) => `'${name}'`).join(' or ')}?`]
}

const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}\0${partition}`
const byTopicThenPartition = (a: TopicPartition, b: TopicPartition): number =>
  a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition

/** Offsets of every partition that a group has committed or that a member reads. */
export async function offsetRows(
  admin: Admin,
  groups: readonly GroupDescription[],
): Promise<DescribedGroup<OffsetRow>[]> {
  const groupIds = groups.map((group) => group.groupId)
  const committed = groupIds.length === 0 ? new Map() : await admin.listGroupOffsets(groupIds)
  const committedOf = (groupId: string): (TopicPartition & CommittedOffset)[] =>
    committed.has(groupId) ? valueOrFailure(committed.get(groupId)!, 'java.util.concurrent.ExecutionException: ') : []
  const wanted = groups.flatMap((group) => [
    ...group.members.flatMap((member) => member.assignment),
    ...committedOf(group.groupId),
  ])
  const ends = await logEndOffsets(admin, wanted)
  return groups.map((group) => ({
    groupId: group.groupId,
    state: group.state,
    rows: rowsOfGroup(group, committedOf(group.groupId), ends),
  }))
}

/** Log end offsets by partition; none where there is no leader or no such topic. */
async function logEndOffsets(admin: Admin, partitions: readonly TopicPartition[]): Promise<Map<string, number>> {
  const distinct = [...new Map(partitions.map((each) => [keyOf(each), each])).values()]
  if (distinct.length === 0) return new Map()
  const topics = await admin.describeTopics([...new Set(distinct.map(({ topic }) => topic))])
  const reachable = distinct.filter(({ topic, partition }) => {
    const outcome = topics.get(topic)
    return outcome?.ok && outcome.value.partitions.some((each) => each.partition === partition && each.leader >= 0)
  })
  const ends = new Map<string, number>()
  const offsets = await admin.listOffsets(
    reachable.map(({ topic, partition }) => ({ topic, partition, spec: 'latest' })),
  )
  for (const [index, outcome] of offsets.entries()) {
    if (outcome.ok) ends.set(keyOf(reachable[index]!), outcome.value.offset)
  }
  return ends
}

/** Members with the most partitions first, then what nobody reads. */
function rowsOfGroup(
  group: GroupDescription,
  committed: readonly (TopicPartition & CommittedOffset)[],
  ends: ReadonlyMap<string, number>,
): OffsetRow[] {
  const committedByKey = new Map(committed.map((each) => [keyOf(each), each]))
  const rowsFor = (partitions: readonly TopicPartition[], member: GroupMember | null): OffsetRow[] =>
    [...partitions].sort(byTopicThenPartition).map((each) => {
      return offsetRow(group.groupId, each, committedByKey.get(keyOf(each)), ends.get(keyOf(each)), member)
    })
  const busiest = [...group.members].sort((a, b) => b.assignment.length - a.assignment.length)
  const assigned = new Set(group.members.flatMap((member) => member.assignment.map(keyOf)))
  const unassigned = committed.filter((each) => !assigned.has(keyOf(each)))
  return [...busiest.flatMap((member) => rowsFor(member.assignment, member)), ...rowsFor(unassigned, null)]
}

function offsetRow(
  group: string,
  { topic, partition }: TopicPartition,
  committed: CommittedOffset | undefined,
  logEndOffset: number | undefined,
  member: GroupMember | null,
): OffsetRow {
  const currentOffset = committed?.offset ?? null
  const hasLag = currentOffset !== null && currentOffset !== -1 && logEndOffset !== undefined
  return {
    group,
    topic,
    partition,
    leaderEpoch: committed === undefined || committed.leaderEpoch < 0 ? null : committed.leaderEpoch,
    currentOffset,
    logEndOffset: logEndOffset ?? null,
    lag: hasLag ? logEndOffset - currentOffset : null,
    consumerId: member?.memberId ?? null,
    host: member?.host ?? null,
    clientId: member?.clientId ?? null,
  }
}

/** Members of each group, in the coordinator's order. */
export function memberRows(groups: readonly GroupDescription[]): DescribedGroup<MemberRow>[] {
  return groups.map((group) => ({
    groupId: group.groupId,
    state: group.state,
    rows: group.members.map((member) => ({
      group: group.groupId,
      consumerId: member.memberId,
      groupInstanceId: member.groupInstanceId ?? '',
      host: member.host,
      clientId: member.clientId,
      assignment: member.assignment,
      targetAssignment: member.targetAssignment ?? [],
      currentEpoch: member.memberEpoch ?? null,
      targetEpoch: group.targetAssignmentEpoch ?? null,
      upgraded: member.upgraded ?? null,
    })),
  }))
}

/** One row per group: its coordinator, assignor and state. */
export function stateRows(groups: readonly GroupDescription[]): DescribedGroup<StateRow>[] {
  return groups.map((group) => {
    const { host, port, id } = group.coordinator
    const row: StateRow = {
      group: group.groupId,
      coordinator: `${host}:${port}  (${id})`,
      assignmentStrategy: group.assignor,
      state: group.state,
      groupEpoch: group.groupEpoch ?? null,
      targetAssignmentEpoch: group.targetAssignmentEpoch ?? null,
      memberCount: group.members.length,
    }
    return { groupId: group.groupId, state: group.state, rows: [row] }
  })
}
