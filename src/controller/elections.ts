/**
 * Elections that somebody or something other than a broker's coming and going asks for: ElectLeaders (KIP-183, KIP-460),
 * the periodic balance of leaders, and the periodic search for partitions that only an unclean election brings back.
 */
import { ErrorCode, KafkaError } from '../protocol/error-codes.ts'
import type { ElectLeadersRequest, ElectLeadersResponseInput } from '../protocol/messages/43-elect-leaders.ts'
import type { MetadataRecordInput } from '../protocol/metadata/index.ts'
import { type Election, partitionChangeRecord, subjectOf, subjectsOf } from './partition-change.ts'
import type { PartitionPlace } from './partition-index.ts'
import type { ControllerResult } from './types.ts'
import { bounded, type ControllerView, uncleanElections } from './view.ts'

/** Elections one periodic run makes at most; Kafka's MAX_ELECTIONS_PER_IMBALANCE. */
export const MAX_ELECTIONS_PER_RUN = 1_000

/** `electionType` of the request. */
const ELECTION_TYPES: readonly Election[] = ['preferred', 'unclean']

type TopicAnswer = NonNullable<ElectLeadersResponseInput['replicaElectionResults']>[number]
type PartitionAnswer = NonNullable<TopicAnswer['partitionResult']>[number]

/** Throws INVALID_REQUEST for an unknown type, POLICY_VIOLATION when too many partitions would change. */
export function electLeaders(
  view: ControllerView,
  request: ElectLeadersRequest,
): ControllerResult<ElectLeadersResponseInput> {
  const election = ELECTION_TYPES[request.electionType]
  if (election === undefined) {
    throw new KafkaError('INVALID_REQUEST', `Unknown election type ${request.electionType}`)
  }
  const records: MetadataRecordInput[] = []
  const elect = (topic: string, partitionId: number): PartitionAnswer =>
    answerOf(partitionId, electOne(view, topic, partitionId, election, records))
  const { topicPartitions } = request
  const replicaElectionResults =
    topicPartitions === null
      ? electEverywhere(view, elect)
      : topicPartitions.map(({ topic, partitions }) => ({
          topic,
          partitionResult: partitions.map((partitionId) => elect(topic, partitionId)),
        }))
  return { records: bounded(records), response: { errorCode: 0, replicaElectionResults } }
}

/** The answer when the whole request is refused; version 0 can tell it only of the single partitions. */
export function electLeadersFailure(
  error: KafkaError,
  { topicPartitions }: ElectLeadersRequest,
  version: number,
): ElectLeadersResponseInput {
  const replicaElectionResults = (topicPartitions ?? []).map(({ topic, partitions }) => ({
    topic,
    partitionResult: partitions.map((partitionId) => answerOf(partitionId, error)),
  }))
  return { ...(version === 0 ? {} : { errorCode: error.code }), replicaElectionResults }
}

/** Of all partitions only those are told where an election was needed. */
function electEverywhere(
  { image }: ControllerView,
  elect: (topic: string, partitionId: number) => PartitionAnswer,
): TopicAnswer[] {
  return [...image.topicsByName.values()].map(({ name, partitions }) => {
    const answers = [...partitions.keys()].map((partitionId) => elect(name, partitionId))
    return {
      topic: name,
      partitionResult: answers.filter(({ errorCode }) => errorCode !== ErrorCode.ELECTION_NOT_NEEDED),
    }
  })
}

function answerOf(partitionId: number, error: KafkaError | null): PartitionAnswer {
  if (error === null) return { partitionId, errorCode: 0, errorMessage: null }
  return { partitionId, errorCode: error.code, errorMessage: error.message }
}

/** Adds the record of an election to `records`, or says why there is none. */
function electOne(
  view: ControllerView,
  topicName: string,
  partitionId: number,
  election: Election,
  records: MetadataRecordInput[],
): KafkaError | null {
  const topic = view.image.topicsByName.get(topicName)
  if (topic === undefined) return new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `No such topic as ${topicName}`)
  const partition = topic.partitions.get(partitionId)
  if (partition === undefined) {
    return new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `No such partition as ${topicName}-${partitionId}`)
  }
  const isDone = election === 'preferred' ? partition.leader === partition.replicas[0] : partition.leader >= 0
  if (isDone) return new KafkaError('ELECTION_NOT_NEEDED')
  const record = partitionChangeRecord(subjectOf(view, { topic, partitionId, partition }), { election })
  if (record === null) {
    return new KafkaError(
      election === 'preferred' ? 'PREFERRED_LEADER_NOT_AVAILABLE' : 'ELIGIBLE_LEADERS_NOT_AVAILABLE',
    )
  }
  records.push(record)
  return null
}

export interface ElectionRun {
  readonly records: readonly MetadataRecordInput[]
  /** There may be more to elect: run again soon. */
  readonly more: boolean
}

/** Elects the preferred leader of partitions led by another (auto.leader.rebalance.enable). */
export function balanceLeaders(view: ControllerView): ElectionRun {
  return electAll(view, view.partitions.withoutPreferredLeader(), 'preferred')
}

/** Elects anybody for partitions without a leader whose topic allows unclean elections. */
export function electUncleanLeaders(view: ControllerView): ElectionRun {
  return electAll(view, withUncleanElection(view), 'unclean')
}

function* withUncleanElection(view: ControllerView): Generator<PartitionPlace> {
  const isAllowed = uncleanElections(view)
  for (const place of view.partitions.withoutLeader()) if (isAllowed(place.topic)) yield place
}

function electAll(view: ControllerView, places: Iterable<PartitionPlace>, election: Election): ElectionRun {
  const subjectAt = subjectsOf(view)
  const records: MetadataRecordInput[] = []
  for (const place of places) {
    const record = partitionChangeRecord(subjectAt(place), { election })
    if (record !== null) records.push(record)
    if (records.length >= MAX_ELECTIONS_PER_RUN) return { records, more: true }
  }
  return { records, more: false }
}
