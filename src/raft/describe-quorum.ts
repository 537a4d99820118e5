/** DescribeQuorum: how far everybody is, seen by the leader (KIP-595, KIP-642, KIP-853). */
import { ErrorCode, errorInfo } from '../protocol/error-codes.ts'
import type { DescribeQuorumRequest, DescribeQuorumResponseInput } from '../protocol/messages/55-describe-quorum.ts'
import { METADATA_TOPIC, onlyPartition, type RaftCore } from './core.ts'
import { activeObservers } from './replicas.ts'
import { type LeaderRole, leaderHighWatermark, type RaftState, type ReplicaProgress } from './state.ts'

export function handleDescribeQuorum(core: RaftCore, request: DescribeQuorumRequest): DescribeQuorumResponseInput {
  const { state } = core
  if (onlyPartition(request.topics, (part) => part.partitionIndex) === null) return unknownPartitions(request)
  const { role } = state
  if (role.kind !== 'leader') return refused('NOT_LEADER_OR_FOLLOWER')
  const nowMs = core.clock.now()
  const partition = {
    partitionIndex: 0,
    leaderId: state.local.id,
    leaderEpoch: state.epoch,
    highWatermark: BigInt(leaderHighWatermark(state)),
    currentVoters: [...state.quorum.voters.values()].map((voter) =>
      voter.id === state.local.id ? localReplica(state, nowMs) : replica(role.followers.get(voter.id)!),
    ),
    observers: observers(state, role, nowMs),
  }
  const nodes = [...state.quorum.voters.values()].map(({ id, endpoints }) => ({ nodeId: id, listeners: endpoints }))
  return { topics: [{ topicName: METADATA_TOPIC, partitions: [partition] }], nodes }
}

/** A leader that is being removed from the voters is an observer of its own. */
function observers(state: RaftState, role: LeaderRole, nowMs: number) {
  const others = activeObservers(role, nowMs).map(replica)
  return state.quorum.voters.has(state.local.id) ? others : [localReplica(state, nowMs), ...others]
}

function localReplica({ local, logEndOffset }: RaftState, nowMs: number) {
  return {
    replicaId: local.id,
    replicaDirectoryId: local.directoryId,
    logEndOffset: BigInt(logEndOffset),
    lastFetchTimestamp: BigInt(nowMs),
    lastCaughtUpTimestamp: BigInt(nowMs),
  }
}

function replica({ key, endOffset, lastFetchMs, lastCaughtUpMs }: ReplicaProgress) {
  return {
    replicaId: key.id,
    replicaDirectoryId: key.directoryId,
    logEndOffset: BigInt(endOffset),
    lastFetchTimestamp: BigInt(lastFetchMs),
    lastCaughtUpTimestamp: BigInt(lastCaughtUpMs),
  }
}

function refused(error: 'NOT_LEADER_OR_FOLLOWER'): DescribeQuorumResponseInput {
  const { code: errorCode, message: errorMessage } = errorInfo(ErrorCode[error])
  return { topics: [{ topicName: METADATA_TOPIC, partitions: [{ partitionIndex: 0, errorCode, errorMessage }] }] }
}

function unknownPartitions({ topics }: DescribeQuorumRequest): DescribeQuorumResponseInput {
  const { code: errorCode, message: errorMessage } = errorInfo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
  return {
    topics: topics.map(({ topicName, partitions }) => ({
      topicName,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode, errorMessage })),
    })),
  }
}
