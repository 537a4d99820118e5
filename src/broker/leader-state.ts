/**
 * What a partition knows while this broker leads it: its followers, the ISR with the change that may be in flight, and so
 * the high watermark (KAFKA `Partition`). It lives from one election to the next loss of leadership.
 */
import type { Clock, Timer } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import { noTimeline, type Timeline } from '../base/timeline.ts'
import type { Uuid } from '../base/uuid.ts'
import type { Log } from '../log/types.ts'
import type { PartitionRegistration } from '../metadata/types.ts'
import { ErrorCode, errorName } from '../protocol/error-codes.ts'
import type { AlteredPartition, AlterPartitions } from './alter-partition-manager.ts'
import { type FollowerFetch, FollowerState } from './follower-state.ts'
import {
  committedIsr,
  expandingIsr,
  type IsrMember,
  type IsrState,
  type ProposedIsr,
  RECOVERED,
  shrinkingIsr,
} from './isr-state.ts'

/** What the newest metadata says of another broker, as far as the ISR is concerned. */
export interface ReplicaBrokers {
  /** Epoch of its registration; null while it is unknown or fenced. */
  aliveEpoch(brokerId: number): number | null
  isShuttingDown(brokerId: number): boolean
}

export interface PartitionEnvironment {
  readonly nodeId: number
  readonly brokerEpoch: () => number
  readonly brokers: ReplicaBrokers
  readonly alterPartitions: AlterPartitions
  /** `replica.lag.time.max.ms` */
  readonly replicaLagTimeMaxMs: number
  readonly clock: Clock
  readonly logger: Logger
  /** Left out: nobody is told. */
  readonly timeline?: Timeline
}

/** What one partition hands its leader state. */
export interface LedPartition {
  readonly name: string
  readonly topicId: Uuid
  readonly index: number
  readonly log: Log
  minInsyncReplicas: number
  /** The high watermark has moved for a reason other than a call into here. */
  onHighWatermark(): void
}

/** The controller knows better: nothing is to be done but to wait for the metadata it has written. */
const AWAIT_METADATA: ReadonlySet<number> = new Set([
  ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
  ErrorCode.UNKNOWN_TOPIC_ID,
  ErrorCode.FENCED_LEADER_EPOCH,
  ErrorCode.INVALID_UPDATE_VERSION,
  ErrorCode.INVALID_REQUEST,
  ErrorCode.NEW_LEADER_ELECTED,
])
/** The controller has certainly not applied the change. */
const NOT_APPLIED: ReadonlySet<number> = new Set([ErrorCode.OPERATION_NOT_ATTEMPTED, ErrorCode.INELIGIBLE_REPLICA])

/** A refused follower is proposed again after this; in Kafka its next idle fetch would do so. */
const RECONSIDER_MS = 500

export class LeaderState {
  private readonly env: PartitionEnvironment
  private readonly partition: LedPartition
  private readonly timeline: Timeline
  private readonly followers = new Map<number, FollowerState>()
  private state: IsrState = committedIsr([], RECOVERED)
  private leaderEpoch = -1
  private currentPartitionEpoch = -1
  private startOffset = -1
  private reconsiderTimer: Timer | null = null

  constructor(env: PartitionEnvironment, partition: LedPartition) {
    this.env = env
    this.partition = partition
    this.timeline = env.timeline ?? noTimeline
  }

  get isr(): readonly number[] {
    return this.state.isr
  }
  /** Grows with every change of the ISR; may be ahead of the metadata, since AlterPartition answers first. */
  get partitionEpoch(): number {
    return this.currentPartitionEpoch
  }
  /** Where this broker's leader epoch starts. */
  get epochStartOffset(): number {
    return this.startOffset
  }
  get isChangeInFlight(): boolean {
    return this.state.change !== null
  }

  follower(replicaId: number): FollowerState | undefined {
    return this.followers.get(replicaId)
  }
  allFollowers(): Iterable<FollowerState> {
    return this.followers.values()
  }

  /** Kafka's effective min ISR: more replicas than there are cannot be asked for. */
  private get minIsr(): number {
    return Math.min(this.partition.minInsyncReplicas, this.followers.size + 1)
  }
  get isUnderMinIsr(): boolean {
    return this.state.isr.length < this.minIsr
  }
  /** Whether acks=all may be answered: those on their way into the ISR count. */
  get hasEnoughForAcknowledgement(): boolean {
    return this.state.maximalIsr.length >= this.minIsr
  }

  /** Takes what the newest image says; `isNewLeader`: somebody else led until now. Returns whether the high watermark moved. */
  update(registration: PartitionRegistration, isNewLeader: boolean): boolean {
    this.updateFollowers(registration.replicas)
    this.updateIsr(registration)
    if (registration.leaderEpoch > this.leaderEpoch) this.startEpoch(registration, isNewLeader)
    this.currentPartitionEpoch = registration.partitionEpoch
    const moved = this.advanceHighWatermark()
    this.reconsider()
    return moved
  }

  private updateFollowers(replicas: readonly number[]): void {
    for (const id of replicas) {
      if (id !== this.env.nodeId && !this.followers.has(id)) this.followers.set(id, new FollowerState(id))
    }
    for (const id of this.followers.keys()) if (!replicas.includes(id)) this.followers.delete(id)
  }

  /** The record of a change that AlterPartition has told already must not take back what was proposed since. */
  private updateIsr({ isr, partitionEpoch, leaderEpoch }: PartitionRegistration): void {
    const known = partitionEpoch === this.currentPartitionEpoch && leaderEpoch === this.leaderEpoch
    if (known && this.isChangeInFlight) return
    this.state = committedIsr(isr, RECOVERED)
  }

  /** A new epoch starts at the log end (KIP-101), before anything is appended under it. */
  private startEpoch({ leaderEpoch, isr }: PartitionRegistration, isNewLeader: boolean): void {
    const { log, name } = this.partition
    this.leaderEpoch = leaderEpoch
    this.startOffset = log.logEndOffset
    log.setLeaderEpochStart(leaderEpoch, this.startOffset)
    const start = { nowMs: this.env.clock.monotonic(), leaderEndOffset: this.startOffset, isNewLeader }
    for (const follower of this.followers.values()) {
      follower.reset({ ...start, isInSync: isr.includes(follower.replicaId) })
    }
    if (this.timeline.isWatched) this.tellEpoch()
    this.env.logger.info(
      `Leader ${name} starts at leader epoch ${leaderEpoch} from offset ${this.startOffset} ` +
        `with high watermark ${log.highWatermark}, ISR [${isr}]`,
    )
  }

  private tellEpoch(): void {
    const { leaderEpoch, startOffset, env, partition } = this
    const leader = { role: 'leader', leaderId: env.nodeId, leaderEpoch, endOffset: startOffset } as const
    this.timeline.tell({ type: 'leader-epoch', partition: partition.name, ...leader })
  }

  /** Before the log grows: followers at its end were caught up until now. */
  beforeAppend(): void {
    const { logEndOffset } = this.partition.log
    for (const follower of this.followers.values()) follower.beforeAppend(logEndOffset)
  }

  /** Returns whether the high watermark moved. */
  onFetch(follower: FollowerState, fetch: FollowerFetch): boolean {
    const before = follower.logEndOffset
    follower.onFetch(fetch)
    if (this.timeline.isWatched && follower.logEndOffset !== before) this.tellFetch(follower)
    this.maybeExpand(follower)
    return follower.logEndOffset !== before && this.advanceHighWatermark()
  }

  private tellFetch({ replicaId, logEndOffset }: FollowerState): void {
    const { name } = this.partition
    this.timeline.tell({ type: 'follower-fetch', partition: name, replicaId, endOffset: logEndOffset })
  }

  /**
   * The smallest log end of the maximal ISR and of those that are about to join it: if nobody waited for a follower that
   * has caught up it would fall behind again before it is let in. It stands still below min.insync.replicas (KIP-966).
   */
  advanceHighWatermark(): boolean {
    if (this.isUnderMinIsr) return false
    const { log } = this.partition
    const { clock, replicaLagTimeMaxMs } = this.env
    const leaderEnd = log.logEndOffset
    let next = leaderEnd
    for (const follower of this.followers.values()) {
      const { replicaId, logEndOffset } = follower
      if (logEndOffset >= next) continue
      const counts =
        this.state.maximalIsr.includes(replicaId) ||
        (follower.isCaughtUp(leaderEnd, clock.monotonic(), replicaLagTimeMaxMs) && this.isEligible(follower))
      if (counts) next = logEndOffset
    }
    const before = log.highWatermark
    const moved = log.updateHighWatermark(next)
    if (moved && this.timeline.isWatched) this.tellHighWatermark(before)
    return moved
  }

  private tellHighWatermark(from: number): void {
    const { name, log } = this.partition
    this.timeline.tell({ type: 'high-watermark', partition: name, role: 'leader', from, to: log.highWatermark })
  }

  /** In service, not leaving, and the very process whose fetches we have seen (KIP-903). */
  private isEligible({ replicaId, brokerEpoch }: FollowerState): boolean {
    const { brokers } = this.env
    const registered = brokers.aliveEpoch(replicaId)
    if (registered === null || brokerEpoch === null || brokers.isShuttingDown(replicaId)) return false
    return brokerEpoch === -1 || brokerEpoch === registered
  }

  /** Smallest log start offset of the live replicas: where DeleteRecords has really taken effect. */
  get lowWatermark(): number {
    let low = this.partition.log.logStartOffset
    for (const { replicaId, logStartOffset } of this.followers.values()) {
      if (logStartOffset < low && this.env.brokers.aliveEpoch(replicaId) !== null) low = logStartOffset
    }
    return low
  }

  // Changes of the ISR

  /** Who may join by now? To be asked whenever something other than a fetch may have opened the way. */
  reconsider(): void {
    for (const follower of this.followers.values()) this.maybeExpand(follower)
  }

  /** At the high watermark and within this leader's epoch: before that it may lack what was committed under the last one. */
  private maybeExpand(follower: FollowerState): void {
    const { state } = this
    if (state.change !== null || state.isr.includes(follower.replicaId) || !this.isEligible(follower)) return
    const { logEndOffset, hasFetched } = follower
    if (!hasFetched || logEndOffset < Math.max(this.partition.log.highWatermark, this.startOffset)) return
    const members = [...state.isr, follower.replicaId]
    if (this.timeline.isWatched) {
      this.tellIsr('expanding', members, `broker ${follower.replicaId} has caught up to offset ${logEndOffset}`)
    }
    this.propose(expandingIsr(state, follower.replicaId, this.proposal(members)))
  }

  /** Drops who has not been caught up for `replica.lag.time.max.ms`; asked every half of that. */
  maybeShrink(): void {
    const { state } = this
    if (state.change !== null) return
    const { log, name } = this.partition
    const nowMs = this.env.clock.monotonic()
    const late = state.isr.filter((id) => {
      if (id === this.env.nodeId) return false
      const follower = this.followers.get(id)
      return follower === undefined || !follower.isCaughtUp(log.logEndOffset, nowMs, this.env.replicaLagTimeMaxMs)
    })
    if (late.length === 0) return
    const left = state.isr.filter((id) => !late.includes(id))
    this.env.logger.info(
      `[Partition ${name}] Shrinking ISR from ${state.isr} to ${left}. Leader: (highWatermark: ${log.highWatermark}, ` +
        `endOffset: ${log.logEndOffset}). Out of sync replicas: ${late.map((id) => this.describe(id)).join(' ')}`,
    )
    if (this.timeline.isWatched) {
      const behind = late.map((id) => this.describe(id)).join(' ')
      this.tellIsr('shrinking', left, `not caught up for ${this.env.replicaLagTimeMaxMs} ms: ${behind}`)
    }
    this.propose(shrinkingIsr(state, this.proposal(left)))
  }

  private tellIsr(step: 'shrinking' | 'expanding' | 'refused', to: readonly number[], reason: string): void {
    this.timeline.tell({ type: 'isr', partition: this.partition.name, step, from: this.state.isr, to, reason })
  }

  private describe(replicaId: number): string {
    const follower = this.followers.get(replicaId)
    return `(brokerId: ${replicaId}, endOffset: ${follower?.logEndOffset ?? 'unknown'})`
  }

  private proposal(isr: readonly number[]): ProposedIsr {
    return {
      leaderEpoch: this.leaderEpoch,
      partitionEpoch: this.currentPartitionEpoch,
      leaderRecoveryState: this.state.leaderRecoveryState,
      members: isr.map((id) => this.member(id)),
    }
  }

  private member(brokerId: number): IsrMember {
    const { nodeId, brokerEpoch } = this.env
    const epoch = brokerId === nodeId ? brokerEpoch() : this.followers.get(brokerId)?.brokerEpoch
    return { brokerId, brokerEpoch: epoch ?? -1 }
  }

  private propose(next: IsrState): void {
    const committed = this.state
    this.state = next
    // The last proposal of an earlier epoch may still be unanswered.
    if (!this.submit(next)) {
      this.state = committed
      this.reconsiderLater()
    }
  }

  private submit(state: IsrState): boolean {
    const { topicId, index } = this.partition
    return this.env.alterPartitions.submit({
      topicId,
      partition: index,
      proposed: state.change!.proposed,
      onAnswer: (answer) => {
        // Metadata or an election has gone over the proposal.
        if (this.state !== state) return
        if ('errorCode' in answer) this.onRefused(state, answer.errorCode)
        else this.onAltered(answer)
      },
    })
  }

  private onAltered({ leaderEpoch, partitionEpoch, isr, leaderRecoveryState }: AlteredPartition): void {
    if (leaderEpoch !== this.leaderEpoch || partitionEpoch < this.currentPartitionEpoch) return
    if (this.timeline.isWatched) this.tellAltered(isr, partitionEpoch)
    this.state = committedIsr(isr, leaderRecoveryState)
    this.currentPartitionEpoch = partitionEpoch
    this.env.logger.info(
      `[Partition ${this.partition.name}] ISR updated to ${isr} ${this.isUnderMinIsr ? '(under-min-isr) ' : ''}` +
        `and version updated to ${partitionEpoch}`,
    )
    if (this.advanceHighWatermark()) this.partition.onHighWatermark()
    this.reconsider()
  }

  private tellAltered(to: readonly number[], partitionEpoch: number): void {
    const from = this.state.change?.replaces.isr ?? this.state.isr
    const reason = `the controller has written it, partition epoch ${partitionEpoch}`
    this.timeline.tell({ type: 'isr', partition: this.partition.name, step: 'changed', from, to, reason })
  }

  private onRefused(state: IsrState, errorCode: number): void {
    const { logger } = this.env
    if (this.timeline.isWatched) this.tellIsr('refused', state.isr, errorName(errorCode))
    const why = `[Partition ${this.partition.name}] ISR change was answered ${errorName(errorCode)}`
    if (AWAIT_METADATA.has(errorCode)) {
      logger.debug(`${why}, awaiting the latest metadata`)
      return
    }
    if (NOT_APPLIED.has(errorCode)) {
      logger.info(`${why}, the last committed ISR ${state.isr} stands`)
      this.state = state.change!.replaces
      this.reconsiderLater()
      return
    }
    logger.warn(`${why}, retrying`)
    if (!this.submit(state)) this.state = state.change!.replaces
  }

  private reconsiderLater(): void {
    if (this.reconsiderTimer !== null) return
    const again = (): void => {
      this.reconsiderTimer = null
      this.reconsider()
    }
    this.reconsiderTimer = this.env.clock.setTimer(RECONSIDER_MS, again, { background: true })
  }

  /** Somebody else leads, or the partition is gone. */
  end(): void {
    this.reconsiderTimer?.cancel()
    this.state = committedIsr([], RECOVERED)
    this.followers.clear()
  }
}
