/**
 * AlterPartition (KIP-497, KIP-903): a partition's leader tells who is in sync. The controller checks that it is talking
 * to the leader it elected, of the state it recorded, and that everybody in the ISR may be there.
 */
import { ZERO_UUID } from '../base/uuid.ts'
import { mergePartition, NO_LEADER_CHANGE } from '../metadata/image.ts'
import type { PartitionRegistration, TopicImage } from '../metadata/types.ts'
import { ErrorCode, type ErrorName, type KafkaError } from '../protocol/error-codes.ts'
import type { AlterPartitionRequest, AlterPartitionResponseInput } from '../protocol/messages/56-alter-partition.ts'
import type { MetadataRecordInput } from '../protocol/metadata/index.ts'
import { electionFor, LEADER_RECOVERY, partitionChangeRecord, subjectOf } from './partition-change.ts'
import type { PartitionPlace } from './partition-index.ts'
import type { ControllerResult } from './types.ts'
import { type ControllerView, checkBrokerEpoch } from './view.ts'

type TopicData = AlterPartitionRequest['topics'][number]
type PartitionData = TopicData['partitions'][number]
type PartitionAnswer = NonNullable<NonNullable<AlterPartitionResponseInput['topics']>[number]['partitions']>[number]

/** First version whose ISR comes with the epochs of its brokers (KIP-903). */
const FIRST_VERSION_WITH_EPOCHS = 3
const UNKNOWN_EPOCH = -1n

interface IsrMember {
  readonly brokerId: number
  /** -1: not to be checked. */
  readonly brokerEpoch: bigint
}

/** Throws STALE_BROKER_EPOCH; what is wrong with one partition is in its answer. */
export function alterPartition(
  view: ControllerView,
  version: number,
  request: AlterPartitionRequest,
): ControllerResult<AlterPartitionResponseInput> {
  checkBrokerEpoch(view, request.brokerId, request.brokerEpoch)
  const records: MetadataRecordInput[] = []
  const topics = request.topics.map((data) => {
    const topic = data.topicId === ZERO_UUID ? undefined : view.image.topicsById.get(data.topicId)
    const partitions = data.partitions.map((partition) => {
      if (topic === undefined) return failed(partition, 'UNKNOWN_TOPIC_ID')
      const members = version < FIRST_VERSION_WITH_EPOCHS ? withoutEpochs(partition) : partition.newIsrWithEpochs
      return alterOne(view, { topic, brokerId: request.brokerId, data: partition, members }, records)
    })
    return { topicId: data.topicId, partitions }
  })
  return { records, response: { errorCode: 0, topics } }
}

/** The answer when the whole request is refused. */
export function alterPartitionFailure(error: KafkaError): AlterPartitionResponseInput {
  return { errorCode: error.code, topics: [] }
}

function withoutEpochs({ newIsr }: PartitionData): IsrMember[] {
  return newIsr.map((brokerId) => ({ brokerId, brokerEpoch: UNKNOWN_EPOCH }))
}

function failed({ partitionIndex }: PartitionData, error: ErrorName): PartitionAnswer {
  return { partitionIndex, errorCode: ErrorCode[error] }
}

interface Alteration {
  readonly topic: TopicImage
  /** Who asks. */
  readonly brokerId: number
  readonly data: PartitionData
  readonly members: readonly IsrMember[]
}

function alterOne(view: ControllerView, alteration: Alteration, records: MetadataRecordInput[]): PartitionAnswer {
  const { topic, brokerId, data, members } = alteration
  const { partitionIndex: partitionId } = data
  const partition = topic.partitions.get(partitionId)
  if (partition === undefined) return failed(data, 'UNKNOWN_TOPIC_OR_PARTITION')
  const error = refusal(view, alteration, partition)
  if (error !== null) return failed(data, error)
  const place: PartitionPlace = { topic, partitionId, partition }
  const record = partitionChangeRecord(subjectOf(view, place), {
    election: electionFor(view, topic),
    isr: members.map((member) => member.brokerId),
    recoveryState: data.leaderRecoveryState,
  })
  if (record === null) return altered(data, partition)
  records.push(record)
  // A reassignment that is complete now may have moved the leadership: whoever asked must read the metadata anew.
  const { leader = NO_LEADER_CHANGE } = record.body
  if (leader !== NO_LEADER_CHANGE && leader !== brokerId) return failed(data, 'NEW_LEADER_ELECTED')
  return altered(data, mergePartition(partition, record.body))
}

function altered({ partitionIndex }: PartitionData, partition: PartitionRegistration): PartitionAnswer {
  const { leader, isr, leaderEpoch, partitionEpoch, leaderRecoveryState } = partition
  return { partitionIndex, errorCode: 0, leaderId: leader, isr, leaderEpoch, partitionEpoch, leaderRecoveryState }
}

function refusal(
  view: ControllerView,
  { brokerId, data, members }: Alteration,
  partition: PartitionRegistration,
): ErrorName | null {
  // The leader knows something newer than we do: more likely we are no longer the active controller.
  if (data.leaderEpoch > partition.leaderEpoch || data.partitionEpoch > partition.partitionEpoch)
    return 'NOT_CONTROLLER'
  if (data.leaderEpoch < partition.leaderEpoch) return 'FENCED_LEADER_EPOCH'
  if (brokerId !== partition.leader) return 'INVALID_REQUEST'
  if (data.partitionEpoch < partition.partitionEpoch) return 'INVALID_UPDATE_VERSION'
  if (!isValidIsr(members, partition)) return 'INVALID_REQUEST'
  if (!isValidRecovery(data.leaderRecoveryState, members.length, partition)) return 'INVALID_REQUEST'
  return members.every((member) => mayBeInIsr(view, member)) ? null : 'INELIGIBLE_REPLICA'
}

function isValidIsr(members: readonly IsrMember[], { replicas, leader }: PartitionRegistration): boolean {
  const ids = new Set(members.map((member) => member.brokerId))
  return ids.size === members.length && ids.has(leader) && [...ids].every((id) => replicas.includes(id))
}

/** While a leader recovers from an unclean election nobody else is in sync with it (KIP-704). */
function isValidRecovery(state: number, isrSize: number, { leaderRecoveryState }: PartitionRegistration): boolean {
  if (state === LEADER_RECOVERY.RECOVERED) return true
  return state === LEADER_RECOVERY.RECOVERING && isrSize <= 1 && leaderRecoveryState === LEADER_RECOVERY.RECOVERING
}

/** In service, and the very incarnation that the leader has seen fetching. */
function mayBeInIsr({ image }: ControllerView, { brokerId, brokerEpoch }: IsrMember): boolean {
  const broker = image.brokers.get(brokerId)
  if (broker === undefined || broker.fenced || broker.inControlledShutdown) return false
  return brokerEpoch === UNKNOWN_EPOCH || Number(brokerEpoch) === broker.epoch
}
