/**
 * Computes how a partition changes: completes a reassignment the ISR allows to complete, then finds eligible leader
 * replicas (KIP-966), leader, ISR and directories, as Kafka's PartitionChangeBuilder does. Gives the record, or null when
 * nothing changes.
 */
import type { Uuid } from '../base/uuid.ts'
import { NO_LEADER, NO_LEADER_CHANGE } from '../metadata/image.ts'
import type { PartitionRegistration, TopicImage } from '../metadata/types.ts'
import type { MetadataRecordInput } from '../protocol/metadata/index.ts'
import type { PartitionPlace } from './partition-index.ts'
import { type Assignment, completedReassignment } from './reassignment.ts'
import {
  type ControllerView,
  defaultDirectory,
  effectiveMinIsrs,
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

/** What a partition is to become; what is left out stays as it is. */
export interface PartitionTarget {
  /** `online` when left out. */
  readonly election?: Election
  readonly isr?: readonly number[]
  readonly replicas?: readonly number[]
  readonly adding?: readonly number[]
  readonly removing?: readonly number[]
  readonly recoveryState?: number
  /** Replicas that lost unflushed records: no ISR, no eligible leader. */
  readonly uncleanReplicas?: readonly number[]
  /** Broker id -> directory its replica moves to. */
  readonly directories?: ReadonlyMap<number, Uuid>
}

/** A partition, and what its change must know of the cluster. */
export interface PartitionSubject {
  readonly topicId: Uuid
  readonly partitionId: number
  readonly partition: PartitionRegistration
  readonly isAcceptableLeader: (brokerId: number) => boolean
  readonly defaultDirectory: (brokerId: number) => Uuid
  readonly minIsr: number
  readonly elrEnabled: boolean
}

/**
 * Partitions as subjects of changes. Only a broker that `mayLead`, and whose directory with the replica is online, is an
 * acceptable leader. Partitions of one topic in a row share what is asked of the topic.
 */
export function subjectsOf(
  view: ControllerView,
  mayLead: (brokerId: number) => boolean = (id) => isActive(view.image, id),
): (place: PartitionPlace) => PartitionSubject {
  const { image } = view
  const directory = (id: number): Uuid => defaultDirectory(image, id)
  const elr = elrEnabled(image)
  const minIsrOf = effectiveMinIsrs(view)
  let current: TopicImage | null = null
  let minIsr = 0
  return ({ topic, partitionId, partition }) => {
    if (topic !== current) minIsr = minIsrOf(topic)
    current = topic
    return {
      topicId: topic.id,
      partitionId,
      partition,
      isAcceptableLeader: (id) => mayLead(id) && hasOnlineDirectory(image, id, replicaDirectory(partition, id)),
      defaultDirectory: directory,
      minIsr,
      elrEnabled: elr,
    }
  }
}

export function subjectOf(view: ControllerView, place: PartitionPlace): PartitionSubject {
  return subjectsOf(view)(place)
}

/** The election of a change that was not asked for: unclean where the topic allows it. */
export function electionFor(view: ControllerView, topic: TopicImage): Election {
  return uncleanElectionEnabled(view, topic) ? 'unclean' : 'online'
}

/** What is wanted, after a reassignment was completed if it could be. */
interface Wanted extends Assignment {
  readonly isr: readonly number[]
  readonly target: PartitionTarget
}

interface Elr {
  readonly elr: readonly number[]
  readonly lastKnownElr: readonly number[]
}

interface Outcome {
  readonly isr: readonly number[]
  readonly elr: readonly number[]
  readonly leader: number
  readonly unclean: boolean
}

const NOBODY: readonly number[] = []
const same = <T>(a: readonly T[], b: readonly T[]): boolean =>
  a === b || (a.length === b.length && a.every((x, i) => x === b[i]))

function wantedOf({ partition }: PartitionSubject, target: PartitionTarget): Wanted {
  const replicas = target.replicas ?? partition.replicas
  const adding = target.adding ?? partition.addingReplicas
  const removing = target.removing ?? partition.removingReplicas
  const isr = target.isr ?? partition.isr
  const wanted = { replicas, adding, removing, isr, target }
  const completed = completedReassignment(wanted, isr)
  return completed === null ? wanted : { ...completed, adding: NOBODY, removing: NOBODY, target }
}

/** Below min.insync.replicas the members that left the ISR stay eligible, unless they came back unclean. */
function targetElr({ partition, elrEnabled, minIsr }: PartitionSubject, { isr, target }: Wanted): Elr {
  if (!elrEnabled) return partition
  if (isr.length >= minIsr) return { elr: NOBODY, lastKnownElr: NOBODY }
  const candidates = new Set([...partition.elr, ...partition.isr])
  const elr = [...candidates].filter((id) => !isr.includes(id) && !target.uncleanReplicas?.includes(id))
  for (const id of partition.lastKnownElr) candidates.add(id)
  return { elr, lastKnownElr: [...candidates].filter((id) => !isr.includes(id) && !elr.includes(id)) }
}

type Elected = Pick<Outcome, 'leader' | 'unclean'>
const clean = (leader: number): Elected => ({ leader, unclean: false })

function electLeader(subject: PartitionSubject, { replicas, isr, target }: Wanted, elr: readonly number[]): Elected {
  const { partition, isAcceptableLeader } = subject
  const isValid = (id: number): boolean =>
    (isr.includes(id) || (isr.length === 0 && elr.includes(id))) && isAcceptableLeader(id)
  if (target.election === 'preferred' && isValid(replicas[0]!)) return clean(replicas[0]!)
  if (isValid(partition.leader)) return clean(partition.leader)
  const online = replicas.find(isValid)
  if (online !== undefined) return clean(online)
  const [lastKnown] = partition.lastKnownElr
  const nobodyEligible = elr.length === 0 && isr.length === 0 && partition.lastKnownElr.length === 1
  if (subject.elrEnabled && nobodyEligible && isAcceptableLeader(lastKnown!))
    return { leader: lastKnown!, unclean: true }
  const unclean = target.election === 'unclean' ? replicas.find(isAcceptableLeader) : undefined
  return unclean === undefined ? clean(NO_LEADER) : { leader: unclean, unclean: true }
}

function outcomeOf(subject: PartitionSubject, wanted: Wanted): Outcome {
  const { elr } = targetElr(subject, wanted)
  const { leader, unclean } = electLeader(subject, wanted, elr)
  const changed = leader !== subject.partition.leader
  if (changed && unclean) return { leader, unclean, isr: [leader], elr: NOBODY }
  const fromElr = changed && elr.includes(leader)
  const isr = fromElr ? [leader] : wanted.isr
  const remaining = fromElr ? elr.filter((id) => id !== leader) : elr
  return { leader, unclean: false, isr, elr: subject.elrEnabled ? remaining : NOBODY }
}

/** What the record says of the leader. Naming the same one again bumps the epoch: replicas that go must be fenced off. */
function leaderChange({ partition }: PartitionSubject, { leader }: Outcome, { replicas }: Wanted): number {
  if (leader !== partition.leader) return leader
  return partition.replicas.every((id) => replicas.includes(id)) ? NO_LEADER_CHANGE : partition.leader
}

/** While a partition has no leader its last known ELR holds who led last, and is emptied when there is a leader again. */
function lastKnownLeader({ partition, elrEnabled }: PartitionSubject, leader: number): readonly number[] | null {
  if (!elrEnabled) return null
  if (leader === NO_LEADER && partition.leader >= 0 && partition.lastKnownElr.length === 0) return [partition.leader]
  return leader >= 0 && partition.lastKnownElr.length > 0 ? NOBODY : null
}

function recoveryStateOf({ partition }: PartitionSubject, { target }: Wanted, unclean: boolean): number {
  const { recoveryState = partition.leaderRecoveryState } = target
  if (recoveryState !== partition.leaderRecoveryState) return recoveryState
  return unclean ? LEADER_RECOVERY.RECOVERING : recoveryState
}

function directoriesOf({ partition, defaultDirectory }: PartitionSubject, { replicas, target }: Wanted): Uuid[] {
  return replicas.map((id) => {
    const moved = target.directories?.get(id)
    if (moved !== undefined) return moved
    return partition.replicas.includes(id) ? replicaDirectory(partition, id) : defaultDirectory(id)
  })
}

export type PartitionChangeRecordInput = Extract<MetadataRecordInput, { record: 'partitionChangeRecord' }>
type Body = PartitionChangeRecordInput['body']
type Draft = { -readonly [K in keyof Body]: Body[K] }

function setAssignment(body: Draft, subject: PartitionSubject, wanted: Wanted): void {
  const { partition } = subject
  const isWhereItWas = wanted.replicas === partition.replicas && wanted.target.directories === undefined
  if (!isWhereItWas) {
    const directories = directoriesOf(subject, wanted)
    const before = partition.replicas.map((id) => replicaDirectory(partition, id))
    if (!same(directories, before)) body.directories = directories
  }
  if (!same(wanted.replicas, partition.replicas)) body.replicas = wanted.replicas
  if (!same(wanted.removing, partition.removingReplicas)) body.removingReplicas = wanted.removing
  if (!same(wanted.adding, partition.addingReplicas)) body.addingReplicas = wanted.adding
}

/** Fields of a record that say which partition it is about. */
const NAMING_FIELDS = 2

/** The record that takes the partition to its target; null when it is there already. */
export function partitionChangeRecord(
  subject: PartitionSubject,
  target: PartitionTarget,
): PartitionChangeRecordInput | null {
  const { partition, topicId, partitionId } = subject
  const wanted = wantedOf(subject, target)
  const outcome = outcomeOf(subject, wanted)
  const leader = leaderChange(subject, outcome, wanted)
  const body: Draft = { topicId, partitionId }
  // Only with eligible leader replicas may an ISR be empty: without them its last member is all that is known.
  const isrMayChange = outcome.isr.length > 0 || subject.elrEnabled
  if (isrMayChange && (outcome.unclean || !same(outcome.isr, partition.isr))) body.isr = outcome.isr
  if (leader !== NO_LEADER_CHANGE) body.leader = leader
  if (!same(outcome.elr, partition.elr)) body.eligibleLeaderReplicas = outcome.elr
  const lastKnownElr = lastKnownLeader(subject, leader)
  if (lastKnownElr !== null) body.lastKnownElr = lastKnownElr
  setAssignment(body, subject, wanted)
  const recovery = recoveryStateOf(subject, wanted, outcome.unclean)
  if (recovery !== partition.leaderRecoveryState) body.leaderRecoveryState = recovery
  return Object.keys(body).length === NAMING_FIELDS ? null : { record: 'partitionChangeRecord', body }
}
