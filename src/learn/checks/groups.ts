/** Predicates over consumer groups, as they are at the moment of the look. */
import type { GroupDescription, GroupMember } from '../../client/admin-types.ts'
import type { Facts, OffsetRange } from '../facts/facts.ts'
import type { Check, Look } from '../lesson.ts'
import { type Seen, seen } from '../verdict.ts'

export const describeGroup = (group: string): string => `kt consumer-groups --describe --group ${group}`

/** Checks a group that exists; one that does not is what was observed. */
export function ofGroup(
  id: string,
  expected: string,
  look: (group: GroupDescription, look: Look) => Promise<Omit<Seen, 'state' | 'show' | 'expected'> & { done: boolean }>,
): Check {
  return async (at) => {
    const group = await at.facts.group(id)
    const show = describeGroup(id)
    if (group === null) return seen(false, { expected, observed: `no group ${id}`, show: 'kt consumer-groups --list' })
    const { done, ...rest } = await look(group, at)
    return seen(done, { expected, ...rest, show })
  }
}

/** So many members, and each has at least one partition. */
export function sharedByMembers(id: string, count: number): Check {
  const expected = `${membersText(count)}, each with a partition`
  return ofGroup(id, expected, async ({ members, state }) => {
    const busy = members.filter((member) => member.assignment.length > 0)
    const done = members.length === count && busy.length === count
    return { done, observed: `${membersText(members.length)}, ${busy.length} with partitions`, ...settling(state) }
  })
}

/** More members than partitions: so many have none. */
export function idleMembers(id: string, count: number): Check {
  const expected = `${membersText(count)} without a partition`
  return ofGroup(id, expected, async ({ members, state }) => {
    const idle = members.filter((member) => member.assignment.length === 0)
    const done = state === 'Stable' && idle.length === count
    return { done, observed: `${membersText(members.length)}, ${idle.length} without`, ...settling(state) }
  })
}

export function hasNoMembers(id: string): Check {
  return ofGroup(id, 'no member', async ({ members }) => {
    const named = members.map(memberText).join(', ')
    return { done: members.length === 0, observed: members.length === 0 ? 'no member' : named }
  })
}

/** The group has committed up to the end of every partition of the topic that has records. */
export function readToTheEnd(id: string, topic: string): Check {
  const expected = `group ${id} has read everything in ${topic}`
  return async ({ facts }) => {
    const ranges = (await facts.offsets(topic)).filter(({ start, end }) => end !== null && end > (start ?? 0))
    const committed = (await facts.committed(id)).filter((offset) => offset.topic === topic)
    const lag = ranges.reduce((sum, { partition, start, end }) => {
      const at = committed.find((offset) => offset.partition === partition)?.offset ?? start ?? 0
      return sum + Math.max(0, end! - at)
    }, 0)
    const done = ranges.length > 0 && committed.length > 0 && lag === 0
    const observed = committed.length === 0 ? `no offset committed by ${id}` : `lag ${lag}`
    const beyond = await beyondTheEnd(committed, topic, facts)
    if (beyond === null) return seen(done, { expected, observed, show: describeGroup(id) })
    const next = `kt consumer-groups --reset-offsets --group ${id} --topic ${topic} --to-earliest --execute`
    return seen(false, { expected, observed: beyond, show: describeGroup(id), wayOut: { why: beyond, next } })
  }
}

/** An offset that no record has had yet, as when the topic was made anew; null where there is none. */
async function beyondTheEnd(
  committed: readonly { partition: number; offset: number }[],
  topic: string,
  facts: Facts,
): Promise<string | null> {
  const find = (ranges: readonly OffsetRange[]) =>
    committed
      .map(({ partition, offset }) => ({ partition, offset, end: ranges.find((r) => r.partition === partition)?.end }))
      .find(({ offset, end }) => end !== undefined && end !== null && offset > end)
  if (find(await facts.offsets(topic)) === undefined) return null
  // Ends are read before commits: who reads and writes meanwhile is no farther than the end of now.
  const found = find(await facts.again().offsets(topic))
  if (found === undefined) return null
  return `offset ${found.offset} of partition ${found.partition} is committed, and the partition ends at ${found.end}`
}

/** A group's state on its way to another one. */
function settling(state: string): { waitingFor?: string } {
  return state === 'Stable' || state === 'Empty' || state === 'Dead'
    ? {}
    : { waitingFor: `the group, which is ${state}` }
}

function memberText({ clientId, host }: GroupMember): string {
  return `${clientId} on ${host}`
}

export function membersText(count: number): string {
  return `${count} ${count === 1 ? 'member' : 'members'}`
}
