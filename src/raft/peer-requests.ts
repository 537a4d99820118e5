/** Vote, BeginQuorumEpoch and EndQuorumEpoch: sent to the other voters, and answered (KIP-595, KIP-853, KIP-996). */
import { ZERO_UUID } from '../base/uuid.ts'
import { ErrorCode, errorName } from '../protocol/error-codes.ts'
import { type VoteRequest, type VoteResponseInput, vote } from '../protocol/messages/52-vote.ts'
import {
  type BeginQuorumEpochRequest,
  type BeginQuorumEpochResponseInput,
  beginQuorumEpoch,
} from '../protocol/messages/53-begin-quorum-epoch.ts'
import {
  type EndQuorumEpochRequest,
  type EndQuorumEpochResponseInput,
  endQuorumEpoch,
} from '../protocol/messages/54-end-quorum-epoch.ts'
import type { PeerChannel } from '../protocol/peers.ts'
import { backoffMs, currentLeader, hintOf, leaderNodes, METADATA_TOPIC, onlyPartition, type RaftCore } from './core.ts'
import type { PeerChannels } from './peer-channels.ts'
import { keyOf, type LeaderHint, type PeerMessage } from './state.ts'
import { addressOf, type ReplicaKey, type VoterEndpoint } from './voters.ts'

const VOTE_VERSION = 2
const BEGIN_VERSION = 1
const END_VERSION = 1

interface Answer {
  readonly errorCode: number
  readonly partition: { readonly errorCode: number; readonly leaderId: number; readonly leaderEpoch: number } | null
  readonly granted: boolean
  readonly nodes: readonly { readonly nodeId: number; readonly host: string; readonly port: number }[]
}

/** Sends the messages of the algorithm and brings the answers back. Owner of what is in flight to each voter. */
export class PeerRequests {
  private readonly core: RaftCore
  private readonly channels: PeerChannels
  private readonly inFlight = new Set<string>()
  private readonly failures = new Map<number, number>()

  constructor(core: RaftCore, channels: PeerChannels) {
    this.core = core
    this.channels = channels
  }

  send(to: ReplicaKey, message: PeerMessage): void {
    const { core } = this
    const address = addressOf(core.state.quorum.voters.get(to.id)?.endpoints ?? [], core.listenerName)
    const name = `${to.id} ${message.type} ${message.epoch} ${message.type === 'vote' && message.preVote}`
    if (address === null || this.inFlight.has(name)) return
    this.inFlight.add(name)
    const sent = this.request(this.channels.to(address, 'requests'), to, message)
    sent.then(
      (answer) => this.answered(name, to, message, answer),
      (error) => this.failed(name, to, message, error),
    )
  }

  private answered(name: string, to: ReplicaKey, message: PeerMessage, answer: Answer): void {
    const { core } = this
    this.inFlight.delete(name)
    if (core.closed) return
    if (answer.errorCode !== ErrorCode.NONE || answer.partition === null) {
      const error = errorName(answer.errorCode)
      core.logger.warn(`node ${to.id} answered ${message.type} of epoch ${message.epoch} with ${error}`)
      this.retryLater(to, message)
      return
    }
    this.failures.delete(to.id)
    const { partition, granted, nodes } = answer
    const hint = hintOf(core, partition, nodes)
    core.input({
      type: 'peer-answer',
      from: keyOf(to),
      to: message,
      error: errorName(partition.errorCode),
      hint,
      granted,
    })
  }

  private failed(name: string, to: ReplicaKey, message: PeerMessage, error: unknown): void {
    this.inFlight.delete(name)
    if (this.core.closed) return
    this.core.logger.debug?.(`${message.type} of epoch ${message.epoch} did not reach node ${to.id}: ${String(error)}`)
    this.retryLater(to, message)
  }

  private retryLater(to: ReplicaKey, message: PeerMessage): void {
    const { core } = this
    const failures = (this.failures.get(to.id) ?? 0) + 1
    this.failures.set(to.id, failures)
    const again = (): void => {
      if (!core.closed) core.input({ type: 'peer-failed', to: keyOf(to), message })
    }
    core.clock.setTimer(backoffMs(failures, core.state.timeouts.retryBackoffMs), again, { background: true })
  }

  private request(channel: PeerChannel, to: ReplicaKey, message: PeerMessage): Promise<Answer> {
    switch (message.type) {
      case 'vote':
        return this.requestVote(channel, to, message)
      case 'begin-epoch':
        return this.beginEpoch(channel, to, message.epoch)
      case 'end-epoch':
        return this.endEpoch(channel, message)
    }
  }

  private async requestVote(
    channel: PeerChannel,
    to: ReplicaKey,
    message: Extract<PeerMessage, { type: 'vote' }>,
  ): Promise<Answer> {
    const { clusterId, state } = this.core
    const partition = {
      partitionIndex: 0,
      replicaEpoch: message.epoch,
      replicaId: state.local.id,
      replicaDirectoryId: state.local.directoryId,
      voterDirectoryId: to.directoryId,
      lastOffsetEpoch: message.lastEpoch,
      lastOffset: BigInt(message.lastOffset),
      preVote: message.preVote,
    }
    const topics = [{ topicName: METADATA_TOPIC, partitions: [partition] }]
    const request = { clusterId, voterId: to.id, topics }
    const answer = await channel.send(vote, VOTE_VERSION, request, state.timeouts.requestTimeoutMs)
    const answered = onlyPartition(answer.topics, (part) => part.partitionIndex)
    return {
      errorCode: answer.errorCode,
      partition: answered,
      granted: answered?.voteGranted ?? false,
      nodes: answer.nodeEndpoints,
    }
  }

  private async beginEpoch(channel: PeerChannel, to: ReplicaKey, leaderEpoch: number): Promise<Answer> {
    const { clusterId, state } = this.core
    const partition = { partitionIndex: 0, voterDirectoryId: to.directoryId, leaderId: state.local.id, leaderEpoch }
    const topics = [{ topicName: METADATA_TOPIC, partitions: [partition] }]
    const request = { clusterId, voterId: to.id, topics, leaderEndpoints: state.local.endpoints }
    const answer = await channel.send(beginQuorumEpoch, BEGIN_VERSION, request, state.timeouts.requestTimeoutMs)
    const answered = onlyPartition(answer.topics, (part) => part.partitionIndex)
    return { errorCode: answer.errorCode, partition: answered, granted: false, nodes: answer.nodeEndpoints }
  }

  private async endEpoch(channel: PeerChannel, message: Extract<PeerMessage, { type: 'end-epoch' }>): Promise<Answer> {
    const { clusterId, state } = this.core
    const preferredCandidates = message.successors.map(({ id, directoryId }) => ({
      candidateId: id,
      candidateDirectoryId: directoryId,
    }))
    const partition = { partitionIndex: 0, leaderId: state.local.id, leaderEpoch: message.epoch, preferredCandidates }
    const topics = [{ topicName: METADATA_TOPIC, partitions: [partition] }]
    const request = { clusterId, topics, leaderEndpoints: state.local.endpoints }
    const answer = await channel.send(endQuorumEpoch, END_VERSION, request, state.timeouts.requestTimeoutMs)
    const answered = onlyPartition(answer.topics, (part) => part.partitionIndex)
    return { errorCode: answer.errorCode, partition: answered, granted: false, nodes: answer.nodeEndpoints }
  }
}

/** null: the request names another cluster or another partition. */
function topLevelError(core: RaftCore, clusterId: string | null, partition: object | null): number {
  if (clusterId !== null && core.clusterId !== null && clusterId !== core.clusterId) {
    return ErrorCode.INCONSISTENT_CLUSTER_ID
  }
  return partition === null ? ErrorCode.INVALID_REQUEST : ErrorCode.NONE
}

function voterKey(id: number, directoryId: string): ReplicaKey | null {
  return id < 0 ? null : { id, directoryId }
}

export function handleVote(core: RaftCore, request: VoteRequest, listenerName: string): VoteResponseInput {
  const partition = onlyPartition(request.topics, (part) => part.partitionIndex)
  const errorCode = topLevelError(core, request.clusterId, partition)
  if (partition === null || errorCode !== ErrorCode.NONE) return { errorCode }
  const { error, granted } = core.ask({
    type: 'vote-request',
    epoch: partition.replicaEpoch,
    candidate: { id: partition.replicaId, directoryId: partition.replicaDirectoryId },
    voter: voterKey(request.voterId, partition.voterDirectoryId),
    lastEpoch: partition.lastOffsetEpoch,
    lastOffset: Number(partition.lastOffset),
    preVote: partition.preVote,
  })
  const answered = { partitionIndex: 0, errorCode: ErrorCode[error], ...currentLeader(core), voteGranted: granted }
  return {
    topics: [{ topicName: METADATA_TOPIC, partitions: [answered] }],
    nodeEndpoints: leaderNodes(core, listenerName),
  }
}

function hint(leaderId: number, epoch: number, endpoints: readonly VoterEndpoint[]): LeaderHint {
  return { leaderId: leaderId < 0 ? null : leaderId, epoch, endpoints }
}

export function handleBeginEpoch(
  core: RaftCore,
  request: BeginQuorumEpochRequest,
  listenerName: string,
): BeginQuorumEpochResponseInput {
  const partition = onlyPartition(request.topics, (part) => part.partitionIndex)
  const errorCode = topLevelError(core, request.clusterId, partition)
  if (partition === null || errorCode !== ErrorCode.NONE) return { errorCode }
  const { error } = core.ask({
    type: 'begin-epoch-request',
    voter: voterKey(request.voterId, partition.voterDirectoryId),
    ...hint(partition.leaderId, partition.leaderEpoch, request.leaderEndpoints),
  })
  const answered = { partitionIndex: 0, errorCode: ErrorCode[error], ...currentLeader(core) }
  return {
    topics: [{ topicName: METADATA_TOPIC, partitions: [answered] }],
    nodeEndpoints: leaderNodes(core, listenerName),
  }
}

export function handleEndEpoch(
  core: RaftCore,
  request: EndQuorumEpochRequest,
  listenerName: string,
): EndQuorumEpochResponseInput {
  const partition = onlyPartition(request.topics, (part) => part.partitionIndex)
  const errorCode = topLevelError(core, request.clusterId, partition)
  if (partition === null || errorCode !== ErrorCode.NONE) return { errorCode }
  const successors =
    partition.preferredCandidates.length > 0
      ? partition.preferredCandidates.map((one) => ({ id: one.candidateId, directoryId: one.candidateDirectoryId }))
      : partition.preferredSuccessors.map((id) => ({ id, directoryId: ZERO_UUID }))
  const { error } = core.ask({
    type: 'end-epoch-request',
    successors,
    ...hint(partition.leaderId, partition.leaderEpoch, request.leaderEndpoints),
  })
  const answered = { partitionIndex: 0, errorCode: ErrorCode[error], ...currentLeader(core) }
  return {
    topics: [{ topicName: METADATA_TOPIC, partitions: [answered] }],
    nodeEndpoints: leaderNodes(core, listenerName),
  }
}
