/** FetchSnapshot, answered by the leader: a piece of one of its snapshots, cut anywhere (KIP-630). */
import { ErrorCode, type ErrorName } from '../protocol/error-codes.ts'
import type { FetchSnapshotRequest, FetchSnapshotResponseInput } from '../protocol/messages/59-fetch-snapshot.ts'
import { leaderOnlyError } from './answers.ts'
import { currentLeader, leaderNodes, METADATA_TOPIC, type RaftCore } from './core.ts'

/** Most bytes of one answer, whatever is asked for: it is held in memory until it has left. */
const MAX_PIECE_BYTES = 8 * 1024 * 1024
const NODE_ENDPOINTS_VERSION = 1

type Partition = FetchSnapshotRequest['topics'][number]['partitions'][number]

export function handleFetchSnapshot(
  core: RaftCore,
  version: number,
  request: FetchSnapshotRequest,
  listenerName: string,
): FetchSnapshotResponseInput {
  const { clusterId, topics } = request
  if (clusterId !== null && core.clusterId !== null && clusterId !== core.clusterId) {
    return { errorCode: ErrorCode.INCONSISTENT_CLUSTER_ID }
  }
  const [topic] = topics
  if (topics.length !== 1 || topic?.partitions.length !== 1) return { errorCode: ErrorCode.INVALID_REQUEST }
  const partition = topic.partitions[0]!
  const error = errorOf(core, topic.name, partition)
  const answered = {
    index: partition.partition,
    errorCode: ErrorCode[error],
    currentLeader: currentLeader(core),
    ...(error === 'NONE' ? piece(core, request, partition) : {}),
  }
  const nodes = version < NODE_ENDPOINTS_VERSION ? [] : leaderNodes(core, listenerName)
  return { topics: [{ name: topic.name, partitions: [answered] }], nodeEndpoints: nodes }
}

function errorOf(core: RaftCore, topicName: string, partition: Partition): ErrorName {
  if (topicName !== METADATA_TOPIC || partition.partition !== 0) return 'UNKNOWN_TOPIC_OR_PARTITION'
  if (core.closed) return 'BROKER_NOT_AVAILABLE'
  const error = leaderOnlyError(core.state, partition.currentLeaderEpoch)
  if (error !== null) return error
  const id = { endOffset: Number(partition.snapshotId.endOffset), epoch: partition.snapshotId.epoch }
  // The bootstrap snapshot is not replicated: the first leader writes what it holds to the log.
  if (id.endOffset === 0 || !core.snapshots.has(id)) return 'SNAPSHOT_NOT_FOUND'
  const inside = partition.position >= 0n && partition.position < BigInt(core.snapshots.sizeOf(id))
  return inside ? 'NONE' : 'POSITION_OUT_OF_RANGE'
}

function piece(core: RaftCore, { maxBytes, replicaId }: FetchSnapshotRequest, partition: Partition) {
  const { snapshotId, position, replicaDirectoryId } = partition
  const id = { endOffset: Number(snapshotId.endOffset), epoch: snapshotId.epoch }
  const most = Math.min(Math.max(maxBytes, 0), MAX_PIECE_BYTES)
  const unalignedRecords = core.snapshots.slice(id, Number(position), most)
  core.input({ type: 'replica-loads-snapshot', replica: { id: replicaId, directoryId: replicaDirectoryId } })
  return { snapshotId, size: BigInt(core.snapshots.sizeOf(id)), position, unalignedRecords }
}
