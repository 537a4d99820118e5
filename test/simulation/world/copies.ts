/**
 * Which replicas may be counted on. A broker that ended uncleanly is taken out of the ISR and of the eligible leader
 * replicas when it registers again (KIP-966), whether or not it has lost anything; it counts again once it is back in the
 * ISR. What was acknowledged is safe while fewer than min.insync.replicas of the replicas that hold it end so at once.
 */
import type { MetadataImage } from '../../../src/metadata/types.ts'
import { partitionsOf } from '../invariants/invariants.ts'
import type { SimNode } from './sim-node.ts'

/** `in`: still listed by the controller, which does not know yet. `out`: has to catch up. */
type Doubt = 'in' | 'out'

export class Copies {
  /** `broker partition` -> why the replica does not count. */
  private readonly doubts = new Map<string, Doubt>()
  /** Of those, the ones that have lost bytes. */
  private readonly lost = new Set<string>()
  /** A harsh seed may take every copy out of service at once, as long as none of them has lost anything. */
  private readonly harsh: boolean
  private image: MetadataImage | null = null

  constructor(harsh: boolean) {
    this.harsh = harsh
  }

  onNewestImage(image: MetadataImage): void {
    this.image = image
    for (const { name, registration } of partitionsOf(image)) {
      const { replicas, isr, elr } = registration
      for (const id of replicas) {
        const key = `${id} ${name}`
        const doubt = this.doubts.get(key)
        if (doubt === undefined) continue
        if (doubt === 'in' && !isr.includes(id) && !elr.includes(id)) this.doubts.set(key, 'out')
        if (doubt === 'out' && isr.includes(id)) {
          this.doubts.delete(key)
          this.lost.delete(key)
        }
      }
    }
  }

  /** The process ends, or may end any moment, without a clean shutdown; `bytesLost`: so does its page cache. */
  ended(node: SimNode, bytesLost: boolean): void {
    if (this.image === null) return
    for (const { name, registration } of partitionsOf(this.image)) {
      if (!registration.replicas.includes(node.id)) continue
      this.doubts.set(`${node.id} ${name}`, 'in')
      if (bytesLost) this.lost.add(`${node.id} ${name}`)
    }
  }

  /** A controller without a broker role has no records to lose. */
  mayEnd(node: SimNode, bytesLost: boolean): boolean {
    if (this.image === null || !node.plan.isBroker) return true
    return partitionsOf(this.image).every(({ name, registration }) => {
      const { replicas, isr, elr } = registration
      if (!replicas.includes(node.id)) return true
      if (this.harsh && !bytesLost && !replicas.some((id) => this.lost.has(`${id} ${name}`))) return true
      const others = [...isr, ...elr].filter((id) => id !== node.id && replicas.includes(id))
      const doubtful = others.filter((id) => this.doubts.has(`${id} ${name}`))
      return doubtful.length === 0 && others.length > 0
    })
  }
}
