/**
 * Which replicas may be counted on. A broker that ended uncleanly is taken out of the ISR and of the eligible leader
 * replicas when it registers again (KIP-966), whether or not it has lost anything; it counts again once it is back in the
 * ISR. What was acknowledged is safe while fewer than min.insync.replicas of the replicas that hold it end so at once.
 */
import type { MetadataImage } from '../../../src/metadata/types.ts'
import { partitionsOf } from '../invariants/invariants.ts'
import type { SimNode } from './sim-node.ts'

interface Doubt {
  /** The process lost its page cache. */
  readonly bytesLost: boolean
  /** The next process has registered: until then the controller may still count on the replica, or begin to. */
  registered: boolean
}

export class Copies {
  /** `broker partition` -> why the replica does not count. */
  private readonly doubts = new Map<string, Doubt>()
  /** Broker epoch that was known when the present process of a broker was started. */
  private readonly epochAtStart = new Map<number, number>()
  /** A harsh seed may take every copy out of service at once, as long as none of them has lost anything. */
  private readonly harsh: boolean
  private image: MetadataImage | null = null

  constructor(harsh: boolean) {
    this.harsh = harsh
  }

  onNewestImage(image: MetadataImage): void {
    this.image = image
    for (const { name, registration } of partitionsOf(image)) {
      for (const id of registration.replicas) {
        const key = `${id} ${name}`
        const doubt = this.doubts.get(key)
        if (doubt === undefined) continue
        doubt.registered ||= epochOf(image, id) > (this.epochAtStart.get(id) ?? Number.POSITIVE_INFINITY)
        if (doubt.registered && registration.isr.includes(id)) this.doubts.delete(key)
      }
    }
  }

  started(node: SimNode): void {
    this.epochAtStart.set(node.id, this.image === null ? -1 : epochOf(this.image, node.id))
  }

  /** The process ends, or may end any moment, without a clean shutdown; `bytesLost`: so does its page cache. */
  ended(node: SimNode, bytesLost: boolean): void {
    this.epochAtStart.delete(node.id)
    if (this.image === null) return
    for (const { name } of partitionsOf(this.image)) {
      const key = `${node.id} ${name}`
      const before = this.doubts.get(key)
      this.doubts.set(key, { bytesLost: bytesLost || before?.bytesLost === true, registered: false })
    }
  }

  /** The replica may hold less than it has told, and is counted as in sync all the same. */
  hasLostBytes(nodeId: number, partition: string): boolean {
    const doubt = this.doubts.get(`${nodeId} ${partition}`)
    return doubt?.bytesLost === true && !doubt.registered
  }

  /** The replica may hold less than it once had, until it is in sync again. */
  mayHaveLostBytes(nodeId: number, partition: string): boolean {
    return this.doubts.get(`${nodeId} ${partition}`)?.bytesLost === true
  }

  /** A controller without a broker role has no records to lose. */
  mayEnd(node: SimNode, bytesLost: boolean): boolean {
    if (this.image === null || !node.plan.isBroker) return true
    return partitionsOf(this.image).every(({ name, registration }) => {
      const { replicas, isr, elr } = registration
      if (!replicas.includes(node.id)) return true
      const hasLost = (id: number): boolean => this.doubts.get(`${id} ${name}`)?.bytesLost === true
      if (this.harsh && !bytesLost && !replicas.some(hasLost)) return true
      const others = [...isr, ...elr].filter((id) => id !== node.id && replicas.includes(id))
      return others.length > 0 && others.every((id) => !this.doubts.has(`${id} ${name}`))
    })
  }
}

function epochOf(image: MetadataImage, brokerId: number): number {
  return image.brokers.get(brokerId)?.epoch ?? -1
}
