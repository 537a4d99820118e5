/** New partitions of old topics, and what becomes of partitions when a broker comes or goes. */
import type { Uuid } from '../base/uuid.ts'
import { FENCING_CHANGE, IN_CONTROLLED_SHUTDOWN_CHANGE } from '../metadata/delta-brokers.ts'
import { NO_LEADER } from '../metadata/image.ts'
import { partitionRecord } from '../metadata/image-records.ts'
import { KafkaError } from '../protocol/error-codes.ts'
import type {
  CreatePartitionsRequest,
  CreatePartitionsResponseInput,
} from '../protocol/messages/37-create-partitions.ts'
import type { MetadataRecordInput } from '../protocol/metadata/index.ts'
import { checkManualAssignment, type NewPartition, newPartition, placeNewPartitions } from './new-partitions.ts'
import { partitionChangeRecord, subjectsOf } from './partition-change.ts'
import type { PartitionPlace } from './partition-index.ts'
import type { ControllerResult } from './types.ts'
import { type ControllerView, elrEnabled, failureOf, isActive, replicaDirectory, uncleanElections } from './view.ts'

type PartitionsTopic = CreatePartitionsRequest['topics'][number]

export function createPartitions(
  view: ControllerView,
  request: CreatePartitionsRequest,
): ControllerResult<CreatePartitionsResponseInput> {
  const names = request.topics.map(({ name }) => name)
  const duplicates = new Set(names.filter((name, index) => names.indexOf(name) !== index))
  const records: MetadataRecordInput[] = []
  const results = [...duplicates].map((name) => ({
    name,
    ...failureOf(new KafkaError('INVALID_REQUEST', 'Duplicate topic name.')),
  }))
  for (const topic of request.topics) {
    if (duplicates.has(topic.name)) continue
    try {
      records.push(...addPartitions(view, topic))
      results.push({ name: topic.name, errorCode: 0, errorMessage: null })
    } catch (error) {
      results.push({ name: topic.name, ...failureOf(error) })
    }
  }
  return { records: request.validateOnly ? [] : records, response: { results }, atomic: true }
}

function addPartitions(view: ControllerView, request: PartitionsTopic): MetadataRecordInput[] {
  const topic = view.image.topicsByName.get(request.name)
  if (topic === undefined) throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION')
  const current = topic.partitions.size
  if (request.count === current) {
    throw new KafkaError('INVALID_PARTITIONS', `Topic already has ${current} partition(s).`)
  }
  if (request.count < current) {
    const message = `The topic ${topic.name} currently has ${current} partition(s); ${request.count} would not be an increase.`
    throw new KafkaError('INVALID_PARTITIONS', message)
  }
  const additional = request.count - current
  const assigned = request.assignments
  if (assigned !== null && assigned.length !== additional) {
    const message = `Attempted to add ${additional} additional partition(s), but only ${assigned.length} assignment(s) were specified.`
    throw new KafkaError('INVALID_REPLICA_ASSIGNMENT', message)
  }
  const replicationFactor = topic.partitions.values().next().value?.replicas.length ?? 1
  const added =
    assigned === null
      ? placeNewPartitions(view, { first: current, count: additional, replicationFactor })
      : assignedPartitions(view, current, replicationFactor, assigned)
  return [...added].map(([id, partition]) => partitionRecord(topic.id, id, partition))
}

function assignedPartitions(
  view: ControllerView,
  first: number,
  replicationFactor: number,
  assignments: readonly { readonly brokerIds: readonly number[] }[],
): Map<number, NewPartition> {
  const partitions = new Map<number, NewPartition>()
  assignments.forEach(({ brokerIds }, index) => {
    checkManualAssignment(view.image, brokerIds, replicationFactor)
    partitions.set(first + index, newPartition(view.image, first + index, brokerIds))
  })
  return partitions
}

/** Whom a broker's change concerns. -1 (NO_LEADER) stands for nobody. */
interface BrokerChange {
  readonly remove?: number
  readonly add?: number
  /** Came back without knowing whether it had flushed everything. */
  readonly unclean?: number
}

/** New leaders and ISRs of these partitions. */
function leaderAndIsrUpdates(
  view: ControllerView,
  change: BrokerChange,
  places: Iterable<PartitionPlace>,
): MetadataRecordInput[] {
  const { remove = NO_LEADER, add = NO_LEADER, unclean = NO_LEADER } = change
  const mayLead = (id: number): boolean => id !== remove && id !== unclean && (id === add || isActive(view.image, id))
  const subjectAt = subjectsOf(view, mayLead)
  const isUncleanAllowed = uncleanElections(view)
  const uncleanReplicas = unclean === NO_LEADER ? [] : [unclean]
  const records: MetadataRecordInput[] = []
  for (const place of places) {
    const record = partitionChangeRecord(subjectAt(place), {
      election: isUncleanAllowed(place.topic) ? 'unclean' : 'online',
      isr: place.partition.isr.filter((id) => id !== remove && id !== unclean),
      uncleanReplicas,
    })
    if (record !== null) records.push(record)
  }
  return records
}

function registrationChange(
  brokerId: number,
  brokerEpoch: bigint,
  change: { fenced?: number; inControlledShutdown?: number },
): MetadataRecordInput {
  return { record: 'brokerRegistrationChangeRecord', body: { brokerId, brokerEpoch, ...change } }
}

/** The broker is gone or asks to be fenced: others take over, then the fence itself. */
export function brokerFenced(view: ControllerView, brokerId: number): MetadataRecordInput[] {
  const epoch = BigInt(view.image.brokers.get(brokerId)!.epoch)
  return [
    ...leaderAndIsrUpdates(view, { remove: brokerId }, view.partitions.withBrokerInIsr(brokerId)),
    registrationChange(brokerId, epoch, { fenced: FENCING_CHANGE.FENCE }),
  ]
}

/** The broker may serve: partitions without a leader may now have one. */
export function brokerUnfenced(view: ControllerView, brokerId: number, brokerEpoch: bigint): MetadataRecordInput[] {
  return [
    registrationChange(brokerId, brokerEpoch, { fenced: FENCING_CHANGE.UNFENCE }),
    ...leaderAndIsrUpdates(view, { add: brokerId }, view.partitions.withoutLeader()),
  ]
}

export function brokerShuttingDown(view: ControllerView, brokerId: number, brokerEpoch: bigint): MetadataRecordInput[] {
  const already = view.image.brokers.get(brokerId)?.inControlledShutdown === true
  const change = { inControlledShutdown: IN_CONTROLLED_SHUTDOWN_CHANGE }
  return [
    ...(already ? [] : [registrationChange(brokerId, brokerEpoch, change)]),
    ...leaderAndIsrUpdates(view, { remove: brokerId }, view.partitions.withBrokerInIsr(brokerId)),
  ]
}

/** A new incarnation registers: what its predecessor led or kept in sync is settled first (KIP-966). */
export function incarnationReplaced(
  view: ControllerView,
  brokerId: number,
  cleanShutdown: boolean,
): MetadataRecordInput[] {
  if (cleanShutdown || !elrEnabled(view.image)) {
    return leaderAndIsrUpdates(view, { remove: brokerId }, view.partitions.withBrokerInIsr(brokerId))
  }
  return [
    ...leaderAndIsrUpdates(view, { unclean: brokerId }, view.partitions.withBrokerInIsr(brokerId)),
    ...leaderAndIsrUpdates(view, { unclean: brokerId }, view.partitions.withBrokerInElr(brokerId)),
  ]
}

export function brokerUnregistered(view: ControllerView, brokerId: number, brokerEpoch: bigint): MetadataRecordInput[] {
  return [
    ...leaderAndIsrUpdates(view, { remove: brokerId }, view.partitions.withBrokerInIsr(brokerId)),
    ...leaderAndIsrUpdates(view, { remove: brokerId }, view.partitions.withBrokerInElr(brokerId)),
    { record: 'unregisterBrokerRecord', body: { brokerId, brokerEpoch } },
  ]
}

/** Directories of a broker that failed: their replicas leave the ISR. */
export function directoriesOffline(
  view: ControllerView,
  brokerId: number,
  offline: readonly Uuid[],
): MetadataRecordInput[] {
  return replicasOffline(view, brokerId, placesIn(view, brokerId, offline))
}

/** Replicas of a broker that are out of service while the broker itself is not. */
export function replicasOffline(
  view: ControllerView,
  brokerId: number,
  places: Iterable<PartitionPlace>,
): MetadataRecordInput[] {
  return leaderAndIsrUpdates(view, { remove: brokerId }, places)
}

function* placesIn(view: ControllerView, brokerId: number, directories: readonly Uuid[]): Generator<PartitionPlace> {
  for (const place of view.partitions.withBrokerInIsr(brokerId)) {
    if (directories.includes(replicaDirectory(place.partition, brokerId))) yield place
  }
}
