/** Opens a partition's directory, mending what an unclean end left behind (KAFKA `LogLoader`). */
import { join } from 'node:path'
import type { Logger } from '../base/logger.ts'
import { CorruptFileError } from './errors.ts'
import {
  CLEANED_SUFFIX,
  DELETED_SUFFIX,
  LOG_SUFFIX,
  OFFSET_INDEX_SUFFIX,
  offsetOf,
  partitionName,
  SWAP_SUFFIX,
  segmentPath,
  TIME_INDEX_SUFFIX,
  TRANSACTION_INDEX_SUFFIX,
} from './file-names.ts'
import { LeaderEpochCache } from './leader-epoch-cache.ts'
import { UnifiedLog } from './log.ts'
import type { LogEnvironment } from './log-environment.ts'
import { readPartitionMetadata, writePartitionMetadata } from './partition-metadata.ts'
import { rebuildProducerState } from './producer-replay.ts'
import { ProducerState } from './producer-state.ts'
import { LogSegment } from './segment.ts'
import { SegmentList } from './segment-list.ts'
import { recoverSegment } from './segment-recovery.ts'
import type { LogConfig } from './types.ts'

/** Snapshots of the metadata log; raft removes its own. */
const RAFT_SNAPSHOT_DELETED = '.checkpoint.deleted'
const INDEX_SUFFIXES = [OFFSET_INDEX_SUFFIX, TIME_INDEX_SUFFIX, TRANSACTION_INDEX_SUFFIX]

export interface OpenLogOptions {
  readonly directory: string
  readonly topic: string
  readonly partition: number
  /** Null: what `partition.metadata` says. */
  readonly topicId: string | null
  readonly config: LogConfig
  /** From the checkpoints of the log directory. */
  readonly logStartOffset?: number
  readonly recoveryPoint?: number
  readonly cleanShutdown?: boolean
}

/** Opens the log in `directory`, or makes an empty one there. */
export function openLog(env: LogEnvironment, options: OpenLogOptions): UnifiedLog {
  return new LogLoader(env, options).load()
}

class LogLoader {
  private readonly env: LogEnvironment
  private readonly options: OpenLogOptions
  private readonly logger: Logger
  private readonly name: string
  private readonly segments = new SegmentList()
  private readonly leaderEpochs: LeaderEpochCache
  private readonly logStartOffset: number
  private recoveryPoint: number
  private cleanShutdown: boolean
  /** State of the producers after the last segment that was recovered. */
  private recovered: ProducerState | null = null

  constructor(env: LogEnvironment, options: OpenLogOptions) {
    this.env = env
    this.options = options
    this.logger = env.logger
    this.name = partitionName(options.topic, options.partition)
    this.logStartOffset = options.logStartOffset ?? 0
    this.recoveryPoint = options.recoveryPoint ?? 0
    this.cleanShutdown = options.cleanShutdown ?? false
    this.leaderEpochs = new LeaderEpochCache(env.files, options.directory)
  }

  load(): UnifiedLog {
    const { directory, topic, partition, config } = this.options
    const topicId = this.prepareDirectory()
    this.loadLeaderEpochs()
    this.removeTemporaryFiles()
    this.finishSwaps()
    this.loadSegments()
    const { recoveryPoint, logEndOffset } = this.recoverLog()
    this.leaderEpochs.truncateFromEnd(logEndOffset)
    const logStartOffset = Math.max(this.logStartOffset, this.segments.first.baseOffset)
    this.leaderEpochs.truncateFromStart(this.logStartOffset)
    const producers = this.loadProducers(logStartOffset, logEndOffset)
    const { segments, leaderEpochs } = this
    return new UnifiedLog(this.env, {
      ...{ topic, partition, topicId, directory, config, segments, leaderEpochs, producers },
      ...{ logStartOffset, logEndOffset, recoveryPoint },
    })
  }

  /** Makes the directory and its metadata; returns the topic id. */
  private prepareDirectory(): string | null {
    const { files } = this.env
    const { directory, topicId } = this.options
    if (!files.exists(directory)) {
      files.makeDirectory(directory)
      this.leaderEpochs.save()
    }
    const known = readPartitionMetadata(files, directory)
    if (known !== null || topicId === null) return known
    writePartitionMetadata(files, directory, topicId)
    return topicId
  }

  private loadLeaderEpochs(): void {
    try {
      this.leaderEpochs.load()
    } catch (error) {
      if (!(error instanceof CorruptFileError)) throw error
      this.logger.warn(`[${this.name}] ${error.message}; the leader epochs are taken from the batches of the whole log`)
      this.leaderEpochs.clear()
      this.cleanShutdown = false
      this.recoveryPoint = 0
    }
  }

  private names(): string[] {
    return this.env.files.list(this.options.directory).sort()
  }

  private path(name: string): string {
    return join(this.options.directory, name)
  }

  private removeAll(names: readonly string[], why: string): void {
    for (const name of names) {
      this.logger.info(`[${this.name}] Deleting ${name}: ${why}`)
      this.env.files.remove(this.path(name))
    }
  }

  /** `.deleted` is to go anyway, `.cleaned` is half a compaction, and so is a `.swap` at or above one. */
  private removeTemporaryFiles(): void {
    const names = this.names()
    const deleted = names.filter((name) => name.endsWith(DELETED_SUFFIX) && !name.endsWith(RAFT_SNAPSHOT_DELETED))
    const cleaned = names.filter((name) => name.endsWith(CLEANED_SUFFIX))
    const firstCleaned = Math.min(...cleaned.map((name) => offsetOf(name) ?? Number.POSITIVE_INFINITY))
    const swaps = names.filter((name) => name.endsWith(SWAP_SUFFIX) && (offsetOf(name) ?? -1) >= firstCleaned)
    this.removeAll(deleted, 'it was marked for deletion')
    this.removeAll(swaps, 'it belongs to an unfinished split')
    this.removeAll(cleaned, 'it belongs to an unfinished compaction')
    this.removeAll(
      names.filter((name) => name.endsWith('.tmp')),
      'it was never renamed to its final name',
    )
  }

  /** `.swap` files are complete: they replace the segments whose offsets they cover. */
  private finishSwaps(): void {
    const swaps = this.names().filter((name) => name.endsWith(SWAP_SUFFIX))
    const logs = swaps.filter((name) => name.endsWith(LOG_SUFFIX + SWAP_SUFFIX)).map((name) => offsetOf(name)!)
    if (logs.length > 0) {
      const from = Math.min(...logs)
      const to = Math.max(...logs.map((baseOffset) => this.open(baseOffset, SWAP_SUFFIX).readNextOffset()))
      const replaced = this.names().filter((name) => {
        const offset = offsetOf(name)
        return !name.endsWith(SWAP_SUFFIX) && offset !== null && offset >= from && offset < to
      })
      this.removeAll(replaced, 'a compaction has replaced it')
    }
    for (const name of swaps) {
      this.logger.info(`[${this.name}] Recovering file ${name} by renaming from ${SWAP_SUFFIX} files.`)
      this.env.files.rename(this.path(name), this.path(name.slice(0, -SWAP_SUFFIX.length)))
    }
  }

  private open(baseOffset: number, suffix = ''): LogSegment {
    return LogSegment.open({ ...this.segmentOptions(baseOffset), suffix })
  }

  private segmentOptions(baseOffset: number) {
    const { files, openFiles, clock, random } = this.env
    const { directory, config } = this.options
    const rollJitterMs = Math.floor(random.next() * Math.min(config.segmentJitterMs, config.segmentMs))
    return { files, openFiles, directory, baseOffset, config, rollJitterMs, nowMs: clock.now() }
  }

  private loadSegments(): void {
    const names = this.names()
    const bases = names.filter((name) => name.endsWith(LOG_SUFFIX)).map((name) => offsetOf(name))
    const known = new Set(bases)
    const orphans = names.filter(
      (name) => INDEX_SUFFIXES.some((suffix) => name.endsWith(suffix)) && !known.has(offsetOf(name)),
    )
    this.removeAll(orphans, 'it is an index without its log file')
    for (const baseOffset of bases) if (baseOffset !== null) this.loadSegment(this.open(baseOffset))
  }

  private loadSegment(segment: LogSegment): void {
    const problem = this.indexProblem(segment)
    this.segments.add(segment)
    // What was not flushed is recovered in any case, indexes and all.
    if (problem === null || this.needsRecovery(segment)) return
    this.logger.warn(`[${this.name}] ${problem} of segment ${segment.baseOffset}; rebuilding its index files`)
    this.recover(segment)
  }

  private needsRecovery(segment: LogSegment): boolean {
    return !this.cleanShutdown && segment.baseOffset >= this.recoveryPoint
  }

  private indexProblem(segment: LogSegment): string | null {
    const { files } = this.env
    for (const index of [segment.offsetIndex, segment.timeIndex]) {
      if (!files.exists(index.file.path)) return `Could not find the index file ${index.file.path}`
    }
    try {
      segment.offsetIndex.sanityCheck(segment.size)
      segment.timeIndex.sanityCheck()
      segment.transactionIndex.sanityCheck()
      return null
    } catch (error) {
      if (!(error instanceof CorruptFileError)) throw error
      return `Found a corrupted index file (${error.message})`
    }
  }

  /** Recovers one segment with the producer state of everything before it; returns true when bytes were cut off. */
  private recover(segment: LogSegment): boolean {
    const producers = this.newProducerState()
    this.rebuild(producers, this.logStartOffset, segment.baseOffset, false)
    const { removedBytes, reason } = recoverSegment(segment, producers, this.leaderEpochs)
    producers.takeSnapshot(true)
    this.recovered = producers
    if (removedBytes === 0) return false
    this.logger.warn(
      `[${this.name}] Corruption found in segment ${segment.baseOffset}, truncating to offset ` +
        `${segment.readNextOffset()}: removed ${removedBytes} bytes at position ${segment.size}, ${reason}`,
    )
    return true
  }

  /** Checks what was not flushed when the node ended uncleanly; the first corruption ends the log. */
  private recoverLog(): { recoveryPoint: number; logEndOffset: number } {
    if (!this.cleanShutdown) this.recoverUnflushed()
    this.dropLogBehindItsStart()
    if (this.segments.length === 0) this.segments.add(LogSegment.create(this.segmentOptions(this.logStartOffset)))
    const logEndOffset = this.segments.active.readNextOffset()
    return {
      logEndOffset,
      recoveryPoint: this.cleanShutdown ? logEndOffset : Math.min(this.recoveryPoint, logEndOffset),
    }
  }

  private recoverUnflushed(): void {
    const unflushed = this.segments.range(this.recoveryPoint, Number.MAX_SAFE_INTEGER)
    for (const [index, segment] of unflushed.entries()) {
      if (index > 0 && this.isGap(unflushed[index - 1]!, segment)) {
        this.drop(unflushed.slice(index), 'records before them are lost')
        return
      }
      if (segment.size > 0) this.logger.info(`[${this.name}] Recovering unflushed segment ${segment.baseOffset}.`)
      if (!this.recover(segment)) continue
      this.drop(unflushed.slice(index + 1), 'they follow a corruption')
      return
    }
  }

  /**
   * A power failure can take the end of a segment, or all of it, and leave the next one. Only compaction makes gaps that
   * are meant to be.
   */
  private isGap(before: LogSegment, next: LogSegment): boolean {
    return !this.options.config.cleanupCompact && before.readNextOffset() < next.baseOffset
  }

  /** The files that hold the log start offset are gone: what is left is older and must not come back. */
  private dropLogBehindItsStart(): void {
    if (this.segments.length === 0) return
    const logEndOffset = this.segments.active.readNextOffset()
    if (logEndOffset >= this.logStartOffset) return
    this.drop(
      this.segments.toArray(),
      `the log end offset ${logEndOffset} is below the log start offset ${this.logStartOffset}`,
    )
    this.leaderEpochs.clear()
    this.newProducerState().truncateFullyAndStartAt(this.logStartOffset)
  }

  private drop(segments: readonly LogSegment[], why: string): void {
    if (segments.length === 0) return
    const bases = segments.map((segment) => segment.baseOffset).join(', ')
    this.logger.warn(`[${this.name}] Deleting segments ${bases} as part of log recovery: ${why}`)
    const { files } = this.env
    for (const segment of segments) {
      this.segments.remove(segment)
      segment.abandon()
      for (const path of [
        ...segment.durableFiles(),
        segmentPath(this.options.directory, segment.baseOffset, '.snapshot'),
      ]) {
        if (files.exists(path)) files.remove(path)
      }
    }
  }

  private loadProducers(logStartOffset: number, logEndOffset: number): ProducerState {
    // What was replayed batch by batch knows the last five of each producer, a snapshot only the last one: a client whose
    // connection broke sends all five again, and each must be recognised.
    if (this.recovered?.mapEndOffset === logEndOffset) {
      this.recovered.removeStraySnapshots(this.segments.baseOffsets)
      return this.recovered
    }
    const producers = this.newProducerState()
    producers.removeStraySnapshots(this.segments.baseOffsets)
    this.rebuild(producers, logStartOffset, logEndOffset, this.cleanShutdown)
    return producers
  }

  private newProducerState(): ProducerState {
    const { files, logger, producerIdExpirationMs } = this.env
    return new ProducerState(files, logger, this.options.directory, producerIdExpirationMs)
  }

  private rebuild(
    producers: ProducerState,
    logStartOffset: number,
    lastOffset: number,
    afterCleanShutdown: boolean,
  ): void {
    const { segments } = this
    const nowMs = this.env.clock.now()
    rebuildProducerState({ producers, segments, logStartOffset, lastOffset, nowMs, afterCleanShutdown })
  }
}
