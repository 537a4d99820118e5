/** Incremental fetch sessions (KIP-227): a client names only what changed, and is told only what changed. */
import type { Clock } from '../base/clock.ts'
import type { Random } from '../base/random.ts'
import { type Uuid, ZERO_UUID } from '../base/uuid.ts'
import { ErrorCode } from '../protocol/error-codes.ts'
import type { FetchRequest } from '../protocol/messages/01-fetch.ts'

/** What a client wants of one partition. */
export interface FetchPartitionRequest {
  /** Null while a topic id is not known here. */
  readonly topic: string | null
  readonly topicId: Uuid
  readonly partition: number
  readonly fetchOffset: number
  readonly currentLeaderEpoch: number
  readonly lastFetchedEpoch: number
  readonly maxBytes: number
}

/** What decides whether an incremental response mentions a partition. */
export interface FetchPartitionOutcome {
  readonly errorCode: number
  readonly highWatermark: number
  readonly logStartOffset: number
  readonly recordBytes: number
  readonly diverging: boolean
}

const NO_SESSION = 0
const INITIAL_EPOCH = 0
const FINAL_EPOCH = -1
const MAX_EPOCH = 2 ** 31 - 1

/** A session that was used within this time only gives way to a larger one (Kafka's MinIncrementalFetchSessionEvictionMs). */
const MIN_EVICTION_MS = 120_000

function nextEpoch(epoch: number): number {
  return epoch === MAX_EPOCH ? 1 : epoch + 1
}

interface CachedPartition {
  request: FetchPartitionRequest
  /** As last told to the client; -1 after an error, so that the partition is mentioned again when it heals. */
  highWatermark: number
  logStartOffset: number
}

function keyOf(topic: string | null, topicId: Uuid, partition: number): string {
  return `${topicId === ZERO_UUID ? topic : topicId}:${partition}`
}

interface Session {
  readonly id: number
  readonly usesTopicIds: boolean
  readonly createdMs: number
  lastUsedMs: number
  epoch: number
  /** In the order they are served: one that had data goes to the end, so that all get their turn. */
  readonly partitions: Map<string, CachedPartition>
}

/** One fetch: which partitions it is about, and what of the outcome the client is told. */
export interface FetchContext {
  /** Not 0: the request as a whole is answered with this and nothing else. */
  readonly errorCode: number
  readonly partitions: Iterable<FetchPartitionRequest>
  /** Whether the response mentions the partition; remembers what the client is told. */
  mentions(request: FetchPartitionRequest, outcome: FetchPartitionOutcome): boolean
  /** Ends the fetch and returns the session id of the response. */
  finish(outcomes: ReadonlyMap<FetchPartitionRequest, FetchPartitionOutcome>): number
}

function mustMention(cached: CachedPartition, outcome: FetchPartitionOutcome): boolean {
  return (
    outcome.recordBytes > 0 ||
    outcome.errorCode !== ErrorCode.NONE ||
    outcome.diverging ||
    cached.highWatermark !== outcome.highWatermark ||
    cached.logStartOffset !== outcome.logStartOffset
  )
}

function remember(cached: CachedPartition, outcome: FetchPartitionOutcome): void {
  cached.highWatermark = outcome.errorCode === ErrorCode.NONE ? outcome.highWatermark : -1
  cached.logStartOffset = outcome.logStartOffset
}

function failed(errorCode: number): FetchContext {
  return { errorCode, partitions: [], mentions: () => false, finish: () => NO_SESSION }
}

/** The broker's sessions, at most `maxSessions` (`max.incremental.fetch.session.cache.slots`). */
export class FetchSessions {
  private readonly maxSessions: number
  private readonly clock: Clock
  private readonly random: Random
  /** Least recently used first. */
  private readonly sessions = new Map<number, Session>()

  constructor(maxSessions: number, clock: Clock, random: Random) {
    this.maxSessions = maxSessions
    this.clock = clock
    this.random = random
  }

  get size(): number {
    return this.sessions.size
  }

  /** `named` are the request's partitions, `forgotten` the keys of those it drops, names resolved by the caller. */
  context(
    request: Pick<FetchRequest, 'sessionId' | 'sessionEpoch'>,
    usesTopicIds: boolean,
    named: readonly FetchPartitionRequest[],
    forgotten: readonly { topic: string | null; topicId: Uuid; partition: number }[],
  ): FetchContext {
    const { sessionId, sessionEpoch } = request
    if (sessionEpoch === INITIAL_EPOCH || sessionEpoch === FINAL_EPOCH) {
      if (sessionId !== NO_SESSION) this.sessions.delete(sessionId)
      return this.fullContext(usesTopicIds, named, sessionEpoch === INITIAL_EPOCH)
    }
    const session = this.sessions.get(sessionId)
    if (session === undefined) return failed(ErrorCode.FETCH_SESSION_ID_NOT_FOUND)
    if (session.epoch !== sessionEpoch) return failed(ErrorCode.INVALID_FETCH_SESSION_EPOCH)
    if (session.usesTopicIds !== usesTopicIds) return failed(ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR)
    this.update(session, named, forgotten)
    if (session.partitions.size === 0) {
      this.sessions.delete(session.id)
      return this.fullContext(usesTopicIds, [], false)
    }
    return this.incrementalContext(session)
  }

  private fullContext(
    usesTopicIds: boolean,
    named: readonly FetchPartitionRequest[],
    wantsSession: boolean,
  ): FetchContext {
    return {
      errorCode: ErrorCode.NONE,
      partitions: named,
      mentions: () => true,
      finish: (outcomes) => (wantsSession ? this.create(usesTopicIds, named, outcomes) : NO_SESSION),
    }
  }

  private incrementalContext(session: Session): FetchContext {
    session.epoch = nextEpoch(session.epoch)
    this.touch(session)
    const served = [...session.partitions.values()].map((cached) => cached.request)
    return {
      errorCode: ErrorCode.NONE,
      partitions: served,
      mentions: (request, outcome) => this.mentions(session, request, outcome),
      finish: () => session.id,
    }
  }

  private mentions(session: Session, request: FetchPartitionRequest, outcome: FetchPartitionOutcome): boolean {
    const key = keyOf(request.topic, request.topicId, request.partition)
    const cached = session.partitions.get(key)
    if (cached === undefined || !mustMention(cached, outcome)) return false
    remember(cached, outcome)
    if (outcome.recordBytes > 0) {
      session.partitions.delete(key)
      session.partitions.set(key, cached)
    }
    return true
  }

  private update(
    session: Session,
    named: readonly FetchPartitionRequest[],
    forgotten: readonly { topic: string | null; topicId: Uuid; partition: number }[],
  ): void {
    for (const request of named) {
      const key = keyOf(request.topic, request.topicId, request.partition)
      const cached = session.partitions.get(key)
      if (cached === undefined) session.partitions.set(key, { request, highWatermark: -1, logStartOffset: -1 })
      else cached.request = request
    }
    for (const { topic, topicId, partition } of forgotten) session.partitions.delete(keyOf(topic, topicId, partition))
  }

  private touch(session: Session): void {
    session.lastUsedMs = this.clock.monotonic()
    this.sessions.delete(session.id)
    this.sessions.set(session.id, session)
  }

  private create(
    usesTopicIds: boolean,
    named: readonly FetchPartitionRequest[],
    outcomes: ReadonlyMap<FetchPartitionRequest, FetchPartitionOutcome>,
  ): number {
    const nowMs = this.clock.monotonic()
    if (!this.makeRoom(named.length, nowMs)) return NO_SESSION
    const partitions = new Map<string, CachedPartition>()
    for (const request of named) {
      const cached: CachedPartition = { request, highWatermark: -1, logStartOffset: -1 }
      const outcome = outcomes.get(request)
      if (outcome !== undefined) remember(cached, outcome)
      partitions.set(keyOf(request.topic, request.topicId, request.partition), cached)
    }
    const id = this.newId()
    const session = {
      id,
      usesTopicIds,
      createdMs: nowMs,
      lastUsedMs: nowMs,
      epoch: nextEpoch(INITIAL_EPOCH),
      partitions,
    }
    this.sessions.set(id, session)
    return id
  }

  /** Evicts the least recently used session when it is stale, else the smallest one that is old and smaller than this. */
  private makeRoom(partitionCount: number, nowMs: number): boolean {
    if (this.sessions.size < this.maxSessions) return true
    const [oldest] = this.sessions.values()
    if (oldest === undefined) return false
    if (nowMs - oldest.lastUsedMs > MIN_EVICTION_MS) return this.sessions.delete(oldest.id)
    let smallest: Session | null = null
    for (const session of this.sessions.values()) {
      if (nowMs - session.createdMs <= MIN_EVICTION_MS) continue
      if (smallest === null || session.partitions.size < smallest.partitions.size) smallest = session
    }
    if (smallest === null || smallest.partitions.size >= partitionCount) return false
    return this.sessions.delete(smallest.id)
  }

  private newId(): number {
    for (;;) {
      const id = 1 + Math.floor(this.random.next() * (MAX_EPOCH - 1))
      if (!this.sessions.has(id)) return id
    }
  }
}
