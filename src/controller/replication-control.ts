/**
 * Deletion of topics, new partitions, and what becomes of partitions when a broker comes or goes.
 *
 * Not implemented yet: AlterPartition, ElectLeaders, AlterPartitionReassignments, AssignReplicasToDirs; they come with
 * the second broker.
 */
import type { Uuid } from '../base/uuid.ts'
import { FENCING_CHANGE, IN_CONTROLLED_SHUTDOWN_CHANGE } from '../metadata/delta-brokers.ts'
import { NO_LEADER } from '../metadata/image.ts'
import { partitionRecord } from '../metadata/image-records.ts'
import type { PartitionRegistration, TopicImage } from '../metadata/types.ts'
import { KafkaError } from '../protocol/error-codes.ts'
import type {
  CreatePartitionsRequest,
  CreatePartitionsResponseInput,
} from '../protocol/messages/37-create-partitions.ts'
import type { MetadataRecordInput } from '../protocol/metadata/index.ts'
import { checkManualAssignment, type NewPartition, newPartition, placeNewPartitions } from './new-partitions.ts'
import { partitionChangeRecord } from './partition-change.ts'
import type { ControllerResult } from './types.ts'
import {
  type ControllerView,
  effectiveMinIsr,
  elrEnabled,
  failureOf,
  isActive,
  uncleanElectionEnabled,
} from './view.ts'

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

type Selected = (partition: PartitionRegistration) => boolean

/** New leaders and ISRs of every partition that `selected` picks. */
function leaderAndIsrUpdates(view: ControllerView, change: BrokerChange, selected: Selected): MetadataRecordInput[] {
  const { remove = NO_LEADER, add = NO_LEADER, unclean = NO_LEADER } = change
  const isAcceptableLeader = (id: number): boolean =>
    id !== remove && id !== unclean && (id === add || isActive(view.image, id))
  const records: MetadataRecordInput[] = []
  for (const topic of view.image.topicsById.values()) {
    for (const [partitionId, partition] of topic.partitions) {
      if (!selected(partition)) continue
      const record = partitionChangeRecord({
        topicId: topic.id,
        partitionId,
        partition,
        targetIsr: partition.isr.filter((id) => id !== remove && id !== unclean),
        uncleanReplicas: unclean === NO_LEADER ? [] : [unclean],
        isAcceptableLeader,
        minIsr: effectiveMinIsr(view, topic),
        elrEnabled: elrEnabled(view.image),
        allowUnclean: uncleanElectionEnabled(view, topic),
      })
      if (record !== null) records.push(record)
    }
  }
  return records
}

const inIsr =
  (id: number): Selected =>
  (partition) =>
    partition.isr.includes(id)
const inElr =
  (id: number): Selected =>
  (partition) =>
    partition.elr.includes(id)

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
    ...leaderAndIsrUpdates(view, { remove: brokerId }, inIsr(brokerId)),
    registrationChange(brokerId, epoch, { fenced: FENCING_CHANGE.FENCE }),
  ]
}

/** The broker may serve: partitions without a leader may now have one. */
export function brokerUnfenced(view: ControllerView, brokerId: number, brokerEpoch: bigint): MetadataRecordInput[] {
  return [
    registrationChange(brokerId, brokerEpoch, { fenced: FENCING_CHANGE.UNFENCE }),
    ...leaderAndIsrUpdates(view, { add: brokerId }, (partition) => partition.leader === NO_LEADER),
  ]
}

export function brokerShuttingDown(view: ControllerView, brokerId: number, brokerEpoch: bigint): MetadataRecordInput[] {
  const already = view.image.brokers.get(brokerId)?.inControlledShutdown === true
  const change = { inControlledShutdown: IN_CONTROLLED_SHUTDOWN_CHANGE }
  return [
    ...(already ? [] : [registrationChange(brokerId, brokerEpoch, change)]),
    ...leaderAndIsrUpdates(view, { remove: brokerId }, inIsr(brokerId)),
  ]
}

/** A new incarnation registers: what its predecessor led or kept in sync is settled first (KIP-966). */
export function incarnationReplaced(
  view: ControllerView,
  brokerId: number,
  cleanShutdown: boolean,
): MetadataRecordInput[] {
  if (cleanShutdown || !elrEnabled(view.image)) {
    return leaderAndIsrUpdates(view, { remove: brokerId }, inIsr(brokerId))
  }
  return [
    ...leaderAndIsrUpdates(view, { unclean: brokerId }, inIsr(brokerId)),
    ...leaderAndIsrUpdates(view, { unclean: brokerId }, inElr(brokerId)),
  ]
}

export function brokerUnregistered(view: ControllerView, brokerId: number, brokerEpoch: bigint): MetadataRecordInput[] {
  return [
    ...leaderAndIsrUpdates(view, { remove: brokerId }, inIsr(brokerId)),
    ...leaderAndIsrUpdates(view, { remove: brokerId }, inElr(brokerId)),
    { record: 'unregisterBrokerRecord', body: { brokerId, brokerEpoch } },
  ]
}

/** Directories of a broker that failed: their replicas leave the ISR. */
export function directoriesOffline(
  view: ControllerView,
  brokerId: number,
  offline: readonly Uuid[],
): MetadataRecordInput[] {
  return leaderAndIsrUpdates(view, { remove: brokerId }, (partition) => {
    const at = partition.replicas.indexOf(brokerId)
    return at >= 0 && offline.includes(partition.directories[at]!)
  })
}

/** Leads at least one partition: a shutdown must move that first. */
export function hasLeaderships(view: ControllerView, brokerId: number): boolean {
  const leads = (topic: TopicImage): boolean => {
    for (const partition of topic.partitions.values()) if (partition.leader === brokerId) return true
    return false
  }
  for (const topic of view.image.topicsById.values()) if (leads(topic)) return true
  return false
}
