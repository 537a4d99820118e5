/**
 * Computes how a partition changes: completes a reassignment the ISR allows to complete, then finds eligible leader
 * replicas (KIP-966), leader, ISR and directories, as Kafka's PartitionChangeBuilder does. Gives the record, or null when
 * nothing changes.
 */
import type { Uuid } from '../base/uuid.ts'
import { NO_LEADER, NO_LEADER_CHANGE } from '../metadata/image.ts'
import type { PartitionRegistration, TopicImage } from '../metadata/types.ts'
import type { MetadataRecordInput } from '../protocol/metadata/index.ts'
import { type Assignment, completedReassignment, type ReplicasAndIsr } from './reassignment.ts'
import {
  type ControllerView,
  defaultDirectory,
  effectiveMinIsr,
  elrEnabled,
  hasOnlineDirectory,
  isActive,
  replicaDirectory,
  uncleanElectionEnabled,
} from './view.ts'

/** Leader recovery state (KIP-704): after an unclean election the leader is RECOVERING until it says otherwise. */
export const LEADER_RECOVERY = { RECOVERED: 0, RECOVERING: 1 } as const

/**
 * `online` keeps a leader that may stay and else takes the first that may; `preferred` takes the first replica where it
 * may lead; `unclean` is `online`, and in need takes a replica that is not in sync, losing records.
 */
export type Election = 'online' | 'preferred' | 'unclean'

export interface PartitionChange {
  readonly topicId: Uuid
  readonly partitionId: number
  readonly partition: PartitionRegistration
  readonly isAcceptableLeader: (brokerId: number) => boolean
  readonly defaultDirectory: (brokerId: number) => Uuid
  readonly minIsr: number
  readonly elrEnabled: boolean
  readonly election: Election
  /** What is left out stays as it is. */
  readonly targetIsr?: readonly number[]
  readonly targetReplicas?: readonly number[]
  readonly targetAdding?: readonly number[]
  readonly targetRemoving?: readonly number[]
  readonly targetRecoveryState?: number
  /** Replicas that lost unflushed records: no ISR, no eligible leader. */
  readonly uncleanReplicas?: readonly number[]
  /** Broker id -> directory its replica moves to. */
  readonly targetDirectories?: ReadonlyMap<number, Uuid>
}

export interface PartitionPlace {
  readonly topic: TopicImage
  readonly partitionId: number
  readonly partition: PartitionRegistration
}

/**
 * A change of this partition that changes nothing yet. Only a broker that `mayLead`, and whose directory with the replica
 * is online, is an acceptable leader.
 */
export function changeOf(
  view: ControllerView,
  { topic, partitionId, partition }: PartitionPlace,
  mayLead: (brokerId: number) => boolean = (id) => isActive(view.image, id),
): PartitionChange {
  return {
    topicId: topic.id,
    partitionId,
    partition,
    isAcceptableLeader: (id) => mayLead(id) && hasOnlineDirectory(view.image, id, replicaDirectory(partition, id)),
    defaultDirectory: (id) => defaultDirectory(view.image, id),
    minIsr: effectiveMinIsr(view, topic),
    elrEnabled: elrEnabled(view.image),
    election: 'online',
  }
}

/** The election of a change that was not asked for: unclean where the topic allows it. */
export function electionFor(view: ControllerView, topic: TopicImage): Election {
  return uncleanElectionEnabled(view, topic) ? 'unclean' : 'online'
}

/** After a reassignment was completed, if it could be. */
type Wanted = Assignment & ReplicasAndIsr

interface Elr {
  readonly elr: readonly number[]
  readonly lastKnownElr: readonly number[]
}

interface Target extends Elr {
  readonly isr: readonly number[]
  readonly leader: number
  readonly unclean: boolean
}

const same = <T>(a: readonly T[], b: readonly T[]): boolean => a.length === b.length && a.every((x, i) => x === b[i])

function wantedAssignment(change: PartitionChange): Wanted {
  const { partition } = change
  const assignment = {
    replicas: change.targetReplicas ?? partition.replicas,
    adding: change.targetAdding ?? partition.addingReplicas,
    removing: change.targetRemoving ?? partition.removingReplicas,
  }
  const isr = change.targetIsr ?? partition.isr
  const completed = completedReassignment(assignment, isr)
  return completed === null ? { ...assignment, isr } : { ...completed, adding: [], removing: [] }
}

/** Below min.insync.replicas the members that left the ISR stay eligible, unless they came back unclean. */
function targetElr(change: PartitionChange, isr: readonly number[]): Elr {
  const { partition, uncleanReplicas = [] } = change
  if (!change.elrEnabled) return partition
  if (isr.length >= change.minIsr) return { elr: [], lastKnownElr: [] }
  const candidates = new Set([...partition.elr, ...partition.isr])
  const elr = [...candidates].filter((id) => !isr.includes(id) && !uncleanReplicas.includes(id))
  for (const id of partition.lastKnownElr) candidates.add(id)
  return { elr, lastKnownElr: [...candidates].filter((id) => !isr.includes(id) && !elr.includes(id)) }
}

type Elected = Pick<Target, 'leader' | 'unclean'>
const clean = (leader: number): Elected => ({ leader, unclean: false })

function electLeader(change: PartitionChange, { replicas, isr }: Wanted, elr: readonly number[]): Elected {
  const { partition, election, isAcceptableLeader } = change
  const isValid = (id: number): boolean =>
    (isr.includes(id) || (isr.length === 0 && elr.includes(id))) && isAcceptableLeader(id)
  if (election === 'preferred' && isValid(replicas[0]!)) return clean(replicas[0]!)
  if (isValid(partition.leader)) return clean(partition.leader)
  const online = replicas.find(isValid)
  if (online !== undefined) return clean(online)
  const [lastKnown] = partition.lastKnownElr
  const nobodyEligible = elr.length === 0 && isr.length === 0 && partition.lastKnownElr.length === 1
  if (change.elrEnabled && nobodyEligible && isAcceptableLeader(lastKnown!))
    return { leader: lastKnown!, unclean: true }
  const unclean = election === 'unclean' ? replicas.find(isAcceptableLeader) : undefined
  return unclean === undefined ? clean(NO_LEADER) : { leader: unclean, unclean: true }
}

function computeTarget(change: PartitionChange, wanted: Wanted): Target {
  const { elr, lastKnownElr } = targetElr(change, wanted.isr)
  const elected = electLeader(change, wanted, elr)
  const { leader } = elected
  const changed = leader !== change.partition.leader
  if (changed && elected.unclean) return { ...elected, isr: [leader], elr: [], lastKnownElr: [] }
  const fromElr = changed && elr.includes(leader)
  const isr = fromElr ? [leader] : wanted.isr
  const remaining = fromElr ? elr.filter((id) => id !== leader) : elr
  return { leader, unclean: false, isr, elr: change.elrEnabled ? remaining : [], lastKnownElr }
}

/** What the record says of the leader. Naming the same one again bumps the epoch: replicas that go must be fenced off. */
function leaderChange({ partition }: PartitionChange, target: Target, { replicas }: Wanted): number {
  if (target.leader !== partition.leader) return target.leader
  return partition.replicas.every((id) => replicas.includes(id)) ? NO_LEADER_CHANGE : partition.leader
}

/** While a partition has no leader its last known ELR holds who led last, and is emptied when there is a leader again. */
function lastKnownLeader({ partition, elrEnabled }: PartitionChange, leader: number): readonly number[] | null {
  if (!elrEnabled) return null
  if (leader === NO_LEADER && partition.leader >= 0 && partition.lastKnownElr.length === 0) return [partition.leader]
  return leader >= 0 && partition.lastKnownElr.length > 0 ? [] : null
}

function recoveryState({ partition, targetRecoveryState }: PartitionChange, unclean: boolean): number {
  if (targetRecoveryState !== undefined && targetRecoveryState !== partition.leaderRecoveryState)
    return targetRecoveryState
  return unclean ? LEADER_RECOVERY.RECOVERING : partition.leaderRecoveryState
}

function directoriesOf({ partition, targetDirectories, defaultDirectory }: PartitionChange, { replicas }: Wanted) {
  return replicas.map((id) => {
    const moved = targetDirectories?.get(id)
    if (moved !== undefined) return moved
    return partition.replicas.includes(id) ? replicaDirectory(partition, id) : defaultDirectory(id)
  })
}

function assignmentChanges(change: PartitionChange, wanted: Wanted) {
  const { partition } = change
  const directories = directoriesOf(change, wanted)
  const before = partition.replicas.map((id) => replicaDirectory(partition, id))
  return {
    ...(same(directories, before) ? {} : { directories }),
    ...(same(wanted.replicas, partition.replicas) ? {} : { replicas: wanted.replicas }),
    ...(same(wanted.removing, partition.removingReplicas) ? {} : { removingReplicas: wanted.removing }),
    ...(same(wanted.adding, partition.addingReplicas) ? {} : { addingReplicas: wanted.adding }),
  }
}

export type PartitionChangeRecordInput = Extract<MetadataRecordInput, { record: 'partitionChangeRecord' }>

/** The record that takes the partition to its target; null when it is there already. */
export function partitionChangeRecord(change: PartitionChange): PartitionChangeRecordInput | null {
  const { partition, topicId, partitionId } = change
  const wanted = wantedAssignment(change)
  const target = computeTarget(change, wanted)
  const leader = leaderChange(change, target, wanted)
  // Only with eligible leader replicas may an ISR be empty: without them its last member is all that is known.
  const isrMayChange = target.isr.length > 0 || change.elrEnabled
  const lastKnownElr = lastKnownLeader(change, leader)
  const recovery = recoveryState(change, target.unclean)
  const body = {
    ...(isrMayChange && (target.unclean || !same(target.isr, partition.isr)) ? { isr: target.isr } : {}),
    ...(leader === NO_LEADER_CHANGE ? {} : { leader }),
    ...(same(target.elr, partition.elr) ? {} : { eligibleLeaderReplicas: target.elr }),
    ...(lastKnownElr === null ? {} : { lastKnownElr }),
    ...assignmentChanges(change, wanted),
    ...(recovery === partition.leaderRecoveryState ? {} : { leaderRecoveryState: recovery }),
  }
  if (Object.keys(body).length === 0) return null
  return { record: 'partitionChangeRecord', body: { topicId, partitionId, ...body } }
}
