import type { Clock, Timer } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import { type Uuid, ZERO_UUID } from '../base/uuid.ts'
import { ErrorCode, KafkaError } from '../protocol/error-codes.ts'
import type { DelayedAction, DelayedOperations, WaitingDescription, Watcher } from './delayed-operations.ts'
import type { FetchPartitionRequest } from './fetch-session.ts'
import { Fetcher } from './fetcher.ts'
import type { MetadataCache } from './metadata-cache.ts'
import type { Partition } from './partition.ts'
import type { ReplicaSelector } from './replica-selector.ts'
import type { ReplicationQuota } from './replication-quota.ts'

/** An append of acks=all that is not below the high watermark yet; its response is corrected when it fails to get there. */
export interface PendingReplication {
  readonly partition: Partition
  readonly requiredOffset: number
  readonly response: { errorCode: number }
}

/** Records deleted here that live followers may still have (KIP-107); its response is corrected when they go. */
export interface PendingDeletion {
  readonly partition: Partition
  /** Every live replica's log has to start here or later. */
  readonly requiredOffset: number
  readonly response: { errorCode: number; lowWatermark: bigint }
}

const NO_LOW_WATERMARK = -1n

export interface ReplicaManagerOptions {
  readonly metadata: MetadataCache
  readonly delayed: DelayedOperations
  readonly selector: ReplicaSelector | null
  /** What throttled replicas may be sent; left out: no limit. */
  readonly quota?: ReplicationQuota
  /** `replica.lag.time.max.ms`: twice in this time the ISRs are looked through. */
  readonly replicaLagTimeMaxMs: number
  readonly clock: Clock
  readonly logger: Logger
}

/** The partitions hosted here. What the metadata says alone adds and removes them. */
export class ReplicaManager {
  readonly fetcher: Fetcher
  private readonly byName = new Map<string, Map<number, Partition>>()
  private readonly byId = new Map<Uuid, Map<number, Partition>>()
  /** Partitions whose log could not be opened, as `topic-index`. */
  private readonly offline = new Map<string, Uuid>()
  private readonly options: ReplicaManagerOptions
  private isrTimer: Timer | null = null

  constructor(options: ReplicaManagerOptions) {
    const { delayed, selector, quota, clock, logger } = options
    this.options = options
    this.fetcher = new Fetcher({ lookup: (request) => this.lookup(request), delayed, selector, quota, clock, logger })
  }

  /** Starts to look for followers that lag. */
  start(): void {
    this.isrTimer ??= this.scheduleIsrCheck()
  }

  private scheduleIsrCheck(): Timer {
    const { clock, replicaLagTimeMaxMs } = this.options
    const check = (): void => {
      this.isrTimer = this.scheduleIsrCheck()
      for (const partition of this.partitions()) partition.leaderState?.maybeShrink()
    }
    return clock.setTimer(replicaLagTimeMaxMs / 2, check, { background: true })
  }

  close(): void {
    this.isrTimer?.cancel()
  }

  /** Another broker came into service or registered anew: it may join ISRs that its last fetch could not. */
  onBrokersChanged(): void {
    for (const { leaderState } of this.partitions()) leaderState?.reconsider()
  }

  add(partition: Partition): void {
    this.partitionsOf(this.byName, partition.topic).set(partition.index, partition)
    this.partitionsOf(this.byId, partition.topicId).set(partition.index, partition)
  }

  private partitionsOf(map: Map<string, Map<number, Partition>>, key: string): Map<number, Partition> {
    let partitions = map.get(key)
    if (partitions === undefined) {
      partitions = new Map()
      map.set(key, partitions)
    }
    return partitions
  }

  /** The partition's log cannot be used: its requests are answered KAFKA_STORAGE_ERROR until a restart. */
  markOffline(topic: string, topicId: Uuid, index: number): void {
    this.offline.set(`${topic}-${index}`, topicId)
  }

  hosts(topic: string, index: number): boolean {
    return this.partition(topic, index) !== undefined || this.offline.has(`${topic}-${index}`)
  }

  isOffline(topic: string, index: number): boolean {
    return this.offline.has(`${topic}-${index}`)
  }

  /** Its log has failed while it was served. */
  takeOffline(partition: Partition): void {
    this.remove(partition)
    this.markOffline(partition.topic, partition.topicId, partition.index)
  }

  /** Forgets a replica and answers whoever waits on it. */
  remove(partition: Partition): void {
    const { topic, topicId, index } = partition
    forget(this.byId, topicId, index, partition)
    forget(this.byName, topic, index, partition)
    partition.markDeleted()
  }

  /** Forgets what could not be opened of a topic, or of one of its partitions. */
  clearOffline(topicId: Uuid, index?: number): void {
    for (const [name, id] of this.offline) {
      if (id === topicId && (index === undefined || name.endsWith(`-${index}`))) this.offline.delete(name)
    }
  }

  partitionsOfTopic(topicId: Uuid): Iterable<Partition> {
    return this.byId.get(topicId)?.values() ?? []
  }

  partition(topic: string, index: number): Partition | undefined {
    return this.byName.get(topic)?.get(index)
  }

  partitionById(topicId: Uuid, index: number): Partition | undefined {
    return this.byId.get(topicId)?.get(index)
  }

  *partitions(): Iterable<Partition> {
    for (const partitions of this.byId.values()) yield* partitions.values()
  }

  /** UNKNOWN_TOPIC_OR_PARTITION, or NOT_LEADER_OR_FOLLOWER for one that lives elsewhere. */
  partitionOrThrow(topic: string, index: number): Partition {
    const partition = this.byName.get(topic)?.get(index)
    if (partition !== undefined) return partition
    if (this.options.metadata.partition(topic, index) === undefined) throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION')
    if (this.offline.has(`${topic}-${index}`)) throw new KafkaError('KAFKA_STORAGE_ERROR')
    throw new KafkaError('NOT_LEADER_OR_FOLLOWER')
  }

  /** Like `partitionOrThrow`; UNKNOWN_TOPIC_ID for an id nobody has told us of. */
  partitionByIdOrThrow(topicId: Uuid, index: number): Partition {
    const partition = this.byId.get(topicId)?.get(index)
    if (partition !== undefined) return partition
    const topic = this.options.metadata.topicById(topicId)
    if (topic === undefined) throw new KafkaError('UNKNOWN_TOPIC_ID')
    return this.partitionOrThrow(topic.name, index)
  }

  /** What a fetch session may look out for. */
  readonly find = (request: FetchPartitionRequest): Partition | null => {
    const { topic, topicId, partition } = request
    if (topicId !== ZERO_UUID) return this.partitionById(topicId, partition) ?? null
    return topic === null ? null : (this.partition(topic, partition) ?? null)
  }

  private lookup(request: FetchPartitionRequest): Partition {
    if (request.topicId !== ZERO_UUID) return this.partitionByIdOrThrow(request.topicId, request.partition)
    if (request.topic === null) throw new KafkaError('UNKNOWN_TOPIC_ID')
    return this.partitionOrThrow(request.topic, request.partition)
  }

  /**
   * Resolves when every append is below its partition's high watermark, or when the time is over: those left behind get
   * REQUEST_TIMED_OUT, those whose leader moved NOT_LEADER_OR_FOLLOWER, those whose ISR shrank too far
   * NOT_ENOUGH_REPLICAS_AFTER_APPEND.
   */
  waitUntilReplicated(pending: readonly PendingReplication[], timeoutMs: number, closed: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const action: DelayedAction = {
        isSatisfied: () => pending.every((append) => outcomeOf(append) !== null),
        complete: () => {
          for (const append of pending) append.response.errorCode = outcomeOf(append) ?? ErrorCode.REQUEST_TIMED_OUT
          resolve()
        },
        describe: () => ({ ...waitingFor(pending, commitText), operation: 'Produce' }),
      }
      const watched = pending.map(({ partition }) => partition.watchers)
      this.options.delayed.start(action, watched, timeoutMs, closed)
    })
  }

  /**
   * Resolves when the high watermark has passed `requiredOffset`, however long that takes. Rejects with
   * NOT_LEADER_OR_FOLLOWER when leadership goes before.
   */
  waitUntilCommitted(partition: Partition, requiredOffset: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter = new CommitWaiter(partition, requiredOffset, resolve, reject)
      partition.watchers.add(waiter)
      waiter.check()
    })
  }

  /** Resolves when every live replica has deleted what it was to delete, or with REQUEST_TIMED_OUT for who has not. */
  waitUntilDeleted(pending: readonly PendingDeletion[], timeoutMs: number, closed: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const action: DelayedAction = {
        isSatisfied: () => pending.every((deletion) => deletionOutcomeOf(deletion) !== null),
        complete: () => {
          for (const deletion of pending) {
            const lowWatermark = NO_LOW_WATERMARK
            const timedOut = { errorCode: ErrorCode.REQUEST_TIMED_OUT, lowWatermark }
            Object.assign(deletion.response, deletionOutcomeOf(deletion) ?? timedOut)
          }
          resolve()
        },
        describe: () => ({ ...waitingFor(pending, deletionText), operation: 'DeleteRecords' }),
      }
      const watched = pending.map(({ partition }) => partition.watchers)
      this.options.delayed.start(action, watched, timeoutMs, closed)
    })
  }
}

/** Has no time limit of its own: whoever waits so is bounded by its own caller. */
class CommitWaiter implements Watcher {
  private readonly partition: Partition
  private readonly requiredOffset: number
  private readonly resolve: () => void
  private readonly reject: (error: unknown) => void

  constructor(partition: Partition, requiredOffset: number, resolve: () => void, reject: (error: unknown) => void) {
    this.partition = partition
    this.requiredOffset = requiredOffset
    this.resolve = resolve
    this.reject = reject
  }

  check(): void {
    const { partition, requiredOffset } = this
    if (partition.isLeader && partition.highWatermark < requiredOffset) return
    partition.watchers.delete(this)
    if (partition.isLeader) this.resolve()
    else this.reject(new KafkaError('NOT_LEADER_OR_FOLLOWER'))
  }
}

function forget<K>(map: Map<K, Map<number, Partition>>, key: K, index: number, partition: Partition): void {
  const partitions = map.get(key)
  if (partitions?.get(index) !== partition) return
  partitions.delete(index)
  if (partitions.size === 0) map.delete(key)
}

interface PendingOffset {
  readonly partition: Partition
  readonly requiredOffset: number
}

function waitingFor(
  pending: readonly PendingOffset[],
  text: (each: PendingOffset) => string,
): Pick<WaitingDescription, 'partitions' | 'reason'> {
  return { partitions: pending.map(({ partition }) => partition.name), reason: pending.map(text).join(', ') }
}

function commitText({ partition, requiredOffset }: PendingOffset): string {
  return `high watermark of ${partition.name} at ${requiredOffset} (now ${partition.highWatermark}, ISR ${partition.isr})`
}

function deletionText({ partition, requiredOffset }: PendingOffset): string {
  return `every live replica of ${partition.name} to begin at ${requiredOffset}`
}

/** Null while the append still waits. */
function outcomeOf({ partition, requiredOffset }: PendingReplication): number | null {
  if (!partition.isLeader) return ErrorCode.NOT_LEADER_OR_FOLLOWER
  if (partition.highWatermark < requiredOffset) return null
  return partition.hasEnoughInSync() ? ErrorCode.NONE : ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND
}

/** Null while followers still have some of it. */
function deletionOutcomeOf({ partition, requiredOffset }: PendingDeletion): PendingDeletion['response'] | null {
  if (!partition.isLeader) return { errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER, lowWatermark: NO_LOW_WATERMARK }
  const { lowWatermark } = partition
  return lowWatermark < requiredOffset ? null : { errorCode: ErrorCode.NONE, lowWatermark: BigInt(lowWatermark) }
}
