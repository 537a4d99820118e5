/**
 * The image's partitions by what a broker's coming or going does to them, so that nobody walks all topics to find a few.
 * Soft state of the active controller, derived from the image alone and kept up with each replay.
 */
import type { Uuid } from '../base/uuid.ts'
import { NO_LEADER } from '../metadata/image.ts'
import type { MetadataDelta, MetadataImage, PartitionRegistration, TopicImage } from '../metadata/types.ts'
import { isReassigning } from './reassignment.ts'

/** A partition with the topic it belongs to. */
export interface PartitionPlace {
  readonly topic: TopicImage
  readonly partitionId: number
  readonly partition: PartitionRegistration
}

/** Topic id -> partition numbers. */
type PartitionSet = Map<Uuid, Set<number>>

/** Sets of partitions by number: a broker id, or one of the states below. */
class PartitionSets {
  private readonly sets = new Map<number, PartitionSet>()

  get(key: number): PartitionSet | undefined {
    return this.sets.get(key)
  }

  has(key: number): boolean {
    return this.sets.has(key)
  }

  /** The partition was in the sets `before` and is in those of `after`. */
  move(topicId: Uuid, partitionId: number, before: readonly number[], after: readonly number[]): void {
    for (const key of before) if (!after.includes(key)) this.remove(key, topicId, partitionId)
    for (const key of after) if (!before.includes(key)) this.add(key, topicId, partitionId)
  }

  /** All of it as text, in order. */
  describe(name: string): string[] {
    return [...this.sets].flatMap(([key, set]) =>
      [...set].flatMap(([topic, numbers]) => [...numbers].map((number) => `${name} ${key}: ${topic} ${number}`)),
    )
  }

  private add(key: number, topicId: Uuid, partitionId: number): void {
    let set = this.sets.get(key)
    if (set === undefined) {
      set = new Map()
      this.sets.set(key, set)
    }
    const numbers = set.get(topicId)
    if (numbers === undefined) set.set(topicId, new Set([partitionId]))
    else numbers.add(partitionId)
  }

  private remove(key: number, topicId: Uuid, partitionId: number): void {
    const set = this.sets.get(key)
    const numbers = set?.get(topicId)
    if (set === undefined || numbers === undefined) return
    numbers.delete(partitionId)
    if (numbers.size === 0) set.delete(topicId)
    if (set.size === 0) this.sets.delete(key)
  }
}

const NOT_PREFERRED = 1
const REASSIGNING = 2
const NONE: readonly number[] = []
const STATES: readonly (readonly number[])[] = [NONE, [NOT_PREFERRED], [REASSIGNING], [NOT_PREFERRED, REASSIGNING]]

function statesOf(partition: PartitionRegistration | undefined): readonly number[] {
  if (partition === undefined) return NONE
  const notPreferred = partition.leader === partition.replicas[0] ? 0 : NOT_PREFERRED
  return STATES[notPreferred | (isReassigning(partition) ? REASSIGNING : 0)]!
}

const NO_PARTITIONS: ReadonlyMap<number, PartitionRegistration> = new Map()

export class PartitionIndex {
  private image: MetadataImage
  private readonly isrs = new PartitionSets()
  private readonly elrs = new PartitionSets()
  private readonly leaders = new PartitionSets()
  private readonly states = new PartitionSets()

  constructor(image: MetadataImage) {
    this.image = image
    for (const topic of image.topicsById.values()) this.replaceTopic(topic.id, undefined, topic)
  }

  /** Takes over the image that `delta` led to from the one known so far. */
  update(image: MetadataImage, delta: Pick<MetadataDelta, 'changedTopics' | 'deletedTopics'>): void {
    const before = this.image
    this.image = image
    for (const id of delta.deletedTopics.keys()) this.replaceTopic(id, before.topicsById.get(id), undefined)
    for (const id of delta.changedTopics) this.replaceTopic(id, before.topicsById.get(id), image.topicsById.get(id))
  }

  withBrokerInIsr(brokerId: number): Generator<PartitionPlace> {
    return this.places(this.isrs.get(brokerId))
  }
  withBrokerInElr(brokerId: number): Generator<PartitionPlace> {
    return this.places(this.elrs.get(brokerId))
  }
  withoutLeader(): Generator<PartitionPlace> {
    return this.places(this.leaders.get(NO_LEADER))
  }
  /** Led by another than their first replica, or by nobody. */
  withoutPreferredLeader(): Generator<PartitionPlace> {
    return this.places(this.states.get(NOT_PREFERRED))
  }
  reassigning(): Generator<PartitionPlace> {
    return this.places(this.states.get(REASSIGNING))
  }

  /** Leads at least one partition. */
  hasLeaderships(brokerId: number): boolean {
    return this.leaders.has(brokerId)
  }

  /** All sets as text: two indexes of one image are equal. */
  describe(): string[] {
    const { isrs, elrs, leaders, states } = this
    const all = [isrs.describe('isr'), elrs.describe('elr'), leaders.describe('leader'), states.describe('state')]
    return all.flat().sort()
  }

  private *places(set: PartitionSet | undefined): Generator<PartitionPlace> {
    for (const [topicId, partitionIds] of set ?? []) {
      const topic = this.image.topicsById.get(topicId)!
      for (const partitionId of partitionIds)
        yield { topic, partitionId, partition: topic.partitions.get(partitionId)! }
    }
  }

  private replaceTopic(id: Uuid, before: TopicImage | undefined, after: TopicImage | undefined): void {
    const old = before?.partitions ?? NO_PARTITIONS
    const next = after?.partitions ?? NO_PARTITIONS
    for (const [number, partition] of old) if (!next.has(number)) this.replace(id, number, partition, undefined)
    for (const [number, partition] of next) {
      const previous = old.get(number)
      if (previous !== partition) this.replace(id, number, previous, partition)
    }
  }

  private replace(
    id: Uuid,
    number: number,
    before: PartitionRegistration | undefined,
    after: PartitionRegistration | undefined,
  ): void {
    if (before?.isr !== after?.isr) this.isrs.move(id, number, before?.isr ?? NONE, after?.isr ?? NONE)
    if (before?.elr !== after?.elr) this.elrs.move(id, number, before?.elr ?? NONE, after?.elr ?? NONE)
    if (before?.leader !== after?.leader) {
      const leaderOf = (partition: typeof before) => (partition === undefined ? NONE : [partition.leader])
      this.leaders.move(id, number, leaderOf(before), leaderOf(after))
    }
    this.states.move(id, number, statesOf(before), statesOf(after))
  }
}
