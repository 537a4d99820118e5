import type { Admin, CommittedOffset, GroupDescription, TopicPartition } from '../../client/admin-types.ts'
import { unwrap } from '../outcome.ts'
import { unknown } from './gather.ts'
import type { GroupPartition, GroupStatus, Picture } from './model.ts'

/** Groups by id; all of them when none is named. */
export async function gatherGroups(admin: Admin, wanted: readonly string[]): Promise<Picture> {
  const known = (await admin.listGroups()).map(({ groupId }) => groupId).sort()
  for (const id of wanted) if (!known.includes(id)) throw unknown('group', id, known, 'kt consumer-groups --list')
  const ids = wanted.length === 0 ? known : wanted
  if (ids.length === 0) return { kind: 'groups', groups: [] }
  const described = await admin.describeGroups(ids)
  const committed = await admin.listGroupOffsets(ids)
  const groups: GroupStatus[] = []
  for (const id of ids) {
    const offsets = committed.get(id)
    groups.push(await groupStatus(admin, unwrap(described.get(id)!), offsets?.ok ? offsets.value : []))
  }
  return { kind: 'groups', groups }
}

async function groupStatus(
  admin: Admin,
  group: GroupDescription,
  committed: readonly (TopicPartition & CommittedOffset)[],
): Promise<GroupStatus> {
  const partitions = partitionsOf(group, committed)
  const ends = await admin.listOffsets(partitions.map(({ topic, partition }) => ({ topic, partition, spec: 'latest' })))
  return {
    groupId: group.groupId,
    type: group.type,
    state: group.state,
    assignor: group.assignor,
    coordinator: group.coordinator,
    members: group.members,
    partitions: partitions.map((each, at): GroupPartition => {
      const end = ends[at]!
      const logEndOffset = end.ok ? end.value.offset : null
      const { committedOffset } = each
      const lag = committedOffset === null || logEndOffset === null ? null : logEndOffset - committedOffset
      return { ...each, logEndOffset, lag }
    }),
  }
}

type Known = Pick<GroupPartition, 'topic' | 'partition' | 'committedOffset' | 'memberId'>

/** Committed and assigned partitions, each once, by topic and number. */
function partitionsOf(group: GroupDescription, committed: readonly (TopicPartition & CommittedOffset)[]): Known[] {
  const found = new Map<string, Known>()
  for (const { topic, partition, offset } of committed) {
    found.set(`${topic}-${partition}`, {
      topic,
      partition,
      committedOffset: offset < 0 ? null : offset,
      memberId: null,
    })
  }
  for (const { memberId, assignment } of group.members) {
    for (const { topic, partition } of assignment) {
      const key = `${topic}-${partition}`
      const committedOffset = found.get(key)?.committedOffset ?? null
      found.set(key, { topic, partition, committedOffset, memberId })
    }
  }
  return [...found.values()].sort((a, b) =>
    a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1,
  )
}
