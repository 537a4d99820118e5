/** Incremental fetch sessions (KIP-227): a client names only what changed, and is told only what changed. */
import type { Clock } from '../base/clock.ts'
import type { Random } from '../base/random.ts'
import { type Uuid, ZERO_UUID } from '../base/uuid.ts'
import type { FetchIsolation, Log } from '../log/types.ts'
import { ErrorCode } from '../protocol/error-codes.ts'
import type { FetchRequest } from '../protocol/messages/01-fetch.ts'
import type { DelayedOperation, Watched, Watcher } from './delayed-operations.ts'
import type { FetchRounds } from './follower-state.ts'
import type { Partition } from './partition.ts'

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
  /** Where a follower's log starts; -1 for consumers. */
  readonly logStartOffset: number
}

/** The hosted partition a request means; null when there is none. */
export type PartitionFinder = (request: FetchPartitionRequest) => Partition | null

/** Who fetches: what decides how far it may read, and from whom. */
export interface FetchReader {
  readonly isolation: FetchIsolation
  /** False: a follower may answer, too (KIP-392). */
  readonly onlyLeader: boolean
  /** Broker id of a follower, -1 for a consumer. */
  readonly replicaId: number
}

/** What decides whether an incremental response mentions a partition. */
export interface FetchPartitionOutcome {
  readonly errorCode: number
  readonly highWatermark: number
  readonly logStartOffset: number
  readonly recordBytes: number
  readonly diverging: boolean
  /** -1: none (KIP-392). */
  readonly preferredReadReplica?: number
  /** Nothing more can be read until the partition changes. */
  readonly isIdle?: boolean
}

const NO_SESSION = 0
const INITIAL_EPOCH = 0
const FINAL_EPOCH = -1
const MAX_EPOCH = 2 ** 31 - 1
const NO_REPLICA = -1

/** A session that was used within this time only gives way to a larger one (Kafka's MinIncrementalFetchSessionEvictionMs). */
const MIN_EVICTION_MS = 120_000

function nextEpoch(epoch: number): number {
  return epoch === MAX_EPOCH ? 1 : epoch + 1
}

function keyOf(topic: string | null, topicId: Uuid, partition: number): string {
  return `${topicId === ZERO_UUID ? topic : topicId}:${partition}`
}

/** One partition of a session. It looks out for changes, so that a partition at rest costs a fetch nothing. */
class SessionPartition implements Watcher {
  request: FetchPartitionRequest
  /** As last told to the client; -1 after an error, so that the partition is mentioned again when it heals. */
  highWatermark = -1
  logStartOffset = -1
  private readonly session: Session
  private watched: Partition | null = null

  constructor(session: Session, request: FetchPartitionRequest) {
    this.session = session
    this.request = request
  }

  /** Looks for the partition while it is not hosted here. */
  watch(find: PartitionFinder): void {
    if (this.watched !== null && !this.watched.isDeleted) return
    this.unwatch()
    this.watched = find(this.request)
    this.watched?.watchers.add(this)
  }

  unwatch(): void {
    if (this.watched === null) return
    const { log, leaderState, watchers } = this.watched
    watchers.delete(this)
    leaderState?.follower(this.session.reader.replicaId)?.leaveSession(this.session, log.logEndOffset)
    this.watched = null
  }

  /** The partition has changed: the next fetch looks at it, and a waiting one does when there is something for it. */
  check(): void {
    const { active, waiting, reader } = this.session
    active.add(this)
    if (waiting !== null && hasNews(this.watched!, this.request, reader)) waiting.check()
  }

  get canRest(): boolean {
    return this.watched !== null && !this.watched.isDeleted
  }

  mustMention(outcome: FetchPartitionOutcome): boolean {
    return (
      outcome.recordBytes > 0 ||
      outcome.errorCode !== ErrorCode.NONE ||
      outcome.diverging ||
      (outcome.preferredReadReplica ?? NO_REPLICA) !== NO_REPLICA ||
      this.highWatermark !== outcome.highWatermark ||
      this.logStartOffset !== outcome.logStartOffset
    )
  }

  remember(outcome: FetchPartitionOutcome): void {
    this.highWatermark = outcome.errorCode === ErrorCode.NONE ? outcome.highWatermark : -1
    this.logStartOffset = outcome.logStartOffset
  }
}

/** Whether a fetch of this partition would be answered with more than that nothing is new: records, or an error. */
function hasNews(partition: Partition, request: FetchPartitionRequest, reader: FetchReader): boolean {
  const { fetchOffset, currentLeaderEpoch } = request
  if (partition.isDeleted || (reader.onlyLeader && !partition.isLeader)) return true
  if (currentLeaderEpoch >= 0 && currentLeaderEpoch !== partition.leaderEpoch) return true
  const { log } = partition
  return readLimit(log, reader.isolation) > fetchOffset || log.logEndOffset < fetchOffset
}

/** First offset a reader of this isolation may not read. */
export function readLimit(log: Log, isolation: FetchIsolation): number {
  if (isolation === 'log-end') return log.logEndOffset
  return isolation === 'high-watermark' ? log.highWatermark : log.lastStableOffset
}

class Session implements FetchRounds, Watched {
  readonly id: number
  readonly usesTopicIds: boolean
  readonly createdMs: number
  reader: FetchReader
  lastUsedMs: number
  lastRoundMs: number
  epoch = nextEpoch(INITIAL_EPOCH)
  /** In the order they are served: one that had data goes to the end, so that all get their turn. */
  readonly partitions = new Map<string, SessionPartition>()
  /** Those a fetch has to look at, in the same order; the others are at rest. */
  readonly active = new Set<SessionPartition>()
  /** The fetch that waits. */
  waiting: DelayedOperation | null = null

  constructor(id: number, usesTopicIds: boolean, reader: FetchReader, nowMs: number) {
    this.id = id
    this.usesTopicIds = usesTopicIds
    this.reader = reader
    this.createdMs = nowMs
    this.lastUsedMs = nowMs
    this.lastRoundMs = nowMs
  }

  /** A follower's session is worth more than a consumer's: without it every round names every partition. */
  get isPrivileged(): boolean {
    return this.reader.replicaId >= 0
  }

  /** A second fetch on one session ends the wait of the first. */
  add(operation: DelayedOperation): void {
    this.waiting?.finish(false)
    this.waiting = operation
  }

  delete(operation: DelayedOperation): void {
    if (this.waiting === operation) this.waiting = null
  }

  put(request: FetchPartitionRequest): SessionPartition {
    const key = keyOf(request.topic, request.topicId, request.partition)
    let partition = this.partitions.get(key)
    if (partition === undefined) {
      partition = new SessionPartition(this, request)
      this.partitions.set(key, partition)
    }
    partition.request = request
    this.active.add(partition)
    return partition
  }

  find({ topic, topicId, partition }: FetchPartitionRequest): SessionPartition | undefined {
    return this.partitions.get(keyOf(topic, topicId, partition))
  }

  forget(topic: string | null, topicId: Uuid, index: number): void {
    const key = keyOf(topic, topicId, index)
    const partition = this.partitions.get(key)
    if (partition === undefined) return
    this.partitions.delete(key)
    this.active.delete(partition)
    partition.unwatch()
  }

  /** Another isolation or another kind of client sees other limits: all partitions are looked at again. */
  readBy(reader: FetchReader): void {
    const { isolation, onlyLeader, replicaId } = this.reader
    if (isolation === reader.isolation && onlyLeader === reader.onlyLeader && replicaId === reader.replicaId) return
    this.reader = reader
    for (const partition of this.partitions.values()) this.active.add(partition)
  }

  moveToEnd(partition: SessionPartition): void {
    const { topic, topicId, partition: index } = partition.request
    const key = keyOf(topic, topicId, index)
    this.partitions.delete(key)
    this.partitions.set(key, partition)
    if (this.active.delete(partition)) this.active.add(partition)
  }

  close(): void {
    for (const partition of this.partitions.values()) partition.unwatch()
    this.active.clear()
    this.waiting?.finish(false)
  }
}

/** One fetch: which partitions it is about, and what of the outcome the client is told. */
export interface FetchContext {
  /** Not 0: the request as a whole is answered with this and nothing else. */
  readonly errorCode: number
  /** The fetch is about no partition at all. */
  readonly isEmpty: boolean
  /** Those to look at now; more may have come when it is asked again. */
  readonly partitions: Iterable<FetchPartitionRequest>
  /** The session that carries the partitions from fetch to fetch. */
  readonly rounds: FetchRounds | null
  /** What a waiting fetch looks at; null: each of its partitions. */
  readonly watched: Watched | null
  /** After each partition was looked at. */
  afterRead(request: FetchPartitionRequest, outcome: FetchPartitionOutcome): void
  /** All partitions were looked at for the first time, at `nowMs` (monotonic). */
  afterRound(nowMs: number): void
  /** Whether the response mentions the partition; remembers what the client is told. */
  mentions(request: FetchPartitionRequest, outcome: FetchPartitionOutcome): boolean
  /** Ends the fetch and returns the session id of the response. */
  finish(outcomes: ReadonlyMap<FetchPartitionRequest, FetchPartitionOutcome>): number
}

const WITHOUT_SESSION = {
  errorCode: ErrorCode.NONE,
  rounds: null,
  watched: null,
  afterRead: () => undefined,
  afterRound: () => undefined,
  mentions: () => true,
}

function failed(errorCode: number): FetchContext {
  return { ...WITHOUT_SESSION, errorCode, isEmpty: true, partitions: [], finish: () => NO_SESSION }
}

const CONSUMER: FetchReader = { isolation: 'high-watermark', onlyLeader: true, replicaId: NO_REPLICA }

type Forgotten = readonly { readonly topic: string | null; readonly topicId: Uuid; readonly partition: number }[]

/** The broker's sessions, at most `maxSessions` (`max.incremental.fetch.session.cache.slots`). */
export class FetchSessions {
  private readonly maxSessions: number
  private readonly clock: Clock
  private readonly random: Random
  private readonly findPartition: PartitionFinder
  /** Least recently used first. */
  private readonly sessions = new Map<number, Session>()

  constructor(maxSessions: number, clock: Clock, random: Random, findPartition: PartitionFinder = () => null) {
    this.maxSessions = maxSessions
    this.clock = clock
    this.random = random
    this.findPartition = findPartition
  }

  get size(): number {
    return this.sessions.size
  }

  /** `named` are the request's partitions, `forgotten` the keys of those it drops, names resolved by the caller. */
  context(
    request: Pick<FetchRequest, 'sessionId' | 'sessionEpoch'>,
    usesTopicIds: boolean,
    named: readonly FetchPartitionRequest[],
    forgotten: Forgotten,
    reader: FetchReader = CONSUMER,
  ): FetchContext {
    const { sessionId, sessionEpoch } = request
    if (sessionEpoch === INITIAL_EPOCH || sessionEpoch === FINAL_EPOCH) {
      if (sessionId !== NO_SESSION) this.remove(sessionId)
      return this.fullContext(usesTopicIds, named, sessionEpoch === INITIAL_EPOCH, reader)
    }
    const session = this.sessions.get(sessionId)
    if (session === undefined) return failed(ErrorCode.FETCH_SESSION_ID_NOT_FOUND)
    if (session.epoch !== sessionEpoch) return failed(ErrorCode.INVALID_FETCH_SESSION_EPOCH)
    if (session.usesTopicIds !== usesTopicIds) return failed(ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR)
    session.readBy(reader)
    for (const partition of named) session.put(partition)
    for (const { topic, topicId, partition } of forgotten) session.forget(topic, topicId, partition)
    if (session.partitions.size === 0) {
      this.remove(session.id)
      return this.fullContext(usesTopicIds, [], false, reader)
    }
    return this.incrementalContext(session)
  }

  private fullContext(
    usesTopicIds: boolean,
    named: readonly FetchPartitionRequest[],
    wantsSession: boolean,
    reader: FetchReader,
  ): FetchContext {
    return {
      ...WITHOUT_SESSION,
      isEmpty: named.length === 0,
      partitions: named,
      finish: (outcomes) => (wantsSession ? this.create(usesTopicIds, named, outcomes, reader) : NO_SESSION),
    }
  }

  private incrementalContext(session: Session): FetchContext {
    session.epoch = nextEpoch(session.epoch)
    this.touch(session)
    const { findPartition } = this
    let isFirstLook = true
    return {
      errorCode: ErrorCode.NONE,
      isEmpty: false,
      get partitions() {
        return Array.from(session.active, (partition) => {
          partition.watch(findPartition)
          return partition.request
        })
      },
      rounds: session,
      watched: session,
      afterRead: (request, outcome) => {
        const partition = session.find(request)
        // Only the first look tells the leader where a follower is: one that is asked for later waits for the next round.
        if (partition === undefined || outcome.isIdle !== true || !isFirstLook) return
        // What the client has not been told yet is looked at again when the answer is made.
        if (partition.canRest && !partition.mustMention(outcome)) session.active.delete(partition)
      },
      afterRound: (nowMs) => {
        isFirstLook = false
        session.lastRoundMs = nowMs
      },
      mentions: (request, outcome) => {
        const partition = session.find(request)
        if (partition === undefined || !partition.mustMention(outcome)) return false
        partition.remember(outcome)
        if (outcome.recordBytes > 0) session.moveToEnd(partition)
        return true
      },
      finish: () => session.id,
    }
  }

  private remove(id: number): boolean {
    this.sessions.get(id)?.close()
    return this.sessions.delete(id)
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
    reader: FetchReader,
  ): number {
    const nowMs = this.clock.monotonic()
    if (!this.makeRoom(named.length, reader.replicaId >= 0, nowMs)) return NO_SESSION
    const session = new Session(this.newId(), usesTopicIds, reader, nowMs)
    for (const request of named) {
      const partition = session.put(request)
      const outcome = outcomes.get(request)
      if (outcome !== undefined) partition.remember(outcome)
    }
    this.sessions.set(session.id, session)
    return session.id
  }

  /**
   * Evicts the least recently used session when it is stale, else the least valuable one that is worth no more than the
   * new one: a consumer's gives way to a follower's at any age, others only when they are old and not larger.
   */
  private makeRoom(partitionCount: number, privileged: boolean, nowMs: number): boolean {
    if (this.sessions.size < this.maxSessions) return true
    const [oldest] = this.sessions.values()
    if (oldest === undefined) return false
    if (nowMs - oldest.lastUsedMs > MIN_EVICTION_MS) return this.remove(oldest.id)
    let least: Session | null = null
    for (const session of this.sessions.values()) {
      const isOld = nowMs - session.createdMs > MIN_EVICTION_MS
      if (!isOld && !(privileged && !session.isPrivileged)) continue
      if (least === null || compareValue(session, least) < 0) least = session
    }
    if (least === null) return false
    const worth = { isPrivileged: privileged, partitions: { size: partitionCount } }
    return compareValue(worth, least) >= 0 && this.remove(least.id)
  }

  private newId(): number {
    for (;;) {
      const id = 1 + Math.floor(this.random.next() * (MAX_EPOCH - 1))
      if (!this.sessions.has(id)) return id
    }
  }
}

type Worth = { readonly isPrivileged: boolean; readonly partitions: { readonly size: number } }

function compareValue(a: Worth, b: Worth): number {
  if (a.isPrivileged !== b.isPrivileged) return a.isPrivileged ? 1 : -1
  return a.partitions.size - b.partitions.size
}
