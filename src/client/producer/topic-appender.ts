/** Records of one topic on their way into batches. The append path allocates nothing per record. */
import { KtError } from '../../base/errors.ts'
import { murmur2 } from '../../base/murmur2.ts'
import { KafkaError } from '../../protocol/error-codes.ts'
import type { BatchBuilder } from '../../protocol/records/batch-builder.ts'
import type { RecordHeader } from '../../protocol/records/record-header.ts'
import type { ClusterClient } from '../cluster-client.ts'
import { ProducerBatch } from './batch.ts'
import type { MemoryBudget } from './memory.ts'
import type { ResolvedProducerOptions } from './options.ts'
import { PartitionQueue } from './partition-queue.ts'
import { RoundRobinPartitioner, StickyPartitioner, type TopicLoad } from './partitioner.ts'
import { MAX_RECORD_OVERHEAD_BYTES, recordSizeUpperBound, serializedSize } from './record-size.ts'
import type { Sender } from './sender.ts'

export interface AppenderParts {
  readonly client: ClusterClient
  readonly options: ResolvedProducerOptions
  readonly memory: MemoryBudget
  readonly sender: Sender
  readonly unfinished: Set<ProducerBatch>
  readonly takeBuilder: () => BatchBuilder
  readonly assertUsable: () => void
}

/** Kafka's CompressionRatioEstimator: falls slowly, rises at once, so that batches seldom come out too large. */
const RATIO_IMPROVING_STEP = 0.005
const RATIO_DETERIORATING_STEP = 0.05
const RATIO_MARGIN = 1.05
/** Varint lengths of key and value at their longest, beside Kafka's bound for the rest. */
const RECORD_SLACK_BYTES = MAX_RECORD_OVERHEAD_BYTES + 11

export class TopicAppender implements TopicLoad {
  readonly topic: string
  private readonly parts: AppenderParts
  private readonly queues: PartitionQueue[] = []
  private readonly sticky: StickyPartitioner
  private readonly roundRobin: RoundRobinPartitioner | null
  private count = 0
  private readonly keepsTimes: boolean
  private compressionRatio = 1
  private batchLimitBytes: number

  constructor(topic: string, parts: AppenderParts) {
    this.topic = topic
    this.parts = parts
    this.sticky = new StickyPartitioner(parts.options.batchSizeBytes, parts.client.options.random)
    this.roundRobin = parts.options.partitioner === 'round-robin' ? new RoundRobinPartitioner() : null
    this.batchLimitBytes = parts.options.batchSizeBytes
    this.keepsTimes = parts.options.keepAppendTimes
    this.metadataChanged()
  }

  get partitionCount(): number {
    return this.count
  }

  /** Batches waiting by partition, -1 where there is no leader. */
  queueLengths(): readonly number[] {
    const { metadata } = this.parts.client
    const lengths: number[] = []
    for (let partition = 0; partition < this.count; partition++) {
      const leaderless = metadata.leader(this.topic, partition) === -1
      lengths.push(leaderless ? -1 : (this.queues[partition]?.waiting.length ?? 0))
    }
    return lengths
  }

  /** Takes over a changed number of partitions. */
  metadataChanged(): void {
    const known = this.parts.client.metadata.topic(this.topic)
    if (known !== undefined) this.count = known.partitions.length
  }

  /** How far the codec shrank a batch decides how much may gather in the next one. */
  observeCompression(rawBytes: number, compressedBytes: number): void {
    if (this.parts.options.compression === 'none') return
    const observed = compressedBytes / rawBytes
    const { compressionRatio } = this
    this.compressionRatio =
      observed > compressionRatio
        ? Math.max(compressionRatio + RATIO_DETERIORATING_STEP, observed)
        : Math.max(compressionRatio - RATIO_IMPROVING_STEP, observed)
    const { batchSizeBytes } = this.parts.options
    this.batchLimitBytes = Math.max(batchSizeBytes, batchSizeBytes / (this.compressionRatio * RATIO_MARGIN))
  }

  /**
   * Appends a record whose key and value are ranges of `source`; a start of -1 means null. `partition` -1: by key, or
   * sticky. False when the buffer memory is used up: await `producer.space()` and try again. Throws a `KafkaError` for a
   * record that is too large and a `KtError` for a partition that does not exist.
   */
  appendRange(
    partition: number,
    timestamp: number,
    source: Uint8Array,
    keyStart: number,
    keyEnd: number,
    valueStart: number,
    valueEnd: number,
  ): boolean {
    const keyLength = keyStart < 0 ? -1 : keyEnd - keyStart
    const valueLength = valueStart < 0 ? -1 : valueEnd - valueStart
    const bytes = keyLength + valueLength + RECORD_SLACK_BYTES
    if (bytes > this.parts.options.maxRequestSizeBytes - RECORD_SLACK_BYTES * 3) this.checkSize(keyLength, valueLength)
    const keyed = partition < 0 && keyStart >= 0 && this.usesKeys
    const chosen = keyed ? this.partitionOf(source.subarray(keyStart, keyEnd)) : partition
    const batch = this.batchFor(chosen, bytes)
    if (batch === null) return false
    const builder = batch.open!
    const before = builder.sizeInBytes
    builder.appendRange(timestamp, source, keyStart, keyEnd, valueStart, valueEnd)
    if (this.keepsTimes) batch.noteAppended(timestamp, Math.max(0, keyLength) + Math.max(0, valueLength))
    this.appended(batch, chosen, builder.sizeInBytes - before)
    return true
  }

  /** As `appendRange`, with key, value and headers of their own. */
  append(
    partition: number,
    timestamp: number,
    key: Uint8Array | null,
    value: Uint8Array | null,
    headers?: readonly RecordHeader[],
  ): boolean {
    return this.appendToBatch(partition, timestamp, key, value, headers) !== null
  }

  /** The batch that took the record, null when the buffer memory is used up. */
  appendToBatch(
    partition: number,
    timestamp: number,
    key: Uint8Array | null,
    value: Uint8Array | null,
    headers?: readonly RecordHeader[],
  ): ProducerBatch | null {
    const keyLength = key?.length ?? -1
    const valueLength = value?.length ?? -1
    this.checkSize(keyLength, valueLength, headers)
    const chosen = partition < 0 && key !== null && this.usesKeys ? this.partitionOf(key) : partition
    const batch = this.batchFor(chosen, recordSizeUpperBound(keyLength, valueLength, headers))
    if (batch === null) return null
    const builder = batch.open!
    const before = builder.sizeInBytes
    builder.append(timestamp, key, value, headers)
    if (this.keepsTimes) batch.noteAppended(timestamp, Math.max(0, keyLength) + Math.max(0, valueLength))
    this.appended(batch, chosen, builder.sizeInBytes - before)
    return batch
  }

  private get usesKeys(): boolean {
    return this.roundRobin === null && !this.parts.options.ignoreKeys
  }

  private partitionOf(key: Uint8Array): number {
    return (murmur2(key) & 0x7fffffff) % this.count
  }

  /** An open batch with room for `bytes`, of the given partition or (-1) of the partitioner's. */
  private batchFor(partition: number, bytes: number): ProducerBatch | null {
    if (partition >= 0) return this.batchOf(this.queue(partition), bytes)
    if (this.roundRobin !== null) return this.batchOf(this.queue(this.roundRobin.partition(this)), bytes)
    const queue = this.queue(this.sticky.partition(this))
    const open = queue.openBatch
    if (open !== null && this.hasRoom(open, bytes)) return open
    // The batch is full: this is the moment to move on, as KIP-794 wants batches filled before a switch.
    open?.close()
    if (open !== null) this.parts.sender.add(queue)
    this.sticky.appended(0, true, this)
    return this.batchOf(this.queue(this.sticky.partition(this)), bytes)
  }

  private batchOf(queue: PartitionQueue, bytes: number): ProducerBatch | null {
    const open = queue.openBatch
    if (open !== null) {
      if (this.hasRoom(open, bytes)) return open
      open.close()
      this.parts.sender.add(queue)
    }
    return this.openBatch(queue, bytes)
  }

  private hasRoom(batch: ProducerBatch, bytes: number): boolean {
    return batch.sizeInBytes + bytes <= this.batchLimitBytes
  }

  private openBatch(queue: PartitionQueue, bytes: number): ProducerBatch | null {
    const { client, options, memory, sender, unfinished, assertUsable } = this.parts
    assertUsable()
    const reservedBytes = Math.max(options.batchSizeBytes, bytes)
    if (!memory.reserve(reservedBytes)) return null
    const batch = new ProducerBatch(
      this.topic,
      queue.partition,
      client.options.clock.monotonic(),
      this.parts.takeBuilder(),
    )
    batch.reservedBytes = reservedBytes
    batch.isTransactional = options.transactionalId !== undefined
    queue.push(batch)
    unfinished.add(batch)
    sender.add(queue)
    return batch
  }

  private queue(partition: number): PartitionQueue {
    const known = this.queues[partition]
    if (known !== undefined) return known
    if (partition >= this.count) throw this.noSuchPartition(partition)
    const queue = new PartitionQueue(this.topic, partition)
    this.queues[partition] = queue
    return queue
  }

  private noSuchPartition(partition: number): KtError {
    const { maxBlockMs } = this.parts.options
    const message = `Partition ${partition} of topic ${this.topic} with partition count ${this.count} is not present in metadata after ${maxBlockMs} ms.`
    return new KtError('not-found', message)
  }

  /** Bookkeeping after a record went into `batch`; `chosen` is -1 when the sticky partitioner placed it. */
  private appended(batch: ProducerBatch, chosen: number, bytes: number): void {
    const full = batch.sizeInBytes >= this.batchLimitBytes
    if (full) {
      batch.close()
      this.parts.sender.add(this.queues[batch.partition]!)
    }
    if (chosen < 0 && this.roundRobin === null) this.sticky.appended(bytes, full, this)
  }

  private checkSize(keyLength: number, valueLength: number, headers?: readonly RecordHeader[]): void {
    const { maxRequestSizeBytes, bufferMemoryBytes } = this.parts.options
    const size = serializedSize(keyLength, valueLength, headers)
    if (size > maxRequestSizeBytes) {
      const limit = `${maxRequestSizeBytes}, which is the value of the max.request.size configuration`
      throw new KafkaError(
        'MESSAGE_TOO_LARGE',
        `The message is ${size} bytes when serialized which is larger than ${limit}.`,
      )
    }
    if (size > bufferMemoryBytes) {
      const limit = 'the total memory buffer you have configured with the buffer.memory configuration'
      throw new KafkaError(
        'MESSAGE_TOO_LARGE',
        `The message is ${size} bytes when serialized which is larger than ${limit}.`,
      )
    }
  }
}
