/** What other floors see of a partition's log. Offsets, positions and timestamps (ms) are numbers. */
import type { TransactionState } from './producer-state-types.ts'

/** Settings of one log, Kafka's names in camel case with their unit last. Filled from topic and broker configuration above. */
export interface LogConfig {
  readonly segmentBytes: number
  readonly segmentMs: number
  readonly segmentJitterMs: number
  readonly segmentIndexBytes: number
  readonly indexIntervalBytes: number
  /** -1: no limit. */
  readonly retentionBytes: number
  /** -1: no limit. */
  readonly retentionMs: number
  readonly maxMessageBytes: number
  readonly cleanupDelete: boolean
  readonly cleanupCompact: boolean
  readonly flushMessages: number
  readonly flushMs: number
  readonly fileDeleteDelayMs: number
  readonly preallocate: boolean
  readonly messageTimestampType: 'CreateTime' | 'LogAppendTime'
  readonly messageTimestampBeforeMaxMs: number
  readonly messageTimestampAfterMaxMs: number
  /** `producer` keeps what the producer chose. */
  readonly compressionType: 'producer' | 'uncompressed' | 'gzip' | 'snappy' | 'lz4' | 'zstd'
  readonly compressionGzipLevel: number
  readonly compressionLz4Level: number
  readonly compressionZstdLevel: number
  readonly minCleanableDirtyRatio: number
  readonly minCompactionLagMs: number
  readonly maxCompactionLagMs: number
  readonly deleteRetentionMs: number
}

/** Who appends: decides which checks apply (KAFKA `AppendOrigin`). */
export type AppendOrigin = 'client' | 'coordinator' | 'raft-leader' | 'replication'

export interface AppendOptions {
  readonly leaderEpoch: number
  readonly origin: AppendOrigin
  /** Refuses magic below 2 and batches that a client may not send. */
  readonly requestVersion?: number
  /** Feature level of the transaction a marker ends (KIP-890); left out: 0. */
  readonly transactionVersion?: number
}

export interface AppendInfo {
  /** Offset of the first record; of the original append when it was a duplicate. */
  readonly firstOffset: number
  readonly lastOffset: number
  /** Largest timestamp in the batches, -1 for none. */
  readonly maxTimestamp: number
  /** The broker's time when the topic uses LogAppendTime, else -1. */
  readonly logAppendTimeMs: number
  readonly logStartOffset: number
  readonly sizeInBytes: number
  readonly duplicate: boolean
}

/** A record the leader refused: its index in the batch and why (KIP-467). */
export interface RecordError {
  readonly batchIndex: number
  readonly message: string | null
}

export type FetchIsolation = 'log-end' | 'high-watermark' | 'committed'

/** Exclusive position in a log that also knows where the bytes are. */
export interface OffsetPosition {
  readonly offset: number
  readonly segmentBaseOffset: number
  readonly position: number
}

export interface AbortedTransaction {
  readonly producerId: bigint
  readonly firstOffset: number
}

export interface FetchData {
  /** Whole batches, the first holds the asked offset; owned by the caller until it calls `release`. */
  readonly records: Buffer
  readonly fetchOffset: number
  readonly highWatermark: number
  readonly logStartOffset: number
  readonly lastStableOffset: number
  /** Only for `committed`; null otherwise. */
  readonly abortedTransactions: readonly AbortedTransaction[] | null
  /** Gives a pooled buffer back; call it once, after the bytes have left. */
  release(): void
}

export interface TimestampAndOffset {
  readonly timestamp: number
  readonly offset: number
  readonly leaderEpoch: number
}

export interface EpochEndOffset {
  readonly leaderEpoch: number
  readonly endOffset: number
}

/** One partition's log (Kafka's UnifiedLog). Every method is synchronous; failures throw `KafkaError`. */
/** Why a log begins later than before, in the words of Kafka's LogStartOffsetIncrementReason. */
export type LogStartReason =
  | 'segment deletion'
  | 'client delete records request'
  | 'leader offset incremented'
  | 'snapshot generated'

export interface Log {
  readonly topic: string
  readonly partition: number
  readonly topicId: string | null
  readonly directory: string
  readonly config: LogConfig
  readonly logStartOffset: number
  readonly logEndOffset: number
  readonly highWatermark: number
  readonly lastStableOffset: number
  readonly recoveryPoint: number
  readonly latestEpoch: number | null
  /** Bytes in all segments. */
  readonly size: number
  readonly segmentCount: number
  /** True once a write failed: appends answer KAFKA_STORAGE_ERROR, reads go on. */
  readonly failed: boolean

  /**
   * Validates (CRC, sizes, sequences, inner records, timestamps), assigns offsets in place and appends.
   * Throws KafkaError: CORRUPT_MESSAGE, INVALID_RECORD, MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE,
   * UNSUPPORTED_FOR_MESSAGE_FORMAT, OUT_OF_ORDER_SEQUENCE_NUMBER, INVALID_PRODUCER_EPOCH, INVALID_TIMESTAMP,
   * KAFKA_STORAGE_ERROR, ... Nothing is stored when it throws. May write into `records`.
   */
  appendAsLeader(records: Buffer, options: AppendOptions): AppendInfo
  /** Appends what a leader already validated, offsets as they are. */
  appendAsFollower(records: Buffer, leaderEpoch: number): AppendInfo
  /** At most `maxBytes`, but at least one batch when `minOneBatch`; OFFSET_OUT_OF_RANGE outside the log. */
  read(fetchOffset: number, maxBytes: number, isolation: FetchIsolation, minOneBatch: boolean): FetchData
  /** Bytes a fetch from `offset` could return now, for min.bytes. */
  bytesAfter(offset: number, isolation: FetchIsolation): number

  /** Moves the high watermark forward (never past the log end); returns true when it moved. */
  updateHighWatermark(offset: number): boolean
  setLeaderEpochStart(leaderEpoch: number, startOffset: number): void

  /** First record at or after `timestamp`; null when there is none. */
  offsetForTimestamp(timestamp: number): TimestampAndOffset | null
  maxTimestampOffset(): TimestampAndOffset | null
  epochForOffset(offset: number): number | null
  endOffsetForEpoch(leaderEpoch: number): EpochEndOffset

  /** Moves the log start offset, deletes whole segments below it. `reason` is for the node's log, in Kafka's words. */
  deleteRecordsBefore(offset: number, reason?: LogStartReason): number
  /** Removes every record at or after `offset`. */
  truncateTo(offset: number): void
  truncateFullyAndStartAt(offset: number): void
  roll(): void
  /** Applies retention by time, bytes and log start; returns the number of segments deleted. */
  deleteOldSegments(): number
  flush(): void
  updateConfig(config: LogConfig): void
  activeProducers(): readonly TransactionState[]
  /** Drops producer ids that have been idle longer than `producer.id.expiration.ms`. */
  removeExpiredProducers(expirationMs: number): void
  close(): void
}
