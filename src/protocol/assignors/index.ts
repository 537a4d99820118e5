/** Kafka's assignors by name: those of clients in classic groups, and those of brokers (KIP-848). */
import { assignRange } from './range.ts'
import { assignRoundRobin } from './round-robin.ts'
import { assignCooperativeSticky, assignSticky } from './sticky.ts'
import type { Assign } from './types.ts'
import { assignUniform } from './uniform.ts'

export type {
  Assign,
  AssignedPartition,
  AssignorMember,
  AssignorTopic,
  GroupAssignment,
} from './types.ts'

/** Who works it out: a member of a classic group, or the coordinator (KIP-848). */
export type GroupProtocol = 'classic' | 'consumer'

/**
 * `eager`: all stand still until it is shared anew. `cooperative`: what moves is given up in one rebalance and given out in
 * the next. `incremental`: what moves stands still, each partition for itself (KIP-848).
 */
export type RebalanceStyle = 'eager' | 'cooperative' | 'incremental'

export interface Assignor {
  /** As in `partition.assignment.strategy` or `group.remote.assignor`. */
  readonly name: string
  readonly protocol: GroupProtocol
  readonly style: RebalanceStyle
  readonly assign: Assign
}

/** Of classic groups, Kafka's own. */
export const CLIENT_ASSIGNORS: readonly Assignor[] = [
  { name: 'range', protocol: 'classic', style: 'eager', assign: assignRange },
  { name: 'roundrobin', protocol: 'classic', style: 'eager', assign: assignRoundRobin },
  { name: 'sticky', protocol: 'classic', style: 'eager', assign: assignSticky },
  { name: 'cooperative-sticky', protocol: 'classic', style: 'cooperative', assign: assignCooperativeSticky },
]

/** Of the coordinator, for groups of KIP-848. */
export const BROKER_ASSIGNORS: readonly Assignor[] = [
  { name: 'uniform', protocol: 'consumer', style: 'incremental', assign: assignUniform },
  { name: 'range', protocol: 'consumer', style: 'incremental', assign: assignRange },
]
