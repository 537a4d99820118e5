/**
 * The image's partitions by what a broker's coming or going does to them, so that nobody walks all topics to find a few.
 * Soft state of the active controller, derived from the image alone and kept up with each replay.
 */
import type { Uuid } from '../base/uuid.ts'
import { NO_LEADER } from '../metadata/image.ts'
import type { MetadataDelta, MetadataImage, PartitionRegistration, TopicImage } from '../metadata/types.ts'
import type { PartitionPlace } from './partition-change.ts'
import { isReassigning } from './reassignment.ts'

/** Topic id -> partition numbers. */
type PartitionSet = Map<Uuid, Set<number>>

/** Names of the sets a partition is in: `isr:1`, `elr:2`, `leader:1`, ... */
function setsOf({ isr, elr, leader, replicas, ...rest }: PartitionRegistration): string[] {
  const names = [`leader:${leader}`]
  for (const id of isr) names.push(`isr:${id}`)
  for (const id of elr) names.push(`elr:${id}`)
  if (leader !== replicas[0]) names.push(NOT_PREFERRED)
  if (isReassigning({ isr, elr, leader, replicas, ...rest })) names.push(REASSIGNING)
  return names
}

const NOT_PREFERRED = 'not-preferred'
const REASSIGNING = 'reassigning'

const NO_PARTITIONS: ReadonlyMap<number, PartitionRegistration> = new Map()

export class PartitionIndex {
  private image: MetadataImage
  private readonly sets = new Map<string, PartitionSet>()

  constructor(image: MetadataImage) {
    this.image = image
    for (const topic of image.topicsById.values()) this.replace(topic.id, undefined, topic)
  }

  /** Takes over the image that `delta` led to from the one known so far. */
  update(image: MetadataImage, delta: Pick<MetadataDelta, 'changedTopics' | 'deletedTopics'>): void {
    const before = this.image
    this.image = image
    for (const id of delta.deletedTopics.keys()) this.replace(id, before.topicsById.get(id), undefined)
    for (const id of delta.changedTopics) this.replace(id, before.topicsById.get(id), image.topicsById.get(id))
  }

  withBrokerInIsr(brokerId: number): Generator<PartitionPlace> {
    return this.places(`isr:${brokerId}`)
  }
  withBrokerInElr(brokerId: number): Generator<PartitionPlace> {
    return this.places(`elr:${brokerId}`)
  }
  withoutLeader(): Generator<PartitionPlace> {
    return this.places(`leader:${NO_LEADER}`)
  }
  /** Led by another than their first replica, or by nobody. */
  withoutPreferredLeader(): Generator<PartitionPlace> {
    return this.places(NOT_PREFERRED)
  }
  reassigning(): Generator<PartitionPlace> {
    return this.places(REASSIGNING)
  }

  /** Leads at least one partition. */
  hasLeaderships(brokerId: number): boolean {
    return this.sets.has(`leader:${brokerId}`)
  }

  /** Every set's content as text, in order: two indexes of one image are equal. */
  describe(): string[] {
    const topicsOf = (set: PartitionSet): string =>
      [...set]
        .map(([topic, numbers]) => `${topic}[${[...numbers].sort((a, b) => a - b)}]`)
        .sort()
        .join(' ')
    return [...this.sets].map(([name, set]) => `${name} ${topicsOf(set)}`).sort()
  }

  private *places(name: string): Generator<PartitionPlace> {
    for (const [topicId, partitionIds] of this.sets.get(name) ?? []) {
      const topic = this.image.topicsById.get(topicId)!
      for (const partitionId of partitionIds)
        yield { topic, partitionId, partition: topic.partitions.get(partitionId)! }
    }
  }

  private replace(id: Uuid, before: TopicImage | undefined, after: TopicImage | undefined): void {
    const old = before?.partitions ?? NO_PARTITIONS
    const next = after?.partitions ?? NO_PARTITIONS
    for (const [number, partition] of old) {
      if (next.get(number) !== partition) for (const name of setsOf(partition)) this.remove(name, id, number)
    }
    for (const [number, partition] of next) {
      if (old.get(number) !== partition) for (const name of setsOf(partition)) this.add(name, id, number)
    }
  }

  private add(name: string, topicId: Uuid, partitionId: number): void {
    let set = this.sets.get(name)
    if (set === undefined) {
      set = new Map()
      this.sets.set(name, set)
    }
    const numbers = set.get(topicId)
    if (numbers === undefined) set.set(topicId, new Set([partitionId]))
    else numbers.add(partitionId)
  }

  private remove(name: string, topicId: Uuid, partitionId: number): void {
    const set = this.sets.get(name)
    const numbers = set?.get(topicId)
    if (set === undefined || numbers === undefined) return
    numbers.delete(partitionId)
    if (numbers.size === 0) set.delete(topicId)
    if (set.size === 0) this.sets.delete(name)
  }
}
