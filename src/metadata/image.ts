/** The metadata image before the first record, and small questions asked of any image. */
import type { PartitionRecord } from '../protocol/metadata/03-partition.ts'
import type { PartitionChangeRecordInput } from '../protocol/metadata/05-partition-change.ts'
import { type ConfigResourceKey, configKey, type MetadataImage, type PartitionRegistration } from './types.ts'

export const EMPTY_IMAGE: MetadataImage = {
  offset: -1,
  epoch: -1,
  features: new Map(),
  brokers: new Map(),
  controllers: new Map(),
  topicsByName: new Map(),
  topicsById: new Map(),
  configs: new Map(),
  nextProducerId: 0n,
  clientQuotas: new Map(),
  scramCredentials: new Map(),
  acls: new Map(),
  delegationTokens: new Map(),
}

export const NO_LEADER = -1
/** Leader of a PartitionChangeRecord that leaves the leader alone. */
export const NO_LEADER_CHANGE = -2
const NO_RECOVERY_STATE_CHANGE = -1

const NO_CONFIG: ReadonlyMap<string, string> = new Map()

/** Values set for a resource; empty when none are. */
export function configOf(image: MetadataImage, resource: ConfigResourceKey): ReadonlyMap<string, string> {
  return image.configs.get(configKey(resource)) ?? NO_CONFIG
}

export function partitionFromRecord(record: PartitionRecord): PartitionRegistration {
  return {
    replicas: record.replicas,
    directories: record.directories,
    isr: record.isr,
    removingReplicas: record.removingReplicas,
    addingReplicas: record.addingReplicas,
    elr: record.eligibleLeaderReplicas ?? [],
    lastKnownElr: record.lastKnownElr ?? [],
    leader: record.leader,
    leaderRecoveryState: record.leaderRecoveryState,
    leaderEpoch: record.leaderEpoch,
    partitionEpoch: record.partitionEpoch,
  }
}

/** Every change bumps the partition epoch; naming a leader, even the same one, bumps the leader epoch. */
export function mergePartition(
  partition: PartitionRegistration,
  change: PartitionChangeRecordInput,
): PartitionRegistration {
  const leader = change.leader ?? NO_LEADER_CHANGE
  const recoveryState = change.leaderRecoveryState ?? NO_RECOVERY_STATE_CHANGE
  return {
    replicas: change.replicas ?? partition.replicas,
    directories: change.directories ?? partition.directories,
    isr: change.isr ?? partition.isr,
    removingReplicas: change.removingReplicas ?? partition.removingReplicas,
    addingReplicas: change.addingReplicas ?? partition.addingReplicas,
    elr: change.eligibleLeaderReplicas ?? partition.elr,
    lastKnownElr: change.lastKnownElr ?? partition.lastKnownElr,
    leader: leader === NO_LEADER_CHANGE ? partition.leader : leader,
    leaderRecoveryState: recoveryState === NO_RECOVERY_STATE_CHANGE ? partition.leaderRecoveryState : recoveryState,
    leaderEpoch: leader === NO_LEADER_CHANGE ? partition.leaderEpoch : partition.leaderEpoch + 1,
    partitionEpoch: partition.partitionEpoch + 1,
  }
}

/** One text per quota entity, whatever the order of its parts; a null name is the default entity. */
export function quotaKey(entity: ReadonlyMap<string, string | null>): string {
  return JSON.stringify([...entity].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
}
