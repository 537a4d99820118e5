/**
 * `sticky` where members read different topics: what is left over goes to those with the fewest partitions, then single
 * partitions move until nobody who may read them has two fewer than their owner.
 */
import { hashMapOrderBy, javaHashCode } from '../../base/java-hash.ts'
import {
  type AssignedPartition,
  type AssignorMember,
  type AssignorTopic,
  compareText,
  type GroupAssignment,
  partitionKey,
  partitionsOf,
} from './types.ts'

/** The new assignment; `owned` may hold only topics that exist. */
export function mixedSticky(members: readonly AssignorMember[], topics: readonly AssignorTopic[]): GroupAssignment {
  return new MixedSticky(members, topics).assign()
}

class MixedSticky {
  readonly #topics: ReadonlyMap<string, AssignorTopic>
  /** Topic -> members that read it. */
  readonly #readers: ReadonlyMap<string, readonly string[]>
  /** Member -> topics that it reads and that exist. */
  readonly #reads = new Map<string, readonly string[]>()
  #owned = new Map<string, AssignedPartition[]>()
  #owners = new Map<string, string>()
  /** Members that take part in the balancing. */
  #active = new Set<string>()
  readonly #movements = new Movements()
  #mustRevoke = false

  constructor(members: readonly AssignorMember[], topics: readonly AssignorTopic[]) {
    this.#topics = new Map(topics.map((topic) => [topic.name, topic]))
    this.#readers = new Map(
      topics.map(({ name }) => [
        name,
        members.filter((member) => member.topics.includes(name)).map(({ memberId }) => memberId),
      ]),
    )
    for (const { memberId, topics: wanted, owned } of members) {
      this.#reads.set(
        memberId,
        wanted.filter((topic) => this.#topics.has(topic)),
      )
      const kept = owned.filter(({ topic }) => wanted.includes(topic))
      if (kept.length < owned.length) this.#mustRevoke = true
      this.#owned.set(memberId, kept)
      for (const each of kept) this.#owners.set(partitionKey(each), memberId)
    }
  }

  assign(): GroupAssignment {
    const all = this.#partitionsInOrder()
    const missing = all.filter((each) => !this.#owners.has(partitionKey(each)))
    this.#active = new Set(this.#owned.keys())
    const isInitial = [...this.#owned.values()].every((list) => list.length === 0)
    for (const each of missing) this.#giveToFewest(each)
    const fixed = this.#setFixedAside()
    const movable = (list: readonly AssignedPartition[]) => list.filter(({ topic }) => this.#isShared(topic))
    const before = copyOf(this.#owned)
    const ownersBefore = new Map(this.#owners)
    if (!this.#mustRevoke) this.#reassign(movable(missing))
    const hasMoved = this.#reassign(movable(all))
    if (!isInitial && hasMoved && imbalance(this.#owned) >= imbalance(before)) {
      this.#owned = before
      this.#owners = ownersBefore
    }
    return new Map([...this.#owned, ...fixed])
  }

  /** Topics with the fewest readers first. */
  #partitionsInOrder(): AssignedPartition[] {
    const sizeOf = ({ name }: AssignorTopic): number => this.#readers.get(name)!.length
    const topics = [...this.#topics.values()]
    return topics.sort((a, b) => sizeOf(a) - sizeOf(b) || compareText(a.name, b.name)).flatMap(partitionsOf)
  }

  #isShared(topic: string): boolean {
    return this.#readers.get(topic)!.length >= 2
  }

  /** The active reader with the fewest partitions, the first by its id among equals. */
  #fewest(topic: string): string | undefined {
    return this.#readers
      .get(topic)!
      .filter((memberId) => this.#active.has(memberId))
      .sort((a, b) => this.#countOf(a) - this.#countOf(b) || compareText(a, b))[0]
  }

  #countOf(memberId: string): number {
    return this.#owned.get(memberId)!.length
  }

  #giveToFewest(partition: AssignedPartition): void {
    const memberId = this.#fewest(partition.topic)
    if (memberId === undefined) return
    this.#owned.get(memberId)!.push(partition)
    this.#owners.set(partitionKey(partition), memberId)
  }

  /** Members whose partitions nobody else may read and who can have no more. */
  #setFixedAside(): GroupAssignment {
    const fixed: GroupAssignment = new Map()
    for (const memberId of this.#reads.keys()) {
      if (this.#mayChange(memberId)) continue
      fixed.set(memberId, this.#owned.get(memberId)!)
      this.#owned.delete(memberId)
      this.#active.delete(memberId)
    }
    return fixed
  }

  #largestShare(memberId: string): number {
    return this.#reads.get(memberId)!.reduce((sum, topic) => sum + this.#topics.get(topic)!.partitionCount, 0)
  }

  #mayChange(memberId: string): boolean {
    const owned = this.#owned.get(memberId)!
    return owned.length < this.#largestShare(memberId) || owned.some(({ topic }) => this.#isShared(topic))
  }

  #reassign(partitions: readonly AssignedPartition[]): boolean {
    let hasMoved = false
    for (let modified = true; modified; ) {
      modified = false
      for (const each of partitions) {
        if (this.#isBalanced()) break
        const count = this.#countOf(this.#owners.get(partitionKey(each))!)
        const others = this.#readers.get(each.topic)!
        if (!others.some((memberId) => count > this.#countOf(memberId) + 1)) continue
        this.#move(each, this.#fewest(each.topic)!)
        hasMoved = true
        modified = true
      }
    }
    return hasMoved
  }

  #isBalanced(): boolean {
    const counts = [...this.#owned.values()].map((list) => list.length)
    if (Math.min(...counts) >= Math.max(...counts) - 1) return true
    for (const [memberId, own] of this.#owned) {
      if (own.length === this.#largestShare(memberId)) continue
      const has = new Set(own.map(partitionKey))
      for (const topic of this.#reads.get(memberId)!) {
        for (const each of partitionsOf(this.#topics.get(topic)!)) {
          if (has.has(partitionKey(each))) continue
          if (own.length + 1 < this.#countOf(this.#owners.get(partitionKey(each))!)) return false
        }
      }
    }
    return true
  }

  #move(wanted: AssignedPartition, to: string): void {
    const partition = this.#movements.betterChoice(wanted, this.#owners.get(partitionKey(wanted))!, to)
    const key = partitionKey(partition)
    const from = this.#owners.get(key)!
    this.#movements.note(partition, from, to)
    const list = this.#owned.get(from)!
    list.splice(
      list.findIndex((each) => partitionKey(each) === key),
      1,
    )
    this.#owned.get(to)!.push(partition)
    this.#owners.set(key, to)
  }
}

function copyOf(owned: GroupAssignment): GroupAssignment {
  return new Map([...owned].map(([memberId, list]) => [memberId, [...list]]))
}

/** The differences in size between all pairs of members. */
function imbalance(owned: GroupAssignment): number {
  const counts = [...owned.values()].map((list) => list.length)
  let sum = 0
  for (const [at, count] of counts.entries()) {
    for (const other of counts.slice(at + 1)) sum += Math.abs(count - other)
  }
  return sum
}

interface Movement {
  readonly partition: AssignedPartition
  readonly from: string
  readonly to: string
}

/** A pair's partitions, with the most there ever were: a Java set's order depends on it. */
interface PairSet {
  readonly partitions: Map<string, AssignedPartition>
  most: number
}

/** Which partitions moved from whom to whom: moving one back is better than moving another the other way. */
class Movements {
  readonly #byPartition = new Map<string, Movement>()
  readonly #byPair = new Map<string, PairSet>()

  /** Another partition of the topic that came from `to`, if there is one. */
  betterChoice(partition: AssignedPartition, owner: string, to: string): AssignedPartition {
    const first = this.#byPartition.get(partitionKey(partition))?.from ?? owner
    const back = this.#byPair.get(pairKey(partition.topic, to, first))
    if (back === undefined || back.partitions.size === 0) return partition
    return hashMapOrderBy([...back.partitions.values()], javaHashOf, tableOf(back.most))[0]!
  }

  note(partition: AssignedPartition, from: string, to: string): void {
    const key = partitionKey(partition)
    const before = this.#byPartition.get(key)
    if (before !== undefined) {
      this.#byPartition.delete(key)
      const pair = pairKey(partition.topic, before.from, before.to)
      const set = this.#byPair.get(pair)!
      set.partitions.delete(key)
      if (set.partitions.size === 0) this.#byPair.delete(pair)
      if (before.from === to) return
    }
    const first = before?.from ?? from
    this.#byPartition.set(key, { partition, from: first, to })
    const pair = pairKey(partition.topic, first, to)
    const set = this.#byPair.get(pair) ?? { partitions: new Map(), most: 0 }
    set.partitions.set(key, partition)
    set.most = Math.max(set.most, set.partitions.size)
    this.#byPair.set(pair, set)
  }
}

const pairKey = (topic: string, from: string, to: string): string => `${topic}\0${from}\0${to}`

/** `TopicPartition.hashCode` */
function javaHashOf({ topic, partition }: AssignedPartition): number {
  return (Math.imul(31, 31 + partition) + javaHashCode(topic)) | 0
}

const SMALLEST_TABLE = 16
const FILL = 0.75

/** How large the table of a Java hash set has become: it does not shrink. */
function tableOf(most: number): number {
  let size = SMALLEST_TABLE
  while (most > size * FILL) size *= 2
  return size
}
