/** What every image must say of partitions, and how it may change: the ISR lies in the replicas, epochs only grow. */
import type { MetadataImage, PartitionRegistration } from '../../../src/metadata/types.ts'
import type { SimNode } from '../world/sim-node.ts'
import { type Invariant, type Observed, partitionsOf } from './invariants.ts'

export class ImageRules implements Invariant {
  private readonly observed: Observed
  private readonly offsets = new Map<string, number>()
  private readonly partitions = new Map<string, PartitionRegistration>()

  constructor(observed: Observed) {
    this.observed = observed
  }

  onImage(node: SimNode, image: MetadataImage): void {
    const life = `${node.id}.${node.incarnation}`
    const before = this.offsets.get(life) ?? -1
    if (image.offset < before)
      this.fail(`the image of node ${node.id} goes from offset ${before} back to ${image.offset}`)
    this.offsets.set(life, image.offset)
  }

  onNewestImage(image: MetadataImage): void {
    for (const { name, topicId, registration } of partitionsOf(image)) {
      const key = `${topicId} ${name}`
      const before = this.partitions.get(key)
      if (before === registration) continue
      this.partitions.set(key, registration)
      this.observed.world.note(`${name} is ${text(registration)}`)
      this.checkAlone(name, registration)
      if (before === undefined) continue
      this.checkChange(name, before, registration)
      this.checkNewcomers(name, before, registration, image)
    }
  }

  private checkAlone(name: string, { replicas, isr, elr, leader }: PartitionRegistration): void {
    // The ELR may name a replica that a reassignment has removed, as Kafka's may: it is never elected, being no replica.
    const outside = isr.filter((id) => !replicas.includes(id))
    if (outside.length > 0) this.isr(`${name}: ISR ${isr} does not lie in the replicas ${replicas}`)
    if (new Set(isr).size !== isr.length) this.isr(`${name}: ISR ${isr} names a replica twice`)
    if (elr.some((id) => isr.includes(id))) this.isr(`${name}: ELR ${elr} and ISR ${isr} overlap`)
    if (leader >= 0 && !isr.includes(leader)) this.isr(`${name}: leader ${leader} is not in the ISR ${isr}`)
  }

  /** Who joins the ISR is in service; the last one stays in it whatever happens to it. */
  private checkNewcomers(
    name: string,
    before: PartitionRegistration,
    { isr }: PartitionRegistration,
    { brokers }: MetadataImage,
  ): void {
    if (isr.length === 1) return
    const fenced = isr.filter((id) => !before.isr.includes(id) && brokers.get(id)?.fenced !== false)
    if (fenced.length > 0) this.isr(`${name}: ${fenced} joins the ISR ${isr} and is fenced`)
  }

  private checkChange(name: string, before: PartitionRegistration, now: PartitionRegistration): void {
    if (now.leaderEpoch < before.leaderEpoch || now.partitionEpoch < before.partitionEpoch) {
      this.fail(
        `${name}: leader epoch ${before.leaderEpoch} -> ${now.leaderEpoch}, partition epoch ${before.partitionEpoch} -> ${now.partitionEpoch}`,
      )
    }
    if (now.leader !== before.leader && now.leaderEpoch === before.leaderEpoch) {
      this.fail(
        `${name}: the leader changes from ${before.leader} to ${now.leader} within leader epoch ${now.leaderEpoch}`,
      )
    }
  }

  private isr(detail: string): void {
    this.observed.world.violated('the ISR lies in the replicas', detail)
  }

  private fail(detail: string): void {
    this.observed.world.violated('epochs and offsets of images only grow', detail)
  }
}

function text(partition: PartitionRegistration): string {
  const { leader, leaderEpoch, partitionEpoch, ...sets } = partition
  const { replicas, addingReplicas, removingReplicas, isr, elr, lastKnownElr } = sets
  const named = { replicas, adding: addingReplicas, removing: removingReplicas, ISR: isr, ELR: elr, last: lastKnownElr }
  const filled = Object.entries(named).filter(([name, ids]) => name === 'ISR' || ids.length > 0)
  return `led by ${leader} in epoch ${leaderEpoch}.${partitionEpoch}, ${filled.map(([name, ids]) => `${name} ${ids}`).join(', ')}`
}
