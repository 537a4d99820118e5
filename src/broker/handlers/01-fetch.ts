/**
 * API key 1, Fetch, versions 4-18.
 *
 * Behaviour:
 * - Whole batches from the one that holds the offset on; at least one batch whatever the limits say, then request and
 *   partition limits hold (KIP-74). `fetch.max.bytes` caps the request's own limit.
 * - Waits up to max_wait_ms for min_bytes, woken by appends; an error in any partition answers at once.
 * - Isolation: read_uncommitted ends at the high watermark, read_committed at the last stable offset; a follower reads to
 *   the log end, and where it reads from tells the leader what it has.
 * - Incremental sessions: only partitions with something new are mentioned, and only those are looked at.
 * - With a replica selector the leader may send a consumer to a replica nearby; every replica serves consumers.
 *
 * Version notes:
 * - v7: sessions (KIP-227). v9: current leader epoch, fenced or unknown (KIP-320). v11: rack, preferred read replica; only
 *   from here on consumers may read from followers (KIP-392).
 * - v12: diverging epoch (KIP-595). v13: topic ids instead of names (KIP-516). v15: broker epoch of followers (KIP-903).
 * - v5 and below: a storage error is told as NOT_LEADER_OR_FOLLOWER, which those clients know.
 * - v16: current leader and its endpoint with NOT_LEADER_OR_FOLLOWER and FENCED_LEADER_EPOCH (KIP-951).
 *
 * Not implemented: quotas, tiered storage.
 */
import { type Uuid, ZERO_UUID } from '../../base/uuid.ts'
import { ErrorCode } from '../../protocol/error-codes.ts'
import { type FetchRequest, type FetchResponseInput, fetch } from '../../protocol/messages/01-fetch.ts'
import type { BrokerServices } from '../broker-services.ts'
import type { FetchContext, FetchPartitionOutcome, FetchPartitionRequest } from '../fetch-session.ts'
import { type FetchParams, type PartitionRead, releaseReads } from '../fetcher.ts'
import { defineHandler, type Handler, type HandlerAnswer, type RequestContext } from '../handler.ts'
import { NodeEndpoints } from '../node-endpoints.ts'

const READ_COMMITTED = 1
const FIRST_RACK_VERSION = 11
const FIRST_TOPIC_ID_VERSION = 13
const FIRST_REPLICA_STATE_VERSION = 15
const FIRST_LEADER_HINT_VERSION = 16
const LAST_VERSION_WITHOUT_STORAGE_ERROR = 5

type Fetch = typeof fetch
type TopicResponse = NonNullable<FetchResponseInput['responses']>[number]
type PartitionResponse = NonNullable<TopicResponse['partitions']>[number]

function requestedPartitions(request: FetchRequest): FetchPartitionRequest[] {
  const all: FetchPartitionRequest[] = []
  for (const topic of request.topics) {
    for (const partition of topic.partitions) {
      all.push({
        topic: topic.topicId === ZERO_UUID ? topic.topic : null,
        topicId: topic.topicId,
        partition: partition.partition,
        fetchOffset: Number(partition.fetchOffset),
        currentLeaderEpoch: partition.currentLeaderEpoch,
        lastFetchedEpoch: partition.lastFetchedEpoch,
        maxBytes: partition.partitionMaxBytes,
        logStartOffset: Number(partition.logStartOffset),
      })
    }
  }
  return all
}

function forgottenPartitions(request: FetchRequest): { topic: string; topicId: Uuid; partition: number }[] {
  return request.forgottenTopicsData.flatMap(({ topic, topicId, partitions }) =>
    partitions.map((partition) => ({ topic, topicId, partition })),
  )
}

const NO_RECORDS = Buffer.alloc(0)

function partitionResponse(read: PartitionRead, errorCode: number): PartitionResponse {
  return {
    partitionIndex: read.request.partition,
    errorCode,
    highWatermark: BigInt(read.highWatermark),
    lastStableOffset: BigInt(read.lastStableOffset),
    logStartOffset: BigInt(read.logStartOffset),
    divergingEpoch:
      read.divergingEpoch === null
        ? undefined
        : { epoch: read.divergingEpoch.leaderEpoch, endOffset: BigInt(read.divergingEpoch.endOffset) },
    abortedTransactions:
      read.data?.abortedTransactions?.map(({ producerId, firstOffset }) => ({
        producerId,
        firstOffset: BigInt(firstOffset),
      })) ?? null,
    preferredReadReplica: read.preferredReadReplica,
    records: read.data?.records ?? NO_RECORDS,
  }
}

/** Builds one response: groups partitions by topic in the order they were read. */
class FetchAnswer {
  private readonly broker: BrokerServices
  private readonly context: RequestContext
  private readonly session: FetchContext
  private readonly endpoints: NodeEndpoints
  private readonly topics = new Map<string, TopicResponse & { partitions: PartitionResponse[] }>()

  constructor(broker: BrokerServices, context: RequestContext, session: FetchContext) {
    this.broker = broker
    this.context = context
    this.session = session
    this.endpoints = new NodeEndpoints(broker.metadata, context.listenerName)
  }

  build(reads: readonly PartitionRead[]): HandlerAnswer<Fetch> {
    const outcomes = new Map<FetchPartitionRequest, FetchPartitionOutcome>()
    for (const read of reads) {
      outcomes.set(read.request, read)
      if (this.session.mentions(read.request, read)) this.add(read)
    }
    const sessionId = this.session.finish(outcomes)
    return {
      response: { sessionId, responses: [...this.topics.values()], nodeEndpoints: this.endpoints.list() },
      afterSend: () => releaseReads(reads),
    }
  }

  private add(read: PartitionRead): void {
    const { topic, topicId } = read.request
    const key = topic ?? topicId
    let response = this.topics.get(key)
    if (response === undefined) {
      response = { topic: topic ?? '', topicId, partitions: [] }
      this.topics.set(key, response)
    }
    const partition = partitionResponse(read, this.errorCodeFor(read.errorCode))
    response.partitions.push({ ...partition, currentLeader: this.leaderHint(read) })
  }

  private errorCodeFor(errorCode: number): number {
    const unknown = errorCode === ErrorCode.KAFKA_STORAGE_ERROR
    return unknown && this.context.apiVersion <= LAST_VERSION_WITHOUT_STORAGE_ERROR
      ? ErrorCode.NOT_LEADER_OR_FOLLOWER
      : errorCode
  }

  private leaderHint(read: PartitionRead): PartitionResponse['currentLeader'] {
    if (this.context.apiVersion < FIRST_LEADER_HINT_VERSION) return undefined
    const { errorCode, request } = read
    if (errorCode !== ErrorCode.NOT_LEADER_OR_FOLLOWER && errorCode !== ErrorCode.FENCED_LEADER_EPOCH) return undefined
    const topic = request.topic ?? this.broker.metadata.topicById(request.topicId)?.name
    return topic === undefined ? undefined : this.endpoints.leaderOf(topic, request.partition)
  }
}

/** Broker id of the follower that asks; -1 and below for consumers. */
function replicaOf(request: FetchRequest, version: number): number {
  return version >= FIRST_REPLICA_STATE_VERSION ? request.replicaState.replicaId : request.replicaId
}

function fetchParams(request: FetchRequest, fetchMaxBytes: number, context: RequestContext): FetchParams {
  const { apiVersion, listenerName } = context
  const maxBytes = Math.min(request.maxBytes, fetchMaxBytes)
  const replicaId = replicaOf(request, apiVersion)
  const isFollower = replicaId >= 0
  const byIsolation = request.isolationLevel === READ_COMMITTED ? 'committed' : 'high-watermark'
  const mayReadElsewhere = !isFollower && apiVersion >= FIRST_RACK_VERSION
  return {
    maxWaitMs: request.maxWaitMs,
    minBytes: Math.min(request.minBytes, maxBytes),
    maxBytes,
    isolation: isFollower ? 'log-end' : byIsolation,
    onlyLeader: !mayReadElsewhere,
    replicaId,
    replicaEpoch: Number(request.replicaState.replicaEpoch),
    consumer: mayReadElsewhere ? { rackId: request.rackId, listenerName } : null,
  }
}

export function fetchHandler(broker: BrokerServices): Handler<Fetch> {
  return defineHandler(fetch, { min: 4, max: 18 }, (request, context) => {
    const params = fetchParams(request, broker.config.fetchMaxBytes, context)
    const session = broker.fetchSessions.context(
      request,
      context.apiVersion >= FIRST_TOPIC_ID_VERSION,
      requestedPartitions(request),
      forgottenPartitions(request),
      params,
    )
    if (session.errorCode !== ErrorCode.NONE) return { response: { errorCode: session.errorCode } }
    const answer = new FetchAnswer(broker, context, session)
    const reads = broker.replicaManager.fetcher.fetch(session, params, () => context.closed)
    return reads instanceof Promise ? reads.then((ready) => answer.build(ready)) : answer.build(reads)
  })
}
