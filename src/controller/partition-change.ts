/**
 * Computes how a partition changes when brokers come and go: target ISR, eligible leader replicas (KIP-966) and leader,
 * as Kafka's PartitionChangeBuilder does without a reassignment. Gives the record, or null when nothing changes.
 */
import type { Uuid } from '../base/uuid.ts'
import { NO_LEADER, NO_LEADER_CHANGE } from '../metadata/image.ts'
import type { PartitionRegistration } from '../metadata/types.ts'
import type { MetadataRecordInput } from '../protocol/metadata/index.ts'

/** Leader recovery state of a partition whose leader was elected unclean (KIP-704); 0 is recovered. */
const RECOVERING = 1

export interface PartitionChange {
  readonly topicId: Uuid
  readonly partitionId: number
  readonly partition: PartitionRegistration
  readonly targetIsr: readonly number[]
  /** Replicas that lost unflushed records: no ISR, no eligible leader. */
  readonly uncleanReplicas?: readonly number[]
  readonly isAcceptableLeader: (brokerId: number) => boolean
  readonly minIsr: number
  readonly elrEnabled: boolean
  /** A replica outside the ISR may be elected, losing records. */
  readonly allowUnclean: boolean
}

interface Target {
  isr: readonly number[]
  elr: readonly number[]
  lastKnownElr: readonly number[]
  leader: number
  unclean: boolean
}

const same = <T>(a: readonly T[], b: readonly T[]): boolean => a.length === b.length && a.every((x, i) => x === b[i])

/** Below min.insync.replicas the members that left the ISR stay eligible, unless they came back unclean. */
function targetElr(change: PartitionChange): Pick<Target, 'elr' | 'lastKnownElr'> {
  const { partition, targetIsr, uncleanReplicas = [] } = change
  if (!change.elrEnabled || targetIsr.length >= change.minIsr) return { elr: [], lastKnownElr: [] }
  const candidates = new Set([...partition.elr, ...partition.isr])
  const elr = [...candidates].filter((id) => !targetIsr.includes(id) && !uncleanReplicas.includes(id))
  for (const id of partition.lastKnownElr) candidates.add(id)
  return { elr, lastKnownElr: [...candidates].filter((id) => !targetIsr.includes(id) && !elr.includes(id)) }
}

/** Keeps the leader if it may stay; else the first replica that may lead, the last known leader, or an unclean one. */
function electLeader(change: PartitionChange, elr: readonly number[]): Pick<Target, 'leader' | 'unclean'> {
  const { partition, targetIsr, isAcceptableLeader } = change
  const isValid = (id: number): boolean =>
    (targetIsr.includes(id) || (targetIsr.length === 0 && elr.includes(id))) && isAcceptableLeader(id)
  if (isValid(partition.leader)) return { leader: partition.leader, unclean: false }
  const online = partition.replicas.find(isValid)
  if (online !== undefined) return { leader: online, unclean: false }
  const [lastKnown] = partition.lastKnownElr
  const nobodyEligible = elr.length === 0 && targetIsr.length === 0 && partition.lastKnownElr.length === 1
  if (change.elrEnabled && nobodyEligible && isAcceptableLeader(lastKnown!))
    return { leader: lastKnown!, unclean: true }
  const unclean = change.allowUnclean ? partition.replicas.find(isAcceptableLeader) : undefined
  return unclean === undefined ? { leader: NO_LEADER, unclean: false } : { leader: unclean, unclean: true }
}

function computeTarget(change: PartitionChange): Target {
  const { elr, lastKnownElr } = targetElr(change)
  const { leader, unclean } = electLeader(change, elr)
  const changed = leader !== change.partition.leader
  if (changed && unclean) return { isr: [leader], elr: [], lastKnownElr: [], leader, unclean }
  if (changed && elr.includes(leader)) {
    return { isr: [leader], elr: elr.filter((id) => id !== leader), lastKnownElr, leader, unclean: false }
  }
  return { isr: change.targetIsr, elr, lastKnownElr, leader, unclean: false }
}

/** While a partition has no leader its last known ELR holds who led last, and is emptied when there is a leader again. */
function lastKnownLeader(change: PartitionChange, leader: number): readonly number[] | null {
  const { partition } = change
  if (!change.elrEnabled) return partition.lastKnownElr.length > 0 ? [] : null
  if (leader === NO_LEADER && partition.lastKnownElr.length === 0) return [partition.leader]
  return leader >= 0 && partition.lastKnownElr.length > 0 ? [] : null
}

type ChangeRecord = Extract<MetadataRecordInput, { record: 'partitionChangeRecord' }>

/** The record that takes the partition to its target; null when it is there already. */
export function partitionChangeRecord(change: PartitionChange): ChangeRecord | null {
  const { partition, topicId, partitionId } = change
  const target = computeTarget(change)
  const leader = target.leader === partition.leader ? NO_LEADER_CHANGE : target.leader
  const isrMayChange = target.isr.length > 0 || change.elrEnabled
  const lastKnownElr = lastKnownLeader(change, leader)
  const recoveryState = target.unclean ? RECOVERING : partition.leaderRecoveryState
  const body = {
    ...(isrMayChange && (target.unclean || !same(target.isr, partition.isr)) ? { isr: target.isr } : {}),
    ...(leader === NO_LEADER_CHANGE ? {} : { leader }),
    ...(same(target.elr, partition.elr) ? {} : { eligibleLeaderReplicas: target.elr }),
    ...(lastKnownElr === null ? {} : { lastKnownElr }),
    ...(recoveryState === partition.leaderRecoveryState ? {} : { leaderRecoveryState: recoveryState }),
  }
  if (Object.keys(body).length === 0) return null
  return { record: 'partitionChangeRecord', body: { topicId, partitionId, ...body } }
}
