/**
 * Fetch of the metadata log, answered by the leader (KIP-595). A fetch that finds nothing new waits: until something is
 * appended, if a voter sent it, or until something is committed; but a follower whose high watermark is behind (version 18,
 * KIP-1166) is answered at once, and so is everybody when we lead no more.
 */
import { METADATA_TOPIC_ID } from '../base/uuid.ts'
import { ErrorCode, type ErrorName } from '../protocol/error-codes.ts'
import type { FetchRequest, FetchResponseInput } from '../protocol/messages/01-fetch.ts'
import { leaderOnlyError } from './answers.ts'
import { currentLeader, leaderNodes, METADATA_TOPIC, type RaftCore } from './core.ts'
import { type FetchPosition, fetchPosition } from './log-positions.ts'
import { leaderHighWatermark, replicaName } from './state.ts'
import { isVoter, type ReplicaKey } from './voters.ts'
import { WaitingFetches } from './waiting-fetches.ts'

/** Topics are named by id from this version on. */
const TOPIC_ID_VERSION = 13
const REPLICA_STATE_VERSION = 15
const EMPTY = Buffer.alloc(0)

export interface RequestContext {
  /** Ends when whoever sent the request is gone. */
  readonly closed: AbortSignal
  /** Listener by which the request came. */
  readonly listenerName: string
}

type FetchPartition = FetchRequest['topics'][number]['partitions'][number]

interface ReplicaFetch {
  readonly replica: ReplicaKey
  readonly partition: FetchPartition
  readonly maxBytes: number
  readonly version: number
  readonly listenerName: string
}

interface Found {
  readonly response: FetchResponseInput
  /** There is something in it that the other does not know. */
  readonly isNews: boolean
}

export class FetchRequests {
  private readonly core: RaftCore
  private readonly waiting: WaitingFetches<FetchResponseInput>

  constructor(core: RaftCore) {
    this.core = core
    this.waiting = new WaitingFetches(core.clock)
  }

  /** Records were appended: voters can have them before they are on our own disk. */
  appended(): void {
    this.waiting.wakeVoters()
  }

  /** The high watermark moved, or we lead no more. */
  changed(): void {
    this.waiting.wakeAll()
  }

  /** Nobody is answered any more. */
  drop(): void {
    this.waiting.drop()
  }

  handle(
    version: number,
    request: FetchRequest,
    { closed, listenerName }: RequestContext,
  ): FetchResponseInput | Promise<FetchResponseInput> {
    const { clusterId } = this.core
    if (request.clusterId !== null && clusterId !== null && request.clusterId !== clusterId) {
      return { errorCode: ErrorCode.INCONSISTENT_CLUSTER_ID }
    }
    const partition = metadataPartition(version, request)
    if (partition === null) return { errorCode: ErrorCode.INVALID_REQUEST }
    const id = version < REPLICA_STATE_VERSION ? request.replicaId : request.replicaState.replicaId
    const replica = { id, directoryId: partition.replicaDirectoryId }
    const fetch: ReplicaFetch = { replica, partition, maxBytes: request.maxBytes, version, listenerName }
    if (isMalformed(request, partition)) return this.refusal(fetch, 'INVALID_REQUEST')
    const found = this.receive(fetch)
    if (found.isNews || request.maxWaitMs === 0 || closed.aborted) return found.response
    return this.waiting.wait({
      replica: replicaName(replica),
      isVoter: isVoter(this.core.state.quorum.voters, replica),
      maxWaitMs: request.maxWaitMs,
      closed,
      complete: () => this.find(fetch).response,
    })
  }

  /** A fetch has come: it says how far its sender is, and by that something may be committed. */
  private receive(fetch: ReplicaFetch): Found {
    const { core } = this
    const { partition, replica } = fetch
    const offset = Number(partition.fetchOffset)
    if (this.errorOf(partition) === null) {
      const position = fetchPosition(core.logView, offset, partition.lastFetchedEpoch)
      if (position.type === 'valid') core.input({ type: 'replica-fetched', replica, offset, nowMs: core.clock.now() })
    }
    return this.find(fetch)
  }

  private errorOf({ currentLeaderEpoch }: FetchPartition): ErrorName | null {
    return this.core.closed ? 'BROKER_NOT_AVAILABLE' : leaderOnlyError(this.core.state, currentLeaderEpoch)
  }

  private find(fetch: ReplicaFetch): Found {
    const { core } = this
    const { partition, maxBytes } = fetch
    const error = this.errorOf(partition)
    if (error !== null) return { response: this.refusal(fetch, error), isNews: true }
    const offset = Number(partition.fetchOffset)
    const position = fetchPosition(core.logView, offset, partition.lastFetchedEpoch)
    if (position.type !== 'valid') return { response: this.answer(fetch, 'NONE', position), isNews: true }
    const records = this.read(offset, maxBytes)
    const behind = partition.highWatermark < BigInt(leaderHighWatermark(core.state))
    return { response: this.answer(fetch, 'NONE', position, records), isNews: records.length > 0 || behind }
  }

  private read(offset: number, maxBytes: number): Buffer {
    const { log } = this.core
    if (offset >= log.logEndOffset) return EMPTY
    const data = log.read(offset, maxBytes, 'log-end', true)
    try {
      // The log's buffer is lent for a moment only, the answer leaves when the socket takes it.
      return Buffer.from(data.records)
    } finally {
      data.release()
    }
  }

  private refusal(fetch: ReplicaFetch, error: ErrorName): FetchResponseInput {
    return this.answer(fetch, error, { type: 'valid' })
  }

  private answer(
    { version, listenerName }: ReplicaFetch,
    error: ErrorName,
    position: FetchPosition,
    records: Buffer = EMPTY,
  ): FetchResponseInput {
    const { core } = this
    const highWatermark = error === 'NONE' ? leaderHighWatermark(core.state) : -1
    const partition = {
      partitionIndex: 0,
      errorCode: ErrorCode[error],
      highWatermark: BigInt(highWatermark),
      logStartOffset: BigInt(core.log.logStartOffset),
      currentLeader: currentLeader(core),
      records,
      ...(position.type === 'diverging' && {
        divergingEpoch: { epoch: position.epoch, endOffset: BigInt(position.endOffset) },
      }),
      ...(position.type === 'snapshot' && {
        snapshotId: { endOffset: BigInt(position.id.endOffset), epoch: position.id.epoch },
      }),
    }
    const name = version < TOPIC_ID_VERSION ? { topic: METADATA_TOPIC } : { topicId: METADATA_TOPIC_ID }
    const nodes = version < 16 ? [] : leaderNodes(core, listenerName)
    return { responses: [{ ...name, partitions: [partition] }], nodeEndpoints: nodes }
  }
}

function metadataPartition(version: number, { topics }: FetchRequest): FetchPartition | null {
  const [topic] = topics
  if (topics.length !== 1 || topic === undefined || topic.partitions.length !== 1) return null
  const isMetadata = version < TOPIC_ID_VERSION ? topic.topic === METADATA_TOPIC : topic.topicId === METADATA_TOPIC_ID
  const partition = topic.partitions[0]!
  return isMetadata && partition.partition === 0 ? partition : null
}

function isMalformed({ maxWaitMs }: FetchRequest, partition: FetchPartition): boolean {
  const { fetchOffset, lastFetchedEpoch, currentLeaderEpoch } = partition
  return maxWaitMs < 0 || fetchOffset < 0n || lastFetchedEpoch < 0 || lastFetchedEpoch > currentLeaderEpoch
}
