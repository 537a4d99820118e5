/**
 * The arithmetic of a partition reassignment (KIP-455): while it runs, `replicas` holds the target followed by whoever is
 * to go, `adding` and `removing` say who is new and who goes. Pure functions over lists of broker ids.
 */
import type { PartitionRegistration } from '../metadata/types.ts'
import { KafkaError } from '../protocol/error-codes.ts'

export interface Assignment {
  readonly replicas: readonly number[]
  readonly adding: readonly number[]
  readonly removing: readonly number[]
}

export interface ReplicasAndIsr {
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
}

type Ids = readonly number[]

const without = (ids: Ids, gone: Ids): number[] => ids.filter((id) => !gone.includes(id))
const holdsAll = (ids: Ids, wanted: Ids): boolean => wanted.every((id) => ids.includes(id))
const ascending = (ids: number[]): number[] => ids.sort((a, b) => a - b)

export function isReassigning({ addingReplicas, removingReplicas }: PartitionRegistration): boolean {
  return addingReplicas.length > 0 || removingReplicas.length > 0
}

/** The assignment that leads from `current` to `target`: nobody goes before the new ones are in sync. */
export function reassignmentTo(current: Ids, target: Ids): Assignment {
  const removing = ascending(without(current, target))
  return { replicas: [...target, ...removing], adding: ascending(without(target, current)), removing }
}

/** What remains once the reassignment is over; null while this ISR does not allow that, or when none is going on. */
export function completedReassignment({ replicas, adding, removing }: Assignment, isr: Ids): ReplicasAndIsr | null {
  if (adding.length === 0 && removing.length === 0) return null
  const remainingIsr = without(isr, removing)
  const remaining = without(replicas, removing)
  if (removing.length > 0 && (remainingIsr.length === 0 || remaining.length === 0)) return null
  if (!holdsAll(remainingIsr, adding)) return null
  // With fewer replicas than before, those that stay must all be in sync: else the ISR would shrink for nothing.
  if (adding.length < removing.length && !holdsAll(remainingIsr, remaining)) return null
  return { replicas: remaining, isr: remainingIsr }
}

/**
 * What was before the reassignment began. `unclean`: no old replica is in sync, so the first one would have to lead
 * without being so. Throws INVALID_REPLICA_ASSIGNMENT when there is no old replica at all.
 */
export function revertedReassignment(partition: PartitionRegistration): ReplicasAndIsr & { unclean: boolean } {
  const replicas = without(partition.replicas, partition.addingReplicas)
  const isr = without(partition.isr, partition.addingReplicas)
  if (isr.length > 0) return { replicas, isr, unclean: false }
  if (replicas.length === 0) {
    const message = 'Invalid replica assignment: addingReplicas contains all replicas.'
    throw new KafkaError('INVALID_REPLICA_ASSIGNMENT', message)
  }
  return { replicas, isr: [replicas[0]!], unclean: true }
}

/** Replicas a partition has, or will have when its reassignment is over. */
export function targetReplicationFactor({ replicas, addingReplicas, removingReplicas }: PartitionRegistration): number {
  return new Set(without([...replicas, ...addingReplicas], removingReplicas)).size
}
