/** Whether a cluster is whole again, by what its own nodes know. */
import type { MetadataImage } from '../../../src/metadata/types.ts'
import { partitionsOf } from '../invariants/invariants.ts'
import type { SimNode } from './sim-node.ts'

/** What is still missing; null when every node serves and, where `replicas` count, every replica is in sync. */
export function recovery(nodes: readonly SimNode[], replicas = true): string | null {
  for (const { id, node } of nodes) if (node === null) return `node ${id} is not in service`
  const offsets = nodes.map(({ node }) => node!.image.offset)
  if (Math.max(...offsets) - Math.min(...offsets) > 50) return `images are at ${offsets}`
  const { image } = nodes.find(({ plan }) => plan.isBroker)!.node!
  for (const { id, plan } of nodes) {
    if (plan.isBroker && image.brokers.get(id)?.fenced !== false) return `broker ${id} is fenced`
  }
  return replicas ? outOfSync(image) : null
}

/**
 * A partition that no replica may lead without the word of an operator: all that were in sync ended uncleanly at once, or
 * its eligible leaders were forgotten when min.insync.replicas changed (KIP-966). null when there is none.
 */
export function hopeless(image: MetadataImage): string | null {
  const found = partitionsOf(image).find(({ registration }) => {
    const { leader, isr, elr, replicas, lastKnownElr } = registration
    const candidates = [...isr, ...elr].filter((id) => replicas.includes(id))
    // With nobody eligible the last leader is elected once it is back, unless a replica of the past stands in its way.
    const lastLeader = isr.length + elr.length === 0 && lastKnownElr.length === 1
    return leader < 0 && candidates.length === 0 && !lastLeader
  })
  return found?.name ?? null
}

function outOfSync(image: MetadataImage): string | null {
  for (const { name, registration } of partitionsOf(image)) {
    const { leader, isr, replicas, addingReplicas, removingReplicas } = registration
    if (leader < 0) return `${name} has no leader`
    if (isr.length < replicas.length) return `${name} has ISR ${isr} of ${replicas}`
    if (addingReplicas.length + removingReplicas.length > 0) return `${name} is being reassigned`
  }
  return null
}
