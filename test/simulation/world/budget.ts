/**
 * How much may be broken at once. Within these limits nothing that was acknowledged may be lost and the cluster must
 * come back by itself: a majority of controllers and the minimum of in-sync replicas stay.
 */
import type { SimNode } from './sim-node.ts'

export class Budget {
  private readonly nodes: readonly SimNode[]
  private readonly impaired = new Map<SimNode, number>()
  /** A harsh seed breaks more than a cluster can stand: it stops, and must lose nothing. */
  private readonly harsh: boolean

  constructor(nodes: readonly SimNode[], harsh: boolean) {
    this.nodes = nodes
    this.harsh = harsh
  }

  /** Nodes that may be broken now without breaking too many. */
  candidates(): SimNode[] {
    return this.nodes.filter((node) => !this.impaired.has(node) && this.allows(node))
  }

  private allows(node: SimNode): boolean {
    if (this.harsh) return true
    const broken = [...this.impaired.keys()]
    const controllers = this.nodes.filter(({ plan }) => plan.isController).length
    const brokenControllers = broken.filter(({ plan }) => plan.isController).length
    const brokenBrokers = broken.filter(({ plan }) => plan.isBroker).length
    // One controller alone has no majority to keep: without it nothing moves, and nothing is lost.
    if (node.plan.isController && controllers > 1 && brokenControllers >= Math.floor((controllers - 1) / 2))
      return false
    return !(node.plan.isBroker && brokenBrokers >= 1)
  }

  /** Returns what gives the node back. */
  impair(node: SimNode): () => void {
    this.impaired.set(node, (this.impaired.get(node) ?? 0) + 1)
    let given = false
    return () => {
      if (given) return
      given = true
      const left = this.impaired.get(node)! - 1
      if (left === 0) this.impaired.delete(node)
      else this.impaired.set(node, left)
    }
  }
}
