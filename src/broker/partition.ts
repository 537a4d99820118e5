import { noTimeline, type Timeline } from '../base/timeline.ts'
import type { Uuid } from '../base/uuid.ts'
import type { AppendInfo, AppendOptions, EpochEndOffset, FetchData, FetchIsolation, Log } from '../log/types.ts'
import type { PartitionRegistration } from '../metadata/types.ts'
import { KafkaError } from '../protocol/error-codes.ts'
import { Watchers } from './delayed-operations.ts'
import type { FollowerFetch, FollowerState } from './follower-state.ts'
import { LeaderState, type LedPartition, type PartitionEnvironment } from './leader-state.ts'
import { isThrottled, NOT_THROTTLED, type TopicThrottles } from './replication-quota.ts'

/** No epoch given: the client does not know or care. */
export const NO_EPOCH = -1

/** DeleteRecords: everything up to the high watermark. */
const UP_TO_HIGH_WATERMARK = -1

export interface PartitionOptions {
  readonly topic: string
  readonly topicId: Uuid
  readonly index: number
  readonly log: Log
  readonly registration: PartitionRegistration
  readonly minInsyncReplicas: number
  /** Left out: not throttled. */
  readonly throttles?: TopicThrottles
  readonly environment: PartitionEnvironment
}

/** What an update of the metadata meant to a replica. */
export interface RoleChange {
  /** Leader or not, the leader epoch is a new one: followers fetch anew. */
  readonly isNewEpoch: boolean
}

/**
 * One replica hosted here: its log, and its role as the metadata image tells it (KAFKA `Partition`). Decides who may append
 * and read; what a leader knows of its followers is in `LeaderState`.
 */
export class Partition implements LedPartition {
  readonly topic: string
  readonly topicId: Uuid
  readonly index: number
  readonly log: Log
  minInsyncReplicas: number
  private throttles: TopicThrottles
  /** Fetches, produces and fetch sessions that look out for what happens here. */
  readonly watchers = new Watchers()
  private readonly env: PartitionEnvironment
  private readonly timeline: Timeline
  private registration: PartitionRegistration
  private leading: LeaderState | null = null
  private deleted = false

  constructor(options: PartitionOptions) {
    this.topic = options.topic
    this.topicId = options.topicId
    this.index = options.index
    this.log = options.log
    this.minInsyncReplicas = options.minInsyncReplicas
    this.throttles = options.throttles ?? NOT_THROTTLED
    this.env = options.environment
    this.timeline = options.environment.timeline ?? noTimeline
    this.registration = options.registration
    this.takeRole()
    if (!this.isLeader && this.timeline.isWatched) this.tellFollowing()
  }

  get name(): string {
    return `${this.topic}-${this.index}`
  }
  get leaderId(): number {
    return this.registration.leader
  }
  get leaderEpoch(): number {
    return this.registration.leaderEpoch
  }
  get isLeader(): boolean {
    return this.leading !== null
  }
  get isDeleted(): boolean {
    return this.deleted
  }
  /** Null on a follower. */
  get leaderState(): LeaderState | null {
    return this.leading
  }
  get replicas(): readonly number[] {
    return this.registration.replicas
  }
  /** As the leader holds it; on a follower as the metadata has it. */
  get isr(): readonly number[] {
    return this.leading?.isr ?? this.registration.isr
  }
  get highWatermark(): number {
    return this.log.highWatermark
  }

  /** Takes what the newest image says; null when nothing is new. */
  update(registration: PartitionRegistration): RoleChange | null {
    const known = this.leading?.partitionEpoch ?? this.registration.partitionEpoch
    if (registration === this.registration || registration.partitionEpoch < known) return null
    const isNewEpoch = registration.leaderEpoch > this.registration.leaderEpoch
    const wasLeader = this.isLeader
    this.registration = registration
    const moved = this.takeRole()
    if (isNewEpoch && !this.isLeader && this.timeline.isWatched) this.tellFollowing()
    if (isNewEpoch || moved || wasLeader !== this.isLeader) this.watchers.wake()
    return { isNewEpoch }
  }

  private tellFollowing(): void {
    const { leader: leaderId, leaderEpoch } = this.registration
    const endOffset = this.log.logEndOffset
    this.timeline.tell({
      type: 'leader-epoch',
      partition: this.name,
      role: 'follower',
      leaderId,
      leaderEpoch,
      endOffset,
    })
  }

  /** Returns whether the high watermark moved. */
  private takeRole(): boolean {
    if (this.registration.leader !== this.env.nodeId || this.deleted) {
      this.leading?.end()
      this.leading = null
      return false
    }
    const isNewLeader = this.leading === null
    this.leading ??= new LeaderState(this.env, this)
    return this.leading.update(this.registration, isNewLeader)
  }

  /** Whether this broker's replica is among those that are copied no faster than the rate of that side. */
  isThrottled(side: keyof TopicThrottles): boolean {
    return isThrottled(this.throttles[side], this.index)
  }

  onHighWatermark(): void {
    this.watchers.wake()
  }

  setThrottles(throttles: TopicThrottles): void {
    this.throttles = throttles
  }

  setMinInsyncReplicas(value: number): void {
    this.minInsyncReplicas = value
    if (this.leading?.advanceHighWatermark() === true) this.watchers.wake()
  }

  /** The replica is gone from here: whoever waits is answered, whoever comes is refused. */
  markDeleted(): void {
    this.deleted = true
    this.takeRole()
    this.watchers.wake()
  }

  /** Throws FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH (KIP-320) or NOT_LEADER_OR_FOLLOWER. */
  checkLeader(currentLeaderEpoch: number): LeaderState {
    this.checkEpoch(currentLeaderEpoch)
    return this.leadingOrThrow()
  }

  /** Like `checkLeader`, for readers that may also be served by a follower (KIP-392). */
  checkReplica(currentLeaderEpoch: number): void {
    this.checkEpoch(currentLeaderEpoch)
    if (this.deleted) throw new KafkaError('NOT_LEADER_OR_FOLLOWER')
  }

  private checkEpoch(currentLeaderEpoch: number): void {
    if (currentLeaderEpoch === NO_EPOCH) return
    if (currentLeaderEpoch < this.leaderEpoch) throw new KafkaError('FENCED_LEADER_EPOCH')
    if (currentLeaderEpoch > this.leaderEpoch) throw new KafkaError('UNKNOWN_LEADER_EPOCH')
  }

  private leadingOrThrow(): LeaderState {
    if (this.leading === null) throw new KafkaError('NOT_LEADER_OR_FOLLOWER')
    return this.leading
  }

  // As a leader

  /**
   * Appends as the leader and moves the high watermark. `requireInSync` is acks=all: too small an ISR refuses before
   * anything is written.
   */
  append(records: Buffer, options: Omit<AppendOptions, 'leaderEpoch'>, requireInSync: boolean): AppendInfo {
    const leading = this.leadingOrThrow()
    if (requireInSync && leading.isUnderMinIsr) {
      throw new KafkaError(
        'NOT_ENOUGH_REPLICAS',
        `The size of the current ISR : ${leading.isr.length} is insufficient to satisfy the min.isr requirement of ` +
          `${this.minInsyncReplicas} for partition ${this.name}, live replica(s) broker.id are : ${leading.isr}`,
      )
    }
    leading.beforeAppend()
    const info = this.log.appendAsLeader(records, { ...options, leaderEpoch: this.leaderEpoch })
    if (this.timeline.isWatched) this.tellAppend('leader', info, records.length)
    leading.advanceHighWatermark()
    this.watchers.wake()
    return info
  }

  private tellAppend(role: 'leader' | 'follower', info: AppendInfo, sizeInBytes: number): void {
    const { firstOffset: baseOffset, lastOffset } = info
    const { leaderEpoch } = this
    const append = { role, leaderEpoch, baseOffset, lastOffset, sizeInBytes, isDuplicate: info.duplicate }
    this.timeline.tell({ type: 'append', partition: this.name, ...append })
  }

  /** Whether acks=all may be answered with success once the high watermark has passed. */
  hasEnoughInSync(): boolean {
    return this.leading?.hasEnoughForAcknowledgement ?? false
  }

  /**
   * The follower a fetch comes from. Throws UNKNOWN_LEADER_EPOCH (it was just assigned and we have not heard, so it
   * tries again), and NOT_LEADER_OR_FOLLOWER to a process that a newer one has replaced (KIP-903).
   */
  followerOrThrow(replicaId: number, brokerEpoch: number, currentLeaderEpoch: number): FollowerState {
    const follower = this.checkLeader(currentLeaderEpoch).follower(replicaId)
    if (follower === undefined) {
      throw new KafkaError(currentLeaderEpoch === NO_EPOCH ? 'NOT_LEADER_OR_FOLLOWER' : 'UNKNOWN_LEADER_EPOCH')
    }
    const registered = this.env.brokers.aliveEpoch(replicaId)
    if (brokerEpoch !== -1 && registered !== null && registered > brokerEpoch) {
      throw new KafkaError('NOT_LEADER_OR_FOLLOWER')
    }
    return follower
  }

  /** A follower has everything below its fetch offset: may move the ISR and the high watermark. */
  onFollowerFetch(follower: FollowerState, fetch: FollowerFetch): void {
    const { leading } = this
    if (leading === null) return
    const { logStartOffset, carrier } = follower
    const moved = leading.onFetch(follower, fetch)
    // What comes beside the session that carries the partition silently may be old: its next round says it again.
    const isBesideSession = carrier !== null && carrier !== fetch.rounds
    if (moved || isBesideSession || follower.logStartOffset !== logStartOffset) this.watchers.wake()
  }

  /** Smallest log start offset of the live replicas; throws NOT_LEADER_OR_FOLLOWER. */
  get lowWatermark(): number {
    return this.leadingOrThrow().lowWatermark
  }

  /** DeleteRecords; -1 stands for the high watermark. Returns the offset every replica has to start at. */
  deleteRecordsBefore(offset: number): number {
    this.leadingOrThrow()
    if (!this.log.config.cleanupDelete) throw new KafkaError('POLICY_VIOLATION')
    const target = offset === UP_TO_HIGH_WATERMARK ? this.highWatermark : offset
    if (target < 0 || target > this.highWatermark) throw new KafkaError('OFFSET_OUT_OF_RANGE')
    this.log.deleteRecordsBefore(target)
    this.watchers.wake()
    return target
  }

  // As a follower

  /** What the leader sent, exactly as it is, and where the leader's log starts and is committed. */
  appendAsFollower(
    records: Buffer,
    leaderEpoch: number,
    leader: { highWatermark: number; logStartOffset: number },
  ): void {
    if (records.length > 0) {
      this.startAtFirstBatch(records)
      const info = this.log.appendAsFollower(records, leaderEpoch)
      if (this.timeline.isWatched) this.tellAppend('follower', info, records.length)
    }
    const before = this.log.highWatermark
    const moved = this.log.updateHighWatermark(leader.highWatermark)
    if (moved && this.timeline.isWatched) this.tellFollowed(before)
    if (leader.logStartOffset > this.log.logStartOffset) {
      this.log.deleteRecordsBefore(Math.min(leader.logStartOffset, this.highWatermark), 'leader offset incremented')
    }
    if (moved) this.watchers.wake()
  }

  private tellFollowed(from: number): void {
    const { name, highWatermark: to } = this
    this.timeline.tell({ type: 'high-watermark', partition: name, role: 'follower', from, to })
  }

  /** DeleteRecords may have put the leader's start inside a batch: an empty log then starts where that batch does. */
  private startAtFirstBatch(records: Buffer): void {
    const { logEndOffset, logStartOffset } = this.log
    if (logEndOffset !== logStartOffset) return
    const baseOffset = Number(records.readBigInt64BE(0))
    if (baseOffset < logEndOffset) this.log.truncateFullyAndStartAt(baseOffset)
  }

  truncateTo(offset: number): void {
    this.log.truncateTo(offset)
    this.watchers.wake()
  }

  truncateFullyAndStartAt(offset: number): void {
    this.log.truncateFullyAndStartAt(offset)
    this.watchers.wake()
  }

  // For readers

  read(fetchOffset: number, maxBytes: number, isolation: FetchIsolation, minOneBatch: boolean): FetchData {
    return this.log.read(fetchOffset, maxBytes, isolation, minOneBatch)
  }

  /**
   * Where a reader that last read `lastFetchedEpoch` has left our history (KIP-595), null while it has not. Throws
   * OFFSET_OUT_OF_RANGE when we know nothing of that epoch, or when the offset lies before our log.
   */
  divergingEpoch(fetchOffset: number, lastFetchedEpoch: number): EpochEndOffset | null {
    if (lastFetchedEpoch < 0) return null
    const end = this.lastOffsetForEpoch(lastFetchedEpoch)
    if (end.leaderEpoch < 0 || end.endOffset < 0) {
      throw new KafkaError('OFFSET_OUT_OF_RANGE', `no end offset is known for epoch ${lastFetchedEpoch}`)
    }
    if (fetchOffset < this.log.logStartOffset) throw new KafkaError('OFFSET_OUT_OF_RANGE')
    return end.leaderEpoch < lastFetchedEpoch || end.endOffset < fetchOffset ? end : null
  }

  /** OffsetForLeaderEpoch: end of the largest epoch at or below `leaderEpoch`; -1/-1 when there is none. */
  lastOffsetForEpoch(leaderEpoch: number): EpochEndOffset {
    return this.log.endOffsetForEpoch(leaderEpoch)
  }

  /**
   * After an election the new leader does not know yet how much was committed: until its high watermark has reached the
   * start of its epoch an answer about the end could go back behind what clients have seen (KIP-207).
   */
  get isHighWatermarkLagging(): boolean {
    return this.leading !== null && this.leading.epochStartOffset > this.highWatermark
  }
}
