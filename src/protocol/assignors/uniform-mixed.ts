/** `uniform` of the broker where members read different topics: topic by topic, from those with most to those with least. */
import { uuidToBytes } from '../../base/uuid.ts'
import { LoadBalancer } from './load-balancer.ts'
import type { AssignorMember, AssignorTopic, GroupAssignment } from './types.ts'

/** Rounds over all topics; overlapping subscriptions come closer to even with each. */
const MAX_ROUNDS = 16
const NOBODY = -1

/** `members` in the coordinator's order. */
export function assignUniformMixed(
  members: readonly AssignorMember[],
  topics: readonly AssignorTopic[],
): GroupAssignment {
  return new MixedUniform(members, topics).assign()
}

class MixedUniform {
  readonly #members: readonly AssignorMember[]
  readonly #topics: readonly AssignorTopic[]
  /** Topic -> members that read it, as places in the list. */
  readonly #readers: ReadonlyMap<string, readonly number[]>
  /** Topic -> owner of each partition. */
  readonly #owners: ReadonlyMap<string, number[]>
  readonly #counts: number[]

  constructor(members: readonly AssignorMember[], topics: readonly AssignorTopic[]) {
    this.#members = members
    const readers = new Map(
      topics.map(({ name }) => [name, members.flatMap((member, at) => (member.topics.includes(name) ? [at] : []))]),
    )
    this.#readers = readers
    this.#topics = topics.filter(({ name }) => readers.get(name)!.length > 0).sort((a, b) => this.#compare(a, b))
    this.#owners = new Map(
      this.#topics.map(({ name, partitionCount }) => [name, new Array<number>(partitionCount).fill(NOBODY)]),
    )
    this.#counts = members.map(() => 0)
  }

  /** Topics with the most partitions for each reader first, then those with the fewest readers, then by id. */
  #compare(a: AssignorTopic, b: AssignorTopic): number {
    const readersOfA = this.#readers.get(a.name)!.length
    const readersOfB = this.#readers.get(b.name)!.length
    const byLoad = b.partitionCount / readersOfB - a.partitionCount / readersOfA
    return byLoad || readersOfA - readersOfB || compareIds(a, b)
  }

  assign(): GroupAssignment {
    for (const [at, { topics, owned }] of this.#members.entries()) {
      for (const { topic, partition } of owned) {
        if (topics.includes(topic) && this.#owners.has(topic)) this.#give(topic, partition, at)
      }
    }
    const balancer = new LoadBalancer(this.#counts)
    for (const { name } of this.#topics) {
      const missing = this.#owners.get(name)!.flatMap((owner, partition) => (owner === NOBODY ? [partition] : []))
      if (missing.length === 0) continue
      balancer.begin(this.#readers.get(name)!)
      for (const partition of missing) this.#give(name, partition, balancer.nextLeast())
    }
    this.#balance(balancer)
    return this.#result()
  }

  #give(topic: string, partition: number, member: number): void {
    const owners = this.#owners.get(topic)!
    const before = owners[partition]!
    if (before !== NOBODY) this.#counts[before]!--
    owners[partition] = member
    this.#counts[member]!++
  }

  #balance(balancer: LoadBalancer): void {
    const shared = this.#topics.filter(({ name }) => this.#readers.get(name)!.length >= 2)
    let last = -1
    for (let round = 0; round < MAX_ROUNDS; round++) {
      for (const [at, topic] of shared.entries()) {
        // All topics since this one were even already.
        if (at === last) return
        const moved = this.#balanceTopic(topic.name, balancer)
        if (moved > 0 || last === -1) last = at
      }
    }
  }

  /** How many partitions were moved. */
  #balanceTopic(topic: string, balancer: LoadBalancer): number {
    if (balancer.begin(this.#readers.get(topic)!) <= 1) return 0
    const byOwner = new Map<number, number[]>()
    for (const [partition, owner] of this.#owners.get(topic)!.entries()) {
      byOwner.set(owner, [...(byOwner.get(owner) ?? []), partition])
    }
    let moved = 0
    while (!balancer.isBalanced) {
      const from = nextWithPartitions(balancer, byOwner)
      if (from === NOBODY) break
      const partition = byOwner.get(from)!.pop()!
      const to = balancer.nextLeast()
      if (balancer.isBalanced) break
      this.#give(topic, partition, to)
      moved++
    }
    return moved
  }

  #result(): GroupAssignment {
    const assignment: GroupAssignment = new Map(this.#members.map(({ memberId }) => [memberId, []]))
    for (const [topic, owners] of this.#owners) {
      for (const [partition, owner] of owners.entries()) {
        assignment.get(this.#members[owner]!.memberId)!.push({ topic, partition })
      }
    }
    return assignment
  }
}

/** The member with the most that has some of this topic; the others are left out of the search. */
function nextWithPartitions(balancer: LoadBalancer, byOwner: ReadonlyMap<number, readonly number[]>): number {
  for (;;) {
    const member = balancer.nextMost()
    if (member === NOBODY || (byOwner.get(member)?.length ?? 0) > 0) return member
    balancer.excludeMost()
  }
}

/** `Uuid.compareTo`: two signed halves. */
function compareIds(a: AssignorTopic, b: AssignorTopic): number {
  const [left, right] = [uuidToBytes(a.topicId), uuidToBytes(b.topicId)]
  for (const at of [0, 8]) {
    const difference = left.readBigInt64BE(at) - right.readBigInt64BE(at)
    if (difference !== 0n) return difference > 0n ? 1 : -1
  }
  return 0
}
