import type { Uuid } from '../base/uuid.ts'
import type { AppendInfo, AppendOptions, EpochEndOffset, FetchData, FetchIsolation, Log } from '../log/types.ts'
import type { PartitionRegistration } from '../metadata/types.ts'
import { KafkaError } from '../protocol/error-codes.ts'
import { Watchers } from './delayed-operations.ts'

/** No epoch given: the client does not know or care. */
export const NO_EPOCH = -1

/**
 * One replica hosted here: its log, and its role as the metadata image tells it. The owner of the leader's state: who may
 * append and read, and where the high watermark is.
 *
 * The high watermark is the smallest log end offset of the ISR. Today every replica set is this node alone; followers
 * will report theirs through `updateFollower`, nothing else changes.
 */
export class Partition {
  readonly topic: string
  readonly topicId: Uuid
  readonly index: number
  readonly log: Log
  /** Fetches and produces that wait for something to happen here. */
  readonly watchers = new Watchers()
  private readonly nodeId: number
  private registration: PartitionRegistration
  private deleted = false
  /** Log end offsets of other replicas as their fetches told them. */
  private readonly followerLogEnds = new Map<number, number>()
  private minInsyncReplicas: number

  constructor(options: {
    topic: string
    topicId: Uuid
    index: number
    log: Log
    nodeId: number
    registration: PartitionRegistration
    minInsyncReplicas: number
  }) {
    this.topic = options.topic
    this.topicId = options.topicId
    this.index = options.index
    this.log = options.log
    this.nodeId = options.nodeId
    this.registration = options.registration
    this.minInsyncReplicas = options.minInsyncReplicas
    if (this.isLeader) this.becomeLeader()
  }

  get leaderId(): number {
    return this.registration.leader
  }
  get leaderEpoch(): number {
    return this.registration.leaderEpoch
  }
  get isLeader(): boolean {
    return this.registration.leader === this.nodeId && !this.deleted
  }
  get highWatermark(): number {
    return this.log.highWatermark
  }

  /** Takes what the newest image says. */
  update(registration: PartitionRegistration): void {
    const wasLeader = this.isLeader
    const epochMoved = registration.leaderEpoch > this.registration.leaderEpoch
    this.registration = registration
    if (this.isLeader && (epochMoved || !wasLeader)) this.becomeLeader()
    if (this.isLeader) this.advanceHighWatermark()
    else if (wasLeader) this.watchers.wakeAll()
  }

  setMinInsyncReplicas(value: number): void {
    this.minInsyncReplicas = value
  }

  /** A new epoch starts at the log end (KIP-101), before anything is appended under it. */
  private becomeLeader(): void {
    this.followerLogEnds.clear()
    this.log.setLeaderEpochStart(this.registration.leaderEpoch, this.log.logEndOffset)
    this.advanceHighWatermark()
  }

  /** The topic was deleted: whoever waits is answered, whoever comes is refused. */
  markDeleted(): void {
    this.deleted = true
    this.watchers.wakeAll()
  }

  /** Throws FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH (KIP-320) or NOT_LEADER_OR_FOLLOWER. */
  checkLeader(currentLeaderEpoch: number): void {
    if (currentLeaderEpoch !== NO_EPOCH) {
      if (currentLeaderEpoch < this.leaderEpoch) throw new KafkaError('FENCED_LEADER_EPOCH')
      if (currentLeaderEpoch > this.leaderEpoch) throw new KafkaError('UNKNOWN_LEADER_EPOCH')
    }
    if (!this.isLeader) throw new KafkaError('NOT_LEADER_OR_FOLLOWER')
  }

  /**
   * Appends as the leader and moves the high watermark. `requireInSync` is acks=all: too small an ISR refuses before
   * anything is written. The minimum is capped at the replication factor, as a live Kafka does.
   */
  append(records: Buffer, options: Omit<AppendOptions, 'leaderEpoch'>, requireInSync: boolean): AppendInfo {
    this.checkLeader(NO_EPOCH)
    if (requireInSync && !this.hasEnoughInSync()) throw new KafkaError('NOT_ENOUGH_REPLICAS')
    const info = this.log.appendAsLeader(records, { ...options, leaderEpoch: this.leaderEpoch })
    this.advanceHighWatermark()
    this.watchers.wake()
    return info
  }

  hasEnoughInSync(): boolean {
    const wanted = Math.min(this.minInsyncReplicas, this.registration.replicas.length)
    return this.registration.isr.length >= wanted
  }

  /** A follower has everything below `logEndOffset`. */
  updateFollower(replicaId: number, logEndOffset: number): void {
    this.followerLogEnds.set(replicaId, logEndOffset)
    if (this.advanceHighWatermark()) this.watchers.wake()
  }

  private advanceHighWatermark(): boolean {
    let smallest = this.log.logEndOffset
    for (const replica of this.registration.isr) {
      if (replica === this.nodeId) continue
      smallest = Math.min(smallest, this.followerLogEnds.get(replica) ?? this.log.logStartOffset)
    }
    return this.log.updateHighWatermark(smallest)
  }

  read(fetchOffset: number, maxBytes: number, isolation: FetchIsolation, minOneBatch: boolean): FetchData {
    return this.log.read(fetchOffset, maxBytes, isolation, minOneBatch)
  }

  /**
   * Where a reader that last read `lastFetchedEpoch` has left our history (KIP-595), null while it has not. Throws
   * OFFSET_OUT_OF_RANGE when we know nothing of that epoch.
   */
  divergingEpoch(fetchOffset: number, lastFetchedEpoch: number): EpochEndOffset | null {
    if (lastFetchedEpoch < 0) return null
    const end = this.lastOffsetForEpoch(lastFetchedEpoch)
    if (end.leaderEpoch < 0 || end.endOffset < 0) {
      throw new KafkaError('OFFSET_OUT_OF_RANGE', `no end offset is known for epoch ${lastFetchedEpoch}`)
    }
    return end.leaderEpoch < lastFetchedEpoch || end.endOffset < fetchOffset ? end : null
  }

  /** OffsetForLeaderEpoch: end of the largest epoch at or below `leaderEpoch`; -1/-1 when there is none. */
  lastOffsetForEpoch(leaderEpoch: number): EpochEndOffset {
    return this.log.endOffsetForEpoch(leaderEpoch)
  }

  /** DeleteRecords; -1 stands for the high watermark. Returns the low watermark. */
  deleteRecordsBefore(offset: number): number {
    this.checkLeader(NO_EPOCH)
    if (!this.log.config.cleanupDelete) {
      throw new KafkaError('POLICY_VIOLATION')
    }
    const target = offset === -1 ? this.highWatermark : offset
    if (target < 0 || target > this.highWatermark) throw new KafkaError('OFFSET_OUT_OF_RANGE')
    const low = this.log.deleteRecordsBefore(target)
    this.watchers.wake()
    return low
  }
}
