/**
 * Kafka's own assignors for kafkajs, whose only one has a name that no Java consumer knows: a group of both could not
 * agree on a protocol. Pure functions over members and partition counts, and the adapters that kafkajs asks for.
 */
import type { Assigner, Cluster, GroupMember } from 'kafkajs'

export interface Subscription {
  readonly memberId: string
  readonly topics: readonly string[]
}

/** Member -> topic -> partitions. */
export type Assignment = Map<string, Map<string, number[]>>

export type Assign = (members: readonly Subscription[], partitionCount: (topic: string) => number) => Assignment

function topicsOf(members: readonly Subscription[]): string[] {
  return [...new Set(members.flatMap(({ topics }) => topics))].sort()
}

function add(assignment: Assignment, memberId: string, topic: string, partition: number): void {
  const topics = assignment.get(memberId)!
  const partitions = topics.get(topic)
  if (partitions === undefined) topics.set(topic, [partition])
  else partitions.push(partition)
}

function emptyAssignment(members: readonly Subscription[]): Assignment {
  return new Map(members.map(({ memberId }) => [memberId, new Map()]))
}

/** RangeAssignor: per topic, consecutive ranges in member order, the first members getting one more. */
export const assignRange: Assign = (members, partitionCount) => {
  const assignment = emptyAssignment(members)
  for (const topic of topicsOf(members)) {
    const subscribed = members.filter(({ topics }) => topics.includes(topic)).map(({ memberId }) => memberId)
    subscribed.sort()
    const count = partitionCount(topic)
    const share = Math.floor(count / subscribed.length)
    const extra = count % subscribed.length
    let next = 0
    for (const [at, memberId] of subscribed.entries()) {
      const end = next + share + (at < extra ? 1 : 0)
      for (; next < end; next++) add(assignment, memberId, topic, next)
    }
  }
  return assignment
}

/** RoundRobinAssignor: all partitions in turn, skipping members that do not read the topic. */
export const assignRoundRobin: Assign = (members, partitionCount) => {
  const assignment = emptyAssignment(members)
  const sorted = [...members].sort((left, right) => (left.memberId < right.memberId ? -1 : 1))
  let turn = 0
  for (const topic of topicsOf(members)) {
    for (let partition = 0; partition < partitionCount(topic); partition++) {
      while (!sorted[turn % sorted.length]!.topics.includes(topic)) turn++
      add(assignment, sorted[turn % sorted.length]!.memberId, topic, partition)
      turn++
    }
  }
  return assignment
}

/** The consumer protocol's codecs, as kafkajs exports them. */
export interface ProtocolCodecs {
  readonly MemberMetadata: {
    encode(metadata: { version: number; topics: string[]; userData: Buffer }): Buffer
    decode(buffer: Buffer): { topics: string[] } | null
  }
  readonly MemberAssignment: {
    encode(assignment: { version: number; assignment: Record<string, number[]>; userData: Buffer }): Buffer
  }
}

const VERSION = 0
const NO_USER_DATA = Buffer.alloc(0)

/** What kafkajs calls: `name` is the protocol name that members agree on. */
export function assigner(name: string, assign: Assign, codecs: ProtocolCodecs) {
  return ({ cluster }: { cluster: Cluster }): Assigner => ({
    name,
    version: VERSION,
    protocol: ({ topics }) => ({
      name,
      metadata: codecs.MemberMetadata.encode({ version: VERSION, topics, userData: NO_USER_DATA }),
    }),
    async assign({ members }) {
      const assignment = assign(
        subscriptions(members, codecs),
        (topic) => cluster.findTopicPartitionMetadata(topic).length,
      )
      return [...assignment].map(([memberId, topics]) => ({
        memberId,
        memberAssignment: codecs.MemberAssignment.encode({
          version: VERSION,
          assignment: Object.fromEntries(topics),
          userData: NO_USER_DATA,
        }),
      }))
    },
  })
}

function subscriptions(members: readonly GroupMember[], codecs: ProtocolCodecs): Subscription[] {
  return members.map(({ memberId, memberMetadata }) => ({
    memberId,
    topics: codecs.MemberMetadata.decode(memberMetadata)?.topics ?? [],
  }))
}
