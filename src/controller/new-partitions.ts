/** New partitions: where their replicas go, by hand or by placement, and how they start. */

import { placeReplicas, type UsableBroker } from '../metadata/replica-placer.ts'
import type { MetadataImage, PartitionRegistration } from '../metadata/types.ts'
import { KafkaError } from '../protocol/error-codes.ts'
import { type ControllerView, defaultDirectory, hasUncordonedDirectory, isActive } from './view.ts'

export type NewPartition = PartitionRegistration

const RECOVERED = 0

function refuse(message: string): never {
  throw new KafkaError('INVALID_REPLICA_ASSIGNMENT', message)
}

/** Throws INVALID_REPLICA_ASSIGNMENT: empty, unknown or repeated brokers, or not as many as the partitions before. */
export function checkManualAssignment(
  image: MetadataImage,
  brokerIds: readonly number[],
  replicationFactor: number | null,
): void {
  const assignment = 'The manual partition assignment includes'
  if (brokerIds.length === 0) refuse(`${assignment} an empty replica list.`)
  let previous: number | null = null
  for (const id of [...brokerIds].sort((a, b) => a - b)) {
    if (!image.brokers.has(id)) refuse(`${assignment} broker ${id}, but no such broker is registered.`)
    if (id === previous) refuse(`${assignment} the broker ${id} more than once.`)
    previous = id
  }
  if (replicationFactor === null || brokerIds.length === replicationFactor) return
  refuse(
    `${assignment} a partition with ${brokerIds.length} replica(s), but this is not consistent with previous partitions, which have ${replicationFactor} replica(s).`,
  )
}

function registration(image: MetadataImage, replicas: readonly number[], isr: readonly number[]): NewPartition {
  return {
    replicas,
    directories: replicas.map((id) => defaultDirectory(image, id)),
    isr,
    removingReplicas: [],
    addingReplicas: [],
    elr: [],
    lastKnownElr: [],
    leader: isr[0]!,
    leaderRecoveryState: RECOVERED,
    leaderEpoch: 0,
    partitionEpoch: 0,
  }
}

/** A partition with the replicas that were asked for; throws when none of them is in service. */
export function newPartition(image: MetadataImage, partitionId: number, replicas: readonly number[]): NewPartition {
  const isr = replicas.filter((id) => isActive(image, id))
  if (isr.length === 0) {
    refuse(
      `All brokers specified in the manual partition assignment for partition ${partitionId} are fenced or in controlled shutdown.`,
    )
  }
  return registration(image, replicas, isr)
}

/** Brokers that may get new replicas: not shutting down, and with a directory that takes them. */
function* usableBrokers(view: ControllerView): Generator<UsableBroker> {
  for (const { id, fenced } of view.sessions.usable()) {
    const broker = view.image.brokers.get(id)
    if (broker === undefined) continue
    if (hasUncordonedDirectory(broker)) yield { id, rack: broker.rack, fenced }
  }
}

/** `count` partitions from number `first` on, placed over the cluster; throws INVALID_REPLICATION_FACTOR. */
export function placeNewPartitions(
  view: ControllerView,
  wanted: { first: number; count: number; replicationFactor: number },
): Map<number, NewPartition> {
  const { first, count, replicationFactor } = wanted
  const unable = (why: string): KafkaError =>
    new KafkaError(
      'INVALID_REPLICATION_FACTOR',
      `Unable to replicate the partition ${replicationFactor} time(s): ${why}`,
    )
  let placements: number[][]
  try {
    placements = placeReplicas(usableBrokers(view), count, replicationFactor, view.random)
  } catch (error) {
    throw error instanceof KafkaError && first === 0 ? unable(error.message) : error
  }
  const partitions = new Map<number, NewPartition>()
  placements.forEach((replicas, index) => {
    const isr = replicas.filter((id) => isActive(view.image, id))
    if (isr.length === 0) throw unable('All brokers are currently fenced or in controlled shutdown.')
    partitions.set(first + index, registration(view.image, replicas, isr))
  })
  return partitions
}
