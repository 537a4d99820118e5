import { assert } from '../base/errors.ts'
import { KafkaError } from '../protocol/error-codes.ts'
import type { RecordBatchHeader } from '../protocol/records/record-batch.ts'
import {
  appendInfoOf,
  duplicateInfoOf,
  maxTimestampOf,
  type ValidatedBatches,
  validateForFollower,
  validateForLeader,
} from './append-validation.ts'
import { DELETED_SUFFIX, partitionName } from './file-names.ts'
import type { LeaderEpochCache } from './leader-epoch-cache.ts'
import type { LogEnvironment, LogParts } from './log-environment.ts'
import { LogFlusher } from './log-flusher.ts'
import { LogGuard } from './log-guard.ts'
import { LogReader } from './log-reader.ts'
import { noteDeleted, noteRolled, noteStartOffset, noteTruncated } from './log-steps.ts'
import { syncPartitionMetadata, writePartitionMetadata } from './partition-metadata.ts'
import { rebuildProducerState } from './producer-replay.ts'
import type { PreparedProducers, ProducerState } from './producer-state.ts'
import type { TransactionState } from './producer-state-types.ts'
import { type RetentionState, segmentsBelowLogStart, segmentsExpired, segmentsOverSize } from './retention.ts'
import { LogSegment } from './segment.ts'
import type { SegmentList } from './segment-list.ts'
import { findMaxTimestamp, findTimestamp } from './timestamp-search.ts'
import type {
  AppendInfo,
  AppendOptions,
  EpochEndOffset,
  FetchData,
  FetchIsolation,
  Log,
  LogConfig,
  LogStartReason,
  TimestampAndOffset,
} from './types.ts'

/**
 * One partition's log (KAFKA `UnifiedLog`). It owns the segments, the leader epochs and the producer state, and changes
 * them in synchronous methods only. A failed write or sync makes it refuse appends with KAFKA_STORAGE_ERROR until the
 * process is restarted; what was stored before stays readable.
 */
export class UnifiedLog implements Log {
  readonly topic: string
  readonly partition: number
  topicId: string | null
  private readonly env: LogEnvironment
  private readonly name: string
  private readonly segments: SegmentList
  private readonly leaderEpochs: LeaderEpochCache
  private readonly producers: ProducerState
  private readonly reader: LogReader
  private dir: string
  private settings: LogConfig
  private startOffset: number
  private nextOffset: number
  private watermark: number
  private readonly flusher: LogFlusher
  private readonly guard: LogGuard
  /** `partition.metadata` may not be on the disk yet; a log that has records was opened with it. */
  private metadataUnsynced: boolean

  constructor(env: LogEnvironment, parts: LogParts) {
    this.env = env
    this.topic = parts.topic
    this.partition = parts.partition
    this.topicId = parts.topicId
    this.name = partitionName(parts.topic, parts.partition)
    this.dir = parts.directory
    this.settings = parts.config
    this.segments = parts.segments
    this.leaderEpochs = parts.leaderEpochs
    this.producers = parts.producers
    this.startOffset = parts.logStartOffset
    this.nextOffset = parts.logEndOffset
    this.watermark = parts.logStartOffset
    this.guard = new LogGuard(env, this, this.name)
    this.flusher = new LogFlusher(env, parts, (error) => this.guard.fail(error))
    this.reader = new LogReader(this.segments, env.buffers)
    this.metadataUnsynced = parts.logEndOffset === parts.logStartOffset
  }

  get directory(): string {
    return this.dir
  }
  get config(): LogConfig {
    return this.settings
  }
  get logStartOffset(): number {
    return this.startOffset
  }
  get logEndOffset(): number {
    return this.nextOffset
  }
  get highWatermark(): number {
    return this.watermark
  }
  get recoveryPoint(): number {
    return this.flusher.recoveryPoint
  }
  get latestEpoch(): number | null {
    return this.leaderEpochs.latest?.epoch ?? null
  }
  get size(): number {
    return this.segments.sizeInBytes
  }
  get segmentCount(): number {
    return this.segments.length
  }
  get segmentBaseOffsets(): readonly number[] {
    return this.segments.baseOffsets
  }
  get failed(): boolean {
    return this.guard.failed
  }
  get lastFlushMs(): number {
    return this.flusher.lastFlushMs
  }

  /** First offset of an undecided transaction, but never past the high watermark. */
  get lastStableOffset(): number {
    const unstable = this.producers.firstUnstableOffset
    return unstable !== null && unstable < this.watermark ? Math.max(unstable, this.startOffset) : this.watermark
  }

  assignTopicId(topicId: string): void {
    writePartitionMetadata(this.env.files, this.dir, topicId)
    this.topicId = topicId
    this.metadataUnsynced = true
  }

  // Appending

  appendAsLeader(records: Buffer, options: AppendOptions): AppendInfo {
    this.guard.checkWritable()
    const ready = validateForLeader({
      records,
      options,
      config: this.settings,
      partition: this.name,
      nextOffset: this.nextOffset,
      nowMs: this.env.clock.now(),
    })
    const { segmentBytes } = this.settings
    if (ready.records.length > segmentBytes) {
      throw new KafkaError(
        'RECORD_LIST_TOO_LARGE',
        `Message batch size is ${ready.records.length} bytes in append to partition ${this.name}, ` +
          `which exceeds the maximum configured segment size of ${segmentBytes}.`,
      )
    }
    const producers = this.prepareProducers(ready, options)
    if (producers.duplicate !== null) return duplicateInfoOf(ready, this.startOffset, producers.duplicate)
    this.write(ready, producers)
    return appendInfoOf(ready, this.startOffset)
  }

  appendAsFollower(records: Buffer, leaderEpoch: number): AppendInfo {
    this.guard.checkWritable()
    const ready = validateForFollower(records, leaderEpoch, this.nextOffset, this.name)
    if (ready.batches.length > 0) {
      this.write(ready, this.prepareProducers(ready, { leaderEpoch, origin: 'replication' }))
    }
    return appendInfoOf(ready, this.startOffset)
  }

  private prepareProducers(ready: ValidatedBatches, options: AppendOptions): PreparedProducers {
    return this.producers.prepare(ready.records, ready.batches, {
      partition: this.name,
      origin: options.origin,
      transactionVersion: options.transactionVersion ?? 0,
      warn: (message) => this.env.logger.warn(message),
    })
  }

  private write(ready: ValidatedBatches, producers: PreparedProducers): void {
    const { records, batches } = ready
    const last = batches.at(-1)!
    this.guard.storing(() => {
      if (this.metadataUnsynced) this.syncMetadata()
      for (const batch of batches) {
        if (batch.partitionLeaderEpoch >= 0) this.leaderEpochs.assign(batch.partitionLeaderEpoch, batch.baseOffset)
      }
      const segment = this.segmentFor(records.length, batches)
      segment.append(records, batches)
      this.nextOffset = last.lastOffset + 1
      this.producers.commit(producers)
      for (const ended of producers.completed) this.completeTransaction(segment, ended)
      this.producers.mapEndOffset = this.nextOffset
    })
    if (this.nextOffset - this.flusher.recoveryPoint >= this.settings.flushMessages) this.flush()
  }

  private syncMetadata(): void {
    syncPartitionMetadata(this.env.files, this.dir)
    this.metadataUnsynced = false
  }

  private completeTransaction(segment: LogSegment, ended: PreparedProducers['completed'][number]): void {
    if (ended.aborted) {
      const lastStableOffset = this.producers.lastStableOffsetAfter(ended)
      const { producerId, firstOffset, lastOffset } = ended
      segment.transactionIndex.append({ producerId, firstOffset, lastOffset, lastStableOffset })
    }
    this.producers.completeTransaction(ended)
  }

  /** The active segment, after rolling it when the batches do not fit or it is old enough. */
  private segmentFor(batchesBytes: number, batches: readonly RecordBatchHeader[]): LogSegment {
    const { active } = this.segments
    const question = {
      config: this.settings,
      nowMs: this.env.clock.now(),
      batchesBytes,
      maxTimestamp: maxTimestampOf(batches),
      lastOffset: batches.at(-1)!.lastOffset,
    }
    return active.shouldRoll(question) ? this.rollTo(batches[0]!.baseOffset) : active
  }

  // Reading

  read(fetchOffset: number, maxBytes: number, isolation: FetchIsolation, minOneBatch: boolean): FetchData {
    if (fetchOffset < this.startOffset || fetchOffset > this.nextOffset) {
      throw new KafkaError(
        'OFFSET_OUT_OF_RANGE',
        `Received request for offset ${fetchOffset} for partition ${this.name}, ` +
          `but we only have log segments from offset ${this.startOffset} up to ${this.nextOffset}.`,
      )
    }
    const found = this.guard.reading(() =>
      this.reader.read(fetchOffset, this.limitOf(isolation), maxBytes, minOneBatch),
    )
    const { owner } = found
    const { buffers } = this.env
    return {
      records: found.records,
      fetchOffset,
      highWatermark: this.watermark,
      logStartOffset: this.startOffset,
      lastStableOffset: this.lastStableOffset,
      abortedTransactions: isolation === 'committed' ? this.reader.abortedIn(fetchOffset, found) : null,
      release: () => {
        if (owner !== null) buffers.give(owner)
      },
    }
  }

  private limitOf(isolation: FetchIsolation): number {
    if (isolation === 'log-end') return this.nextOffset
    return isolation === 'high-watermark' ? this.watermark : this.lastStableOffset
  }

  bytesAfter(offset: number, isolation: FetchIsolation): number {
    const limit = this.limitOf(isolation)
    return offset >= limit ? 0 : this.reader.bytesBetween(Math.max(offset, this.startOffset), limit)
  }

  offsetForTimestamp(timestamp: number): TimestampAndOffset | null {
    return this.guard.reading(() => findTimestamp(this.segments, timestamp, this.startOffset))
  }

  maxTimestampOffset(): TimestampAndOffset | null {
    return this.guard.reading(() => findMaxTimestamp(this.segments))
  }

  // Watermarks and epochs

  updateHighWatermark(offset: number): boolean {
    const next = Math.min(Math.max(offset, this.startOffset), this.nextOffset)
    if (next <= this.watermark) return false
    this.watermark = next
    this.producers.onHighWatermark(next)
    return true
  }

  setLeaderEpochStart(leaderEpoch: number, startOffset: number): void {
    this.guard.storing(() => this.leaderEpochs.assign(leaderEpoch, startOffset))
  }

  epochForOffset(offset: number): number | null {
    return this.leaderEpochs.epochForOffset(offset)
  }

  endOffsetForEpoch(leaderEpoch: number): EpochEndOffset {
    return this.leaderEpochs.endOffsetFor(leaderEpoch, this.nextOffset)
  }

  // Shortening

  deleteRecordsBefore(offset: number, reason: LogStartReason = 'client delete records request'): number {
    const target = offset < 0 ? this.watermark : offset
    if (target > this.watermark) {
      throw new KafkaError(
        'OFFSET_OUT_OF_RANGE',
        `Cannot increment the log start offset to ${target} of partition ${this.name} ` +
          `since it is larger than the high watermark ${this.watermark}`,
      )
    }
    this.guard.storing(() => {
      this.advanceLogStart(target, reason)
      this.deleteSegments(segmentsBelowLogStart(this.retentionState()), 'they lie below the log start offset')
    })
    return this.startOffset
  }

  deleteOldSegments(): number {
    if (this.guard.failed || this.guard.closed) return 0
    return this.guard.storing(() => {
      const below = segmentsBelowLogStart(this.retentionState())
      let deleted = this.deleteSegments(below, 'they lie below the log start offset')
      if (!this.settings.cleanupDelete) return deleted
      const oversized = segmentsOverSize(this.retentionState())
      deleted += this.deleteSegments(oversized, `retention.bytes of ${this.settings.retentionBytes} is breached`)
      const expired = segmentsExpired(this.retentionState())
      return deleted + this.deleteSegments(expired, `retention.ms of ${this.settings.retentionMs} is breached`)
    })
  }

  private retentionState(): RetentionState {
    return {
      segments: this.segments,
      config: this.settings,
      highWatermark: this.watermark,
      logStartOffset: this.startOffset,
      logEndOffset: this.nextOffset,
      nowMs: this.env.clock.now(),
    }
  }

  private deleteSegments(doomed: readonly LogSegment[], reason: string): number {
    if (doomed.length === 0) return 0
    // A log always has an active segment: when all go, a new one comes first.
    if (doomed.length === this.segments.length) this.rollTo(0)
    this.advanceLogStart(this.segments.higher(doomed.at(-1)!.baseOffset)!.baseOffset, 'segment deletion')
    this.removeSegments(doomed, reason)
    return doomed.length
  }

  private removeSegments(doomed: readonly LogSegment[], reason: string): void {
    noteDeleted(this.env, this.name, doomed, reason)
    const paths: string[] = []
    for (const segment of doomed) {
      this.segments.remove(segment)
      segment.abandon()
      paths.push(...segment.changeSuffix('', DELETED_SUFFIX))
      const snapshot = this.producers.markSnapshotDeleted(segment.baseOffset, DELETED_SUFFIX)
      if (snapshot !== null) paths.push(snapshot)
    }
    this.reader.forget()
    this.env.deleteLater(paths, this.settings.fileDeleteDelayMs)
  }

  private advanceLogStart(offset: number, reason: LogStartReason): void {
    if (offset <= this.startOffset) return
    this.startOffset = offset
    noteStartOffset(this.env, this.name, offset, reason)
    if (this.watermark < offset) this.updateHighWatermark(offset)
    this.flusher.startsAt(offset)
    this.leaderEpochs.truncateFromStart(offset)
    this.producers.onLogStartOffset(offset)
  }

  truncateTo(offset: number): void {
    assert(offset >= 0, `cannot truncate ${this.name} to ${offset}`)
    this.guard.storing(() => {
      if (offset >= this.nextOffset) return this.leaderEpochs.truncateFromEnd(this.nextOffset)
      noteTruncated(this.env, this.name, offset, this.nextOffset)
      this.shorten(offset, () => (this.segments.first.baseOffset > offset ? this.startAt(offset) : this.cutAt(offset)))
    })
  }

  private shorten(offset: number, cut: () => void): void {
    const told = Math.max(this.watermark, this.recoveryPoint)
    cut()
    if (told > offset) this.env.onShortened?.()
  }

  private cutAt(offset: number): void {
    const doomed = this.segments.toArray().filter((segment) => segment.baseOffset > offset)
    if (doomed.length > 0) this.removeSegments(doomed, `the log is truncated to offset ${offset}`)
    this.segments.active.truncateTo(offset, this.env.clock.now())
    this.endAt(offset)
    this.leaderEpochs.truncateFromEnd(offset)
    this.startOffset = Math.min(offset, this.startOffset)
    this.flusher.syncTruncation()
    this.rebuildProducers()
  }

  truncateFullyAndStartAt(offset: number): void {
    this.guard.storing(() => this.shorten(offset, () => this.startAt(offset)))
  }

  private startAt(offset: number): void {
    this.removeSegments(this.segments.toArray(), `the log starts anew at offset ${offset}`)
    this.env.files.syncDirectory(this.dir)
    this.segments.add(this.newSegment(offset))
    this.leaderEpochs.clear()
    this.producers.truncateFullyAndStartAt(offset)
    this.startOffset = offset
    this.endAt(offset)
    this.watermark = offset
    this.flusher.syncTruncation()
    this.rebuildProducers()
  }

  private endAt(offset: number): void {
    this.reader.forget()
    this.nextOffset = offset
    this.watermark = Math.min(this.watermark, offset)
    this.flusher.endsAt(offset)
  }

  private rebuildProducers(): void {
    rebuildProducerState({
      producers: this.producers,
      segments: this.segments,
      logStartOffset: this.startOffset,
      lastOffset: this.nextOffset,
      nowMs: this.env.clock.now(),
      afterCleanShutdown: false,
    })
  }

  // Segments and disk

  roll(): void {
    this.guard.storing(() => this.rollTo(0))
  }

  private rollTo(expectedOffset: number): LogSegment {
    const baseOffset = Math.max(expectedOffset, this.nextOffset)
    const { active } = this.segments
    if (active.baseOffset === baseOffset && active.size === 0) return active
    active.freeze()
    noteRolled(this.env, this.name, baseOffset, active)
    const segment = this.newSegment(baseOffset)
    this.segments.add(segment)
    this.producers.mapEndOffset = baseOffset
    this.producers.takeSnapshot(false)
    this.flusher.flushInBackground()
    return segment
  }

  private newSegment(baseOffset: number): LogSegment {
    const { files, openFiles, random, clock } = this.env
    const { dir: directory, settings: config } = this
    const rollJitterMs = Math.floor(random.next() * Math.min(config.segmentJitterMs, config.segmentMs))
    return LogSegment.create({ files, openFiles, directory, baseOffset, config, rollJitterMs, nowMs: clock.now() })
  }

  flush(): void {
    this.guard.storing(() => this.flusher.flush(this.nextOffset))
  }

  /** Brings the index files up to date for readers outside of this process. */
  writeIndexes(): void {
    if (!this.guard.failed && !this.guard.closed) this.guard.storing(() => this.segments.active.writeIndexes())
  }

  updateConfig(config: LogConfig): void {
    this.settings = config
  }

  activeProducers(): readonly TransactionState[] {
    return Array.from(this.producers.active())
  }

  removeExpiredProducers(expirationMs: number): void {
    this.producers.removeExpired(this.env.clock.now(), expirationMs)
  }

  /** Flushes and leaves the files as a clean shutdown does; a failed log is left to recovery. */
  close(): void {
    if (this.guard.closed) return
    if (!this.failed) {
      this.flush()
      this.guard.storing(() => {
        this.producers.takeSnapshot(true)
        for (const segment of this.segments) segment.close()
      })
    }
    this.abandon()
  }

  /** Closes the files and writes nothing more: the directory is about to be deleted. */
  abandon(): void {
    this.guard.close()
    this.flusher.stop()
    for (const segment of this.segments) segment.abandon()
  }

  moveTo(directory: string): void {
    this.dir = directory
    this.leaderEpochs.moveTo(directory)
    this.producers.moveTo(directory)
    for (const segment of this.segments) segment.moveTo(directory)
  }
}
