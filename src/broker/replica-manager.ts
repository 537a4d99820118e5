import type { Logger } from '../base/logger.ts'
import { type Uuid, ZERO_UUID } from '../base/uuid.ts'
import { ErrorCode, KafkaError } from '../protocol/error-codes.ts'
import type { DelayedAction, DelayedOperations } from './delayed-operations.ts'
import type { FetchPartitionRequest } from './fetch-session.ts'
import { Fetcher } from './fetcher.ts'
import type { MetadataCache } from './metadata-cache.ts'
import type { Partition } from './partition.ts'

/** An append of acks=all that is not below the high watermark yet; its response is corrected when it fails to get there. */
export interface PendingReplication {
  readonly partition: Partition
  readonly requiredOffset: number
  readonly leaderEpoch: number
  readonly response: { errorCode: number }
}

/** The partitions hosted here. The metadata publisher alone adds and removes them. */
export class ReplicaManager {
  readonly fetcher: Fetcher
  private readonly byName = new Map<string, Map<number, Partition>>()
  private readonly byId = new Map<Uuid, Map<number, Partition>>()
  /** Partitions whose log could not be opened, as `topic-index`. */
  private readonly offline = new Map<string, Uuid>()
  private readonly metadata: MetadataCache
  private readonly delayed: DelayedOperations

  constructor(metadata: MetadataCache, delayed: DelayedOperations, logger: Logger) {
    this.metadata = metadata
    this.delayed = delayed
    this.fetcher = new Fetcher((request) => this.lookup(request), delayed, logger)
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

  /** Forgets a topic and answers whoever waits on it; returns what was hosted of it. */
  removeTopic(topicId: Uuid): Partition[] {
    const partitions = [...(this.byId.get(topicId)?.values() ?? [])]
    this.byId.delete(topicId)
    for (const [name, id] of this.offline) if (id === topicId) this.offline.delete(name)
    for (const partition of partitions) {
      if (this.byName.get(partition.topic)?.get(partition.index) === partition) this.byName.delete(partition.topic)
    }
    for (const partition of partitions) partition.markDeleted()
    return partitions
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
    if (this.metadata.partition(topic, index) === undefined) throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION')
    if (this.offline.has(`${topic}-${index}`)) throw new KafkaError('KAFKA_STORAGE_ERROR')
    throw new KafkaError('NOT_LEADER_OR_FOLLOWER')
  }

  /** Like `partitionOrThrow`; UNKNOWN_TOPIC_ID for an id nobody has told us of. */
  partitionByIdOrThrow(topicId: Uuid, index: number): Partition {
    const partition = this.byId.get(topicId)?.get(index)
    if (partition !== undefined) return partition
    const topic = this.metadata.topicById(topicId)
    if (topic === undefined) throw new KafkaError('UNKNOWN_TOPIC_ID')
    return this.partitionOrThrow(topic.name, index)
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
      }
      const watched = pending.map(({ partition }) => partition.watchers)
      this.delayed.start(action, watched, timeoutMs, closed)
    })
  }
}

/** Null while the append still waits. */
function outcomeOf({ partition, requiredOffset, leaderEpoch }: PendingReplication): number | null {
  if (!partition.isLeader || partition.leaderEpoch !== leaderEpoch) return ErrorCode.NOT_LEADER_OR_FOLLOWER
  if (partition.highWatermark < requiredOffset) return null
  return partition.hasEnoughInSync() ? ErrorCode.NONE : ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND
}
