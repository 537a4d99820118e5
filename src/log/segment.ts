import type { FileSystem } from '../base/file-system.ts'
import { NO_TIMESTAMP, type RecordBatchHeader } from '../protocol/records/record-batch.ts'
import { type BatchPosition, HeaderScan } from './batches.ts'
import { CorruptFileError } from './errors.ts'
import {
  LOG_SUFFIX,
  OFFSET_INDEX_SUFFIX,
  segmentPath,
  TIME_INDEX_SUFFIX,
  TRANSACTION_INDEX_SUFFIX,
} from './file-names.ts'
import { LogFile, type OpenFiles } from './log-file.ts'
import { MAX_RELATIVE_OFFSET, OffsetIndex } from './offset-index.ts'
import { TimeIndex, type TimestampOffset } from './time-index.ts'
import { TransactionIndex } from './transaction-index.ts'
import type { LogConfig } from './types.ts'

export interface SegmentOptions {
  readonly files: FileSystem
  readonly openFiles: OpenFiles
  readonly directory: string
  readonly baseOffset: number
  readonly config: LogConfig
  /** Milliseconds taken off `segment.ms`, so that not all logs roll at once. */
  readonly rollJitterMs: number
  readonly nowMs: number
  /** `.swap` or `.cleaned` while a compaction has not finished. */
  readonly suffix?: string
}

export interface RollQuestion {
  readonly config: LogConfig
  readonly nowMs: number
  readonly batchesBytes: number
  readonly maxTimestamp: number
  readonly lastOffset: number
}

/** One segment of a log: the batches and their three indexes, all named after the first offset (KAFKA `LogSegment`). */
export class LogSegment {
  readonly baseOffset: number
  readonly log: LogFile
  readonly offsetIndex: OffsetIndex
  readonly timeIndex: TimeIndex
  readonly transactionIndex: TransactionIndex
  readonly rollJitterMs: number
  private readonly files: FileSystem
  private readonly indexIntervalBytes: number
  private createdMs: number
  /** Largest timestamp and the last offset of its batch; null until asked for. */
  private maxSoFar: TimestampOffset | null = null
  /** Largest timestamp of the first batch: what rolling by time counts from. Null until known. */
  private firstBatchTimestamp: number | null = null
  private bytesSinceIndexEntry = 0

  private constructor(options: SegmentOptions, size: number) {
    const { files, directory, baseOffset, config, suffix = '' } = options
    const path = (fileSuffix: string): string => segmentPath(directory, baseOffset, fileSuffix) + suffix
    this.files = files
    this.baseOffset = baseOffset
    this.log = new LogFile(files, options.openFiles, path(LOG_SUFFIX), size)
    this.offsetIndex = new OffsetIndex(files, path(OFFSET_INDEX_SUFFIX), baseOffset, config.segmentIndexBytes)
    this.timeIndex = new TimeIndex(files, path(TIME_INDEX_SUFFIX), baseOffset, config.segmentIndexBytes)
    this.transactionIndex = new TransactionIndex(files, path(TRANSACTION_INDEX_SUFFIX), baseOffset)
    this.indexIntervalBytes = config.indexIntervalBytes
    this.rollJitterMs = options.rollJitterMs
    this.createdMs = options.nowMs
  }

  /** A new, empty segment. Files that are in the way are replaced. */
  static create(options: SegmentOptions): LogSegment {
    const segment = new LogSegment(options, 0)
    segment.files.writeFile(segment.log.path, '')
    segment.offsetIndex.create()
    segment.timeIndex.create()
    if (segment.files.exists(segment.transactionIndex.path)) segment.files.remove(segment.transactionIndex.path)
    if (options.config.preallocate) segment.log.preallocate(options.config.segmentBytes)
    return segment
  }

  /** A segment whose `.log` file is there. Nothing is read yet. */
  static open(options: SegmentOptions): LogSegment {
    const path = segmentPath(options.directory, options.baseOffset, LOG_SUFFIX) + (options.suffix ?? '')
    return new LogSegment(options, options.files.stat(path).size)
  }

  get size(): number {
    return this.log.size
  }

  get maxTimestampSoFar(): TimestampOffset {
    this.maxSoFar ??= this.timeIndex.lastEntry
    return this.maxSoFar
  }

  /** Largest timestamp of a record; the file's modification time where records have none. */
  get largestTimestamp(): number {
    const { timestamp } = this.maxTimestampSoFar
    return timestamp >= 0 ? timestamp : this.lastModifiedMs
  }

  get lastModifiedMs(): number {
    return Math.floor(this.files.stat(this.log.path).mtimeMs)
  }

  holdsOffset(offset: number): boolean {
    const relative = offset - this.baseOffset
    return relative >= 0 && relative <= MAX_RELATIVE_OFFSET
  }

  shouldRoll(question: RollQuestion): boolean {
    const { config, batchesBytes } = question
    if (this.size > 0 && this.size > config.segmentBytes - batchesBytes) return true
    if (!this.holdsOffset(question.lastOffset) || this.offsetIndex.full || this.timeIndex.full) return true
    if (this.size === 0) return false
    const waitedMs = this.waitedForRollMs(question.nowMs, question.maxTimestamp)
    return waitedMs > config.segmentMs - this.rollJitterMs
  }

  /** Record time counts where there is any, else wall clock since the segment was made. */
  waitedForRollMs(nowMs: number, messageTimestamp: number): number {
    if (this.firstBatchTimestamp === null) {
      this.firstBatchTimestamp = new HeaderScan(this.log, 0).next()?.maxTimestamp ?? null
    }
    const first = this.firstBatchTimestamp ?? NO_TIMESTAMP
    return first >= 0 ? messageTimestamp - first : nowMs - this.createdMs
  }

  /** Appends batches whose headers are final. One write; throws what the file system throws, storing nothing. */
  append(records: Buffer, batches: readonly RecordBatchHeader[]): void {
    let position = this.log.size
    this.log.append(records)
    for (const batch of batches) {
      this.indexBatch(batch, position)
      position += batch.sizeInBytes
    }
  }

  /** Notes the timestamp of a batch at `position` and samples it into the indexes once per index interval. */
  private indexBatch(batch: RecordBatchHeader | BatchPosition, position: number): void {
    const { maxTimestamp, lastOffset } = batch
    if (position === 0) this.firstBatchTimestamp = maxTimestamp
    if (maxTimestamp > this.maxTimestampSoFar.timestamp) {
      this.maxSoFar = { timestamp: maxTimestamp, offset: lastOffset }
    }
    if (this.bytesSinceIndexEntry > this.indexIntervalBytes) {
      this.offsetIndex.append(lastOffset, position)
      this.indexMaxTimestamp()
      this.bytesSinceIndexEntry = 0
    }
    this.bytesSinceIndexEntry += batch.sizeInBytes
  }

  private indexMaxTimestamp(): void {
    const { timestamp, offset } = this.maxTimestampSoFar
    this.timeIndex.maybeAppend(timestamp, offset)
  }

  /** The batch that holds `offset` or, where compaction left a gap, the next one; null at the end of the segment. */
  locate(offset: number, startPosition = 0): BatchPosition | null {
    const from = startPosition > 0 ? startPosition : this.offsetIndex.lookup(offset)
    const scan = new HeaderScan(this.log, from)
    for (let batch = scan.next(); batch !== null; batch = scan.next()) {
      if (batch.lastOffset >= offset) return batch
    }
    return null
  }

  /** Offset after the last record: the base offset of an empty segment. */
  readNextOffset(): number {
    const scan = new HeaderScan(this.log, this.offsetIndex.lookup(this.offsetIndex.lastOffset))
    let next = this.baseOffset
    for (let batch = scan.next(); batch !== null; batch = scan.next()) next = batch.lastOffset + 1
    return next
  }

  /** Walks the batches whose largest timestamp is not below `timestamp`, from `startOffset` on. */
  *batchesFromTimestamp(timestamp: number, startOffset: number): Generator<BatchPosition> {
    const { offset } = this.timeIndex.lookup(timestamp)
    const scan = new HeaderScan(this.log, this.offsetIndex.lookup(Math.max(offset, startOffset)))
    for (let batch = scan.next(); batch !== null; batch = scan.next()) {
      if (batch.maxTimestamp >= timestamp && batch.lastOffset >= startOffset) yield batch
    }
  }

  /** All of one batch, in memory of its own. */
  readBatch({ position, sizeInBytes }: BatchPosition): Buffer {
    const bytes = Buffer.allocUnsafe(sizeInBytes)
    const read = this.log.read(bytes, 0, sizeInBytes, position)
    if (read !== sizeInBytes) throw new CorruptFileError(`${this.log.path} ends inside the batch at ${position}`)
    return bytes
  }

  /** Removes every batch that holds a record at or after `offset`; returns the bytes cut off. */
  truncateTo(offset: number, nowMs: number): number {
    const cut = this.locate(offset)
    this.offsetIndex.truncateTo(offset)
    this.timeIndex.truncateTo(offset)
    this.transactionIndex.truncateTo(offset)
    const removed = cut === null ? 0 : this.size - cut.position
    if (cut !== null) this.log.truncate(cut.position)
    if (this.size === 0) {
      this.createdMs = nowMs
      this.firstBatchTimestamp = null
    }
    this.bytesSinceIndexEntry = 0
    this.maxSoFar = this.rescanMaxTimestamp()
    return removed
  }

  private rescanMaxTimestamp(): TimestampOffset {
    let max = this.timeIndex.lastEntry
    const scan = new HeaderScan(this.log, this.offsetIndex.lookup(max.offset))
    for (let batch = scan.next(); batch !== null; batch = scan.next()) {
      if (batch.maxTimestamp > max.timestamp) max = { timestamp: batch.maxTimestamp, offset: batch.lastOffset }
    }
    return max
  }

  /** Empties the indexes; `recoverBatch` and `finishRecovery` fill them again. */
  startRecovery(): void {
    this.offsetIndex.create()
    this.timeIndex.create()
    this.transactionIndex.reset()
    this.maxSoFar = { timestamp: NO_TIMESTAMP, offset: this.baseOffset }
    this.firstBatchTimestamp = null
    this.bytesSinceIndexEntry = 0
  }

  recoverBatch(batch: RecordBatchHeader, position: number): void {
    this.indexBatch(batch, position)
  }

  /** Cuts the file after its last valid batch; returns the bytes removed. */
  finishRecovery(validBytes: number): number {
    const removed = this.size - validBytes
    if (removed > 0) this.log.truncate(validBytes)
    this.indexMaxTimestamp()
    this.writeIndexes()
    return removed
  }

  writeIndexes(): void {
    this.offsetIndex.file.write()
    this.timeIndex.file.write()
  }

  /** The segment was rolled: its time index gets the final entry, its indexes leave memory. */
  freeze(): void {
    this.indexMaxTimestamp()
    this.offsetIndex.file.freeze()
    this.timeIndex.file.freeze()
    this.log.trim()
  }

  /** Files that have to reach the disk before offsets of this segment count as flushed. */
  durableFiles(): string[] {
    const paths = [this.log.path, this.offsetIndex.file.path, this.timeIndex.file.path]
    if (this.files.exists(this.transactionIndex.path)) paths.push(this.transactionIndex.path)
    return paths
  }

  /** Forces the indexes to the disk: while a segment is active recovery rebuilds them, later it does not. */
  syncIndexes(): void {
    this.offsetIndex.file.sync()
    this.timeIndex.file.sync()
    this.transactionIndex.sync()
  }

  close(): void {
    if (this.maxSoFar !== null) this.indexMaxTimestamp()
    this.syncIndexes()
    this.offsetIndex.file.freeze()
    this.timeIndex.file.freeze()
    this.log.trim()
    this.log.closeHandle()
  }

  /** Closes what is open and writes nothing: for a log that failed or that is being deleted. */
  abandon(): void {
    this.log.closeHandle()
  }

  /** Renames all files from one suffix to another; returns their new paths. */
  changeSuffix(from: string, to: string): string[] {
    const rename = (path: string): string => {
      const renamed = path.slice(0, path.length - from.length) + to
      if (this.files.exists(path)) this.files.rename(path, renamed)
      return renamed
    }
    this.log.path = rename(this.log.path)
    this.offsetIndex.file.path = rename(this.offsetIndex.file.path)
    this.timeIndex.file.path = rename(this.timeIndex.file.path)
    this.transactionIndex.path = rename(this.transactionIndex.path)
    return [this.log.path, this.offsetIndex.file.path, this.timeIndex.file.path, this.transactionIndex.path]
  }

  /** The directory was renamed. */
  moveTo(directory: string): void {
    const move = (suffix: string): string => segmentPath(directory, this.baseOffset, suffix)
    this.log.path = move(LOG_SUFFIX)
    this.offsetIndex.file.path = move(OFFSET_INDEX_SUFFIX)
    this.timeIndex.file.path = move(TIME_INDEX_SUFFIX)
    this.transactionIndex.path = move(TRANSACTION_INDEX_SUFFIX)
  }
}
