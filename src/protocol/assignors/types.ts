/** Who shall read which partitions: what assignors are given and give back. */
import type { Uuid } from '../../base/uuid.ts'

export interface AssignedPartition {
  readonly topic: string
  readonly partition: number
}

export interface AssignorMember {
  readonly memberId: string
  /** `group.instance.id` of a static member. */
  readonly instanceId: string | null
  readonly topics: readonly string[]
  /** What it reads, or in a group of KIP-848 what it shall read, of before. */
  readonly owned: readonly AssignedPartition[]
}

export interface AssignorTopic {
  readonly name: string
  readonly topicId: Uuid
  readonly partitionCount: number
}

/** Member id -> partitions; every member has an entry. */
export type GroupAssignment = Map<string, AssignedPartition[]>

/** Pure; topics that are not named do not exist. */
export type Assign = (members: readonly AssignorMember[], topics: readonly AssignorTopic[]) => GroupAssignment

/** By name, those that exist. */
export function topicsByName(topics: readonly AssignorTopic[]): Map<string, AssignorTopic> {
  return new Map(topics.map((topic) => [topic.name, topic]))
}

/** A member's list for each of them, empty. */
export function nothingAssigned(members: readonly AssignorMember[]): GroupAssignment {
  return new Map(members.map(({ memberId }) => [memberId, []]))
}

/** All of a topic's partitions. */
export function partitionsOf({ name, partitionCount }: AssignorTopic): AssignedPartition[] {
  return Array.from({ length: partitionCount }, (_, partition) => ({ topic: name, partition }))
}

/** As Java compares strings, and as JavaScript's `<` does: by UTF-16 units. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Static members first, by their instance ids, then the others by member id. */
export function byInstanceThenId(a: AssignorMember, b: AssignorMember): number {
  if (a.instanceId !== null && b.instanceId !== null) return compareText(a.instanceId, b.instanceId)
  if (a.instanceId !== null) return -1
  return b.instanceId !== null ? 1 : compareText(a.memberId, b.memberId)
}

/** Everybody reads the same topics. */
export function subscriptionsAreEqual(members: readonly AssignorMember[]): boolean {
  const first = new Set(members[0]?.topics)
  return members.every(({ topics }) => {
    const own = new Set(topics)
    return own.size === first.size && [...own].every((topic) => first.has(topic))
  })
}

/** `topic-partition`, a key of maps. */
export function partitionKey({ topic, partition }: AssignedPartition): string {
  return `${topic}-${partition}`
}
