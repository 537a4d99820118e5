/**
 * AlterPartitionReassignments and ListPartitionReassignments (KIP-455, KIP-860): begins, replaces and cancels moves of
 * partitions. Carrying one through is the brokers' work; AlterPartition completes it.
 *
 * As in Kafka, a reassignment back to replicas that are all still there leaves the former newcomers both adding and
 * removing, and only a cancellation ends that.
 */
import type { TopicImage } from '../metadata/types.ts'
import { KafkaError } from '../protocol/error-codes.ts'
import type {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponseInput,
} from '../protocol/messages/45-alter-partition-reassignments.ts'
import type {
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsResponseInput,
} from '../protocol/messages/46-list-partition-reassignments.ts'
import type { MetadataRecordInput } from '../protocol/metadata/index.ts'
import { checkManualAssignment } from './new-partitions.ts'
import { electionFor, partitionChangeRecord, subjectOf } from './partition-change.ts'
import type { PartitionPlace } from './partition-index.ts'
import { isReassigning, reassignmentTo, revertedReassignment, targetReplicationFactor } from './reassignment.ts'
import type { ControllerResult } from './types.ts'
import { bounded, type ControllerView, failureOf, uncleanElectionEnabled } from './view.ts'

type ReassignablePartition = AlterPartitionReassignmentsRequest['topics'][number]['partitions'][number]
type ListedTopic = NonNullable<ListPartitionReassignmentsResponseInput['topics']>[number]

/** Throws POLICY_VIOLATION when too many partitions would change; other failures are in the answer. */
export function alterPartitionReassignments(
  view: ControllerView,
  request: AlterPartitionReassignmentsRequest,
): ControllerResult<AlterPartitionReassignmentsResponseInput> {
  const { allowReplicationFactorChange } = request
  const records: MetadataRecordInput[] = []
  const responses = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map((target) => {
      const { partitionIndex } = target
      try {
        const record = reassignOne(view, name, target, allowReplicationFactorChange)
        if (record !== null) records.push(record)
        return { partitionIndex, errorCode: 0, errorMessage: null }
      } catch (error) {
        return { partitionIndex, ...failureOf(error) }
      }
    }),
  }))
  const response = { errorCode: 0, errorMessage: null, allowReplicationFactorChange, responses }
  return { records: bounded(records), response, atomic: true }
}

function reassignOne(
  view: ControllerView,
  name: string,
  target: ReassignablePartition,
  allowReplicationFactorChange: boolean,
): MetadataRecordInput | null {
  const place = placeOf(view, name, target.partitionIndex)
  if (target.replicas === null) return cancel(view, place)
  checkManualAssignment(view.image, target.replicas, null)
  if (!allowReplicationFactorChange) checkReplicationFactor(place, target.replicas)
  return begin(view, place, target.replicas)
}

function placeOf({ image }: ControllerView, name: string, partitionId: number): PartitionPlace {
  const topic = image.topicsByName.get(name)
  if (topic === undefined) {
    throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `Unable to find a topic named ${name}.`)
  }
  const partition = topic.partitions.get(partitionId)
  if (partition === undefined) {
    throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `Unable to find partition ${name}:${partitionId}.`)
  }
  return { topic, partitionId, partition }
}

function checkReplicationFactor({ partition }: PartitionPlace, target: readonly number[]): void {
  const current = targetReplicationFactor(partition)
  if (current === target.length) return
  const message = `The replication factor is changed from ${current} to ${target.length}`
  throw new KafkaError('INVALID_REPLICATION_FACTOR', message)
}

/** A mere change of order is complete at once, and so is whatever the ISR allows already. */
function begin(view: ControllerView, place: PartitionPlace, target: readonly number[]): MetadataRecordInput | null {
  const { replicas, adding, removing } = reassignmentTo(place.partition.replicas, target)
  return partitionChangeRecord(subjectOf(view, place), {
    replicas,
    ...(adding.length === 0 ? {} : { adding }),
    ...(removing.length === 0 ? {} : { removing }),
  })
}

function cancel(view: ControllerView, place: PartitionPlace): MetadataRecordInput | null {
  const { topic, partitionId, partition } = place
  if (!isReassigning(partition)) throw new KafkaError('NO_REASSIGNMENT_IN_PROGRESS')
  const { replicas, isr, unclean } = revertedReassignment(partition)
  if (unclean && !uncleanElectionEnabled(view, topic)) {
    const message = `Unable to revert partition assignment for ${topic.name}:${partitionId} because it would require an unclean leader election.`
    throw new KafkaError('INVALID_REPLICA_ASSIGNMENT', message)
  }
  const election = electionFor(view, topic)
  return partitionChangeRecord(subjectOf(view, place), { election, isr, replicas, adding: [], removing: [] })
}

/** What is not being reassigned, or does not exist, is left out. */
export function listPartitionReassignments(
  view: ControllerView,
  { topics }: ListPartitionReassignmentsRequest,
): ControllerResult<ListPartitionReassignmentsResponseInput> {
  const places = topics === null ? view.partitions.reassigning() : namedPlaces(view, topics)
  const listed = new Map<TopicImage, NonNullable<ListedTopic['partitions']>[number][]>()
  for (const { topic, partitionId, partition } of places) {
    if (!isReassigning(partition)) continue
    const partitions = listed.get(topic) ?? []
    listed.set(topic, partitions)
    const { replicas, addingReplicas, removingReplicas } = partition
    partitions.push({ partitionIndex: partitionId, replicas, addingReplicas, removingReplicas })
  }
  const answers = [...listed].map(([{ name }, partitions]) => ({ name, partitions }))
  return { records: [], response: { errorCode: 0, errorMessage: null, topics: answers } }
}

function* namedPlaces(
  { image }: ControllerView,
  topics: NonNullable<ListPartitionReassignmentsRequest['topics']>,
): Generator<PartitionPlace> {
  for (const { name, partitionIndexes } of topics) {
    const topic = image.topicsByName.get(name)
    if (topic === undefined) continue
    for (const partitionId of partitionIndexes) {
      const partition = topic.partitions.get(partitionId)
      if (partition !== undefined) yield { topic, partitionId, partition }
    }
  }
}
