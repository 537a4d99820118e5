/**
 * `uniform` of the broker (KIP-848), its default: as even as can be over all topics, and members keep what they have.
 * Here for groups whose members all read the same topics; `uniform-mixed.ts` has the others.
 */
import { hashMapOrder, hashMapOrderBy } from '../../base/java-hash.ts'
import { type Uuid, uuidToBytes } from '../../base/uuid.ts'
import {
  type Assign,
  type AssignedPartition,
  type AssignorMember,
  type AssignorTopic,
  type GroupAssignment,
  partitionKey,
  partitionsOf,
  subscriptionsAreEqual,
} from './types.ts'
import { assignUniformMixed } from './uniform-mixed.ts'

export const assignUniform: Assign = (members, topics) => {
  if (members.length === 0) return new Map()
  const byId = new Map(members.map((member) => [member.memberId, member]))
  // The coordinator goes through a hash map of them.
  const inOrder = hashMapOrder([...byId.keys()]).map((memberId) => byId.get(memberId)!)
  if (!subscriptionsAreEqual(members)) return assignUniformMixed(inOrder, topics)
  const read = topics.filter(({ name }) => members[0]!.topics.includes(name))
  return assignEvenly(inOrder, inHashOrder(read))
}

function assignEvenly(members: readonly AssignorMember[], topics: readonly AssignorTopic[]): GroupAssignment {
  const owned = new Set(members.flatMap((member) => member.owned.map(partitionKey)))
  const all = topics.flatMap(partitionsOf)
  const free = all.filter((each) => !owned.has(partitionKey(each)))
  const least = Math.floor(all.length / members.length)
  let extra = all.length % members.length
  const assignment: GroupAssignment = new Map()
  const wanting: { readonly memberId: string; readonly room: number }[] = []
  for (const [at, member] of members.entries()) {
    const mayHaveExtra = extra > 0
    const { kept, given, room } = keepUpTo(least + (mayHaveExtra ? 1 : 0), inOrderOfSets(member.owned, topics))
    free.push(...given)
    assignment.set(member.memberId, kept)
    // Another one may take the extra partition, unless all that are left are needed for it.
    const leavesExtra = room > 0 && mayHaveExtra && members.length - at > extra
    const wanted = leavesExtra ? room - 1 : room
    if (wanted > 0) wanting.push({ memberId: member.memberId, room: wanted })
    if (mayHaveExtra && !leavesExtra) extra--
  }
  for (const { memberId, room } of wanting) assignment.get(memberId)!.push(...free.splice(0, room))
  return assignment
}

function keepUpTo(
  quota: number,
  byTopic: readonly (readonly AssignedPartition[])[],
): { kept: AssignedPartition[]; given: AssignedPartition[]; room: number } {
  const kept: AssignedPartition[] = []
  const given: AssignedPartition[] = []
  let room = quota
  for (const list of byTopic) {
    kept.push(...list.slice(0, room))
    given.push(...list.slice(room))
    room -= Math.min(room, list.length)
  }
  return { kept, given, room }
}

/** A member's partitions as the coordinator holds them: a hash map by topic of hash sets. */
function inOrderOfSets(
  owned: readonly AssignedPartition[],
  topics: readonly AssignorTopic[],
): (readonly AssignedPartition[])[] {
  const names = new Set(owned.map(({ topic }) => topic))
  return inHashOrder(topics.filter(({ name }) => names.has(name))).map(({ name }) => {
    const list = owned.filter(({ topic }) => topic === name).sort((a, b) => a.partition - b.partition)
    return hashMapOrderBy(list, ({ partition }) => partition, copyCapacity(list.length))
  })
}

/** The capacity of a Java hash set that copies a list. */
function copyCapacity(size: number): number {
  return Math.max(Math.trunc(size / 0.75) + 1, 16)
}

function inHashOrder(topics: readonly AssignorTopic[]): AssignorTopic[] {
  return hashMapOrderBy(topics, ({ topicId }) => uuidHash(topicId), 16)
}

/** `Uuid.hashCode` */
function uuidHash(topicId: Uuid): number {
  const bytes = uuidToBytes(topicId)
  return bytes.readInt32BE(0) ^ bytes.readInt32BE(4) ^ bytes.readInt32BE(8) ^ bytes.readInt32BE(12)
}
