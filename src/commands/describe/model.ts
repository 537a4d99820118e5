/** What `kt describe` knows, gathered from the cluster and drawn or printed as it stands. */
import type { BrokerNode, GroupMember, PartitionDescription } from '../../client/admin-types.ts'

/** A partition with where its log begins and ends; null where the cluster did not tell. */
export interface PartitionStatus extends PartitionDescription {
  readonly earliestOffset: number | null
  readonly latestOffset: number | null
  /** Bytes of the leader's replica. */
  readonly sizeBytes: number | null
  readonly isReassigning: boolean
  /** Of every replica but the leader, in their order; null when nobody was asked. */
  readonly followers: readonly FollowerStatus[] | null
}

export interface FollowerStatus {
  readonly broker: number
  /** Records of the leader's log that it does not have yet; null when it did not tell. */
  readonly lag: number | null
}

/** The active controller; null where the cluster does not tell. */
export interface ControllerStatus {
  readonly id: number
  readonly epoch: number | null
}

export interface TopicStatus {
  readonly name: string
  readonly topicId: string
  readonly isInternal: boolean
  /** What was set on the topic itself. */
  readonly configs: ReadonlyMap<string, string | null>
  /** In force for the topic, wherever it is set; null when nobody was asked. */
  readonly minInsyncReplicas: number | null
  readonly uncleanElection: boolean | null
  readonly partitions: readonly PartitionStatus[]
}

export interface BrokerStatus extends BrokerNode {
  readonly isController: boolean
  /** Partitions this broker leads, and those it holds a replica of. */
  readonly leaderCount: number
  readonly replicaCount: number
  readonly logDirs: readonly LogDirStatus[]
  /** What was set on this broker or on all; empty in overviews. */
  readonly configs: ReadonlyMap<string, string | null>
}

export interface LogDirStatus {
  readonly path: string
  readonly error: string | null
  readonly sizeBytes: number
  /** -1 when the broker does not tell. */
  readonly usableBytes: number
}

export interface GroupPartition {
  readonly topic: string
  readonly partition: number
  /** null when nothing is committed. */
  readonly committedOffset: number | null
  readonly logEndOffset: number | null
  readonly lag: number | null
  readonly memberId: string | null
}

export interface GroupStatus {
  readonly groupId: string
  readonly type: string
  readonly state: string
  readonly assignor: string
  readonly coordinator: BrokerNode
  readonly members: readonly GroupMember[]
  readonly partitions: readonly GroupPartition[]
}

/** One picture: what was asked for. */
export type Picture =
  | {
      readonly kind: 'cluster'
      readonly clusterId: string
      readonly controller: ControllerStatus | null
      readonly brokers: readonly BrokerStatus[]
      readonly topics: readonly TopicStatus[]
    }
  | { readonly kind: 'topics'; readonly topics: readonly TopicStatus[]; readonly liveBrokers: readonly number[] }
  | { readonly kind: 'brokers'; readonly brokers: readonly BrokerStatus[] }
  | { readonly kind: 'groups'; readonly groups: readonly GroupStatus[] }

/** Records a partition holds now, as far as offsets tell: compaction and transactions leave gaps. */
export function recordCount({ earliestOffset, latestOffset }: PartitionStatus): number | null {
  return earliestOffset === null || latestOffset === null ? null : latestOffset - earliestOffset
}

/** The sum, or null when a part of it is not known. */
export function sumOrNull(values: readonly (number | null)[]): number | null {
  return values.reduce((sum, value) => (sum === null || value === null ? null : sum + value), 0 as number | null)
}

/** Something about the partition needs a look. */
export function isInTrouble(partition: PartitionDescription): boolean {
  return partition.leader < 0 || partition.offlineReplicas.length > 0 || isUnderReplicated(partition)
}

/** `orders-0` */
export function partitionName(topic: string, partition: number): string {
  return `${topic}-${partition}`
}

/** True when replicas are missing from the ISR. */
export function isUnderReplicated({ replicas, isr }: PartitionDescription): boolean {
  return isr.length < replicas.length
}

/** True when so few are in sync that acks=all is refused, or nobody leads; false when min.insync.replicas is not known. */
export function isBelowMinIsr(
  { minInsyncReplicas: min }: Pick<TopicStatus, 'minInsyncReplicas'>,
  { isr, replicas }: PartitionDescription,
): boolean {
  // What Kafka asks of a partition with fewer replicas than that.
  return min !== null && isr.length < Math.min(min, replicas.length)
}
