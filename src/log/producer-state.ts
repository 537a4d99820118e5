import { join } from 'node:path'
import type { FileSystem } from '../base/file-system.ts'
import type { Logger } from '../base/logger.ts'
import { isControlBatch, NO_PRODUCER_ID, type RecordBatchHeader } from '../protocol/records/record-batch.ts'
import { readTransactionMarker } from './control-record.ts'
import { replaceFile, syncFile } from './durability.ts'
import { CorruptFileError } from './errors.ts'
import { offsetOf, SNAPSHOT_SUFFIX, segmentPath } from './file-names.ts'
import {
  type AppendContext,
  type BatchMetadata,
  type CompletedTransaction,
  ProducerAppend,
  type ProducerEntry,
} from './producer-entry.ts'
import { parseProducerSnapshot, serializeProducerSnapshot } from './producer-snapshot.ts'
import type { TransactionState } from './producer-state-types.ts'

/** A producer id is forgotten a day after its last batch: `producer.id.expiration.ms`. */
export const DEFAULT_PRODUCER_ID_EXPIRATION_MS = 86_400_000

interface OpenTransaction {
  readonly producerId: bigint
  readonly firstOffset: number
  /** Offset of its marker; null while it is open. */
  lastOffset: number | null
}

/** What a checked append will change; handed to `commit` after the bytes are in the log. */
export interface PreparedProducers {
  readonly appends: readonly ProducerAppend[]
  readonly completed: readonly CompletedTransaction[]
  /** The remembered batch, when the append is one that came again. */
  readonly duplicate: BatchMetadata | null
}

const NOTHING: PreparedProducers = { appends: [], completed: [], duplicate: null }

/**
 * Producers and transactions of one log up to `mapEndOffset` (KAFKA `ProducerStateManager`). Rebuilt at start from the
 * latest valid `.snapshot` file and the batches after it.
 */
export class ProducerState {
  private readonly files: FileSystem
  private readonly logger: Logger
  private readonly expirationMs: number
  private directory: string
  private readonly producers = new Map<bigint, ProducerEntry>()
  /** Without a marker yet, ascending by first offset. */
  private readonly ongoing: OpenTransaction[] = []
  /** Ended by a marker that is not below the high watermark yet, ascending by first offset. */
  private readonly unreplicated: OpenTransaction[] = []
  /** Offsets that have a snapshot file, ascending. */
  private snapshots: number[] = []
  private mapEnd = 0
  private lastSnapshot = 0

  constructor(files: FileSystem, logger: Logger, directory: string, expirationMs: number) {
    this.files = files
    this.logger = logger
    this.directory = directory
    this.expirationMs = expirationMs
    this.snapshots = this.listSnapshots()
  }

  /** Offset up to which the log is reflected here. */
  get mapEndOffset(): number {
    return this.mapEnd
  }
  set mapEndOffset(offset: number) {
    this.mapEnd = offset
  }
  get empty(): boolean {
    return this.producers.size === 0 && this.unreplicated.length === 0
  }
  get count(): number {
    return this.producers.size
  }
  get latestSnapshotOffset(): number | null {
    return this.snapshots.at(-1) ?? null
  }
  get snapshotOffsets(): readonly number[] {
    return this.snapshots
  }

  /** First offset of a transaction that is open or whose marker may still be lost; null when there is none. */
  get firstUnstableOffset(): number | null {
    const undecided = this.ongoing[0]?.firstOffset
    const unreplicated = this.unreplicated[0]?.firstOffset
    if (undecided === undefined) return unreplicated ?? null
    return unreplicated === undefined ? undecided : Math.min(undecided, unreplicated)
  }

  lastEntry(producerId: bigint): ProducerEntry | null {
    return this.producers.get(producerId) ?? null
  }

  *active(): Generator<TransactionState> {
    for (const entry of this.producers.values()) {
      yield {
        producerId: entry.producerId,
        producerEpoch: entry.producerEpoch,
        lastSequence: entry.lastSequence,
        lastTimestamp: entry.lastTimestamp,
        coordinatorEpoch: entry.coordinatorEpoch,
        currentTransactionStartOffset: entry.transactionFirstOffset,
      }
    }
  }

  /**
   * Checks batches with final offsets against what is known, changing nothing. `records` holds them back to back.
   * Throws KafkaError: OUT_OF_ORDER_SEQUENCE_NUMBER, INVALID_PRODUCER_EPOCH, INVALID_TXN_STATE,
   * TRANSACTION_COORDINATOR_FENCED.
   */
  prepare(records: Buffer, batches: readonly RecordBatchHeader[], context: AppendContext): PreparedProducers {
    if (batches.every((batch) => batch.producerId === NO_PRODUCER_ID)) return NOTHING
    const appends = new Map<bigint, ProducerAppend>()
    const completed: CompletedTransaction[] = []
    let at = 0
    for (const batch of batches) {
      const start = at
      at += batch.sizeInBytes
      if (batch.producerId === NO_PRODUCER_ID) continue
      if (context.origin === 'client') {
        const duplicate = this.lastEntry(batch.producerId)?.findDuplicate(batch) ?? null
        if (duplicate !== null) return { appends: [], completed: [], duplicate }
      }
      const append = this.appendFor(appends, batch.producerId, context)
      if (isControlBatch(batch.attributes)) {
        const marker = readTransactionMarker(records, start)
        const ended = marker === null ? null : append.appendMarker(batch, marker)
        if (ended !== null) completed.push(ended)
      } else append.appendData(batch)
    }
    return { appends: Array.from(appends.values()), completed, duplicate: null }
  }

  private appendFor(appends: Map<bigint, ProducerAppend>, producerId: bigint, context: AppendContext): ProducerAppend {
    const known = appends.get(producerId)
    if (known !== undefined) return known
    const append = new ProducerAppend(producerId, this.lastEntry(producerId), context)
    appends.set(producerId, append)
    return append
  }

  /** Takes over what `prepare` checked; call `completeTransaction` for each completed one afterwards. */
  commit({ appends }: PreparedProducers): void {
    for (const append of appends) {
      this.producers.set(append.entry.producerId, append.entry)
      for (const firstOffset of append.startedTransactions) {
        insert(this.ongoing, { producerId: append.entry.producerId, firstOffset, lastOffset: null })
      }
    }
  }

  /** The last stable offset once `ended` is complete: what its transaction index entry says. */
  lastStableOffsetAfter(ended: CompletedTransaction): number {
    const next = this.ongoing.find((open) => open.producerId !== ended.producerId)
    return next?.firstOffset ?? ended.lastOffset + 1
  }

  completeTransaction(ended: CompletedTransaction): void {
    const at = this.ongoing.findIndex((open) => open.firstOffset === ended.firstOffset)
    if (at < 0) return
    const [open] = this.ongoing.splice(at, 1)
    open!.lastOffset = ended.lastOffset
    insert(this.unreplicated, open!)
  }

  onHighWatermark(highWatermark: number): void {
    if (this.unreplicated.length > 0) this.dropReplicated(highWatermark)
  }

  private dropReplicated(below: number): void {
    const kept = this.unreplicated.filter(({ lastOffset }) => lastOffset === null || lastOffset >= below)
    this.unreplicated.splice(0, this.unreplicated.length, ...kept)
  }

  onLogStartOffset(logStartOffset: number): void {
    this.dropReplicated(logStartOffset)
    this.mapEnd = Math.max(this.mapEnd, logStartOffset)
    this.lastSnapshot = this.latestSnapshotOffset ?? logStartOffset
  }

  removeExpired(nowMs: number, expirationMs: number = this.expirationMs): void {
    for (const [producerId, entry] of this.producers) {
      if (isExpired(entry, nowMs, expirationMs)) this.producers.delete(producerId)
    }
  }

  /** Starts over from the latest snapshot that lies in the log, unless the state is at `logEndOffset` already. */
  truncateAndReload(logStartOffset: number, logEndOffset: number, nowMs: number): void {
    for (const offset of this.snapshots.slice()) {
      if (offset > logEndOffset || offset <= logStartOffset) this.removeSnapshot(offset)
    }
    if (logEndOffset === this.mapEnd) {
      this.onLogStartOffset(logStartOffset)
      return
    }
    this.clear()
    this.loadLatestSnapshot(logStartOffset, nowMs)
  }

  private loadLatestSnapshot(logStartOffset: number, nowMs: number): void {
    for (let offset = this.latestSnapshotOffset; offset !== null; offset = this.latestSnapshotOffset) {
      if (this.loadSnapshot(offset, nowMs)) {
        this.lastSnapshot = offset
        this.mapEnd = offset
        return
      }
      this.removeSnapshot(offset)
    }
    this.lastSnapshot = logStartOffset
    this.mapEnd = logStartOffset
  }

  private loadSnapshot(offset: number, nowMs: number): boolean {
    const path = this.snapshotPath(offset)
    try {
      for (const entry of parseProducerSnapshot(this.files.readFile(path))) {
        if (!isExpired(entry, nowMs, this.expirationMs)) this.restore(entry)
      }
      return true
    } catch (error) {
      if (!(error instanceof CorruptFileError)) throw error
      this.logger.warn(`Failed to load producer snapshot from '${path}': ${error.message}`)
      return false
    }
  }

  private restore(entry: ProducerEntry): void {
    this.producers.set(entry.producerId, entry)
    const { producerId, transactionFirstOffset: firstOffset } = entry
    if (firstOffset !== null) insert(this.ongoing, { producerId, firstOffset, lastOffset: null })
  }

  /** Writes a snapshot when the state moved since the last one; returns its path. */
  takeSnapshot(sync: boolean): string | null {
    if (this.mapEnd <= this.lastSnapshot) return null
    const path = this.snapshotPath(this.mapEnd)
    replaceFile(this.files, path, serializeProducerSnapshot(this.producers.values()))
    if (sync) syncFile(this.files, path)
    this.snapshots = [...this.snapshots.filter((offset) => offset < this.mapEnd), this.mapEnd]
    this.lastSnapshot = this.mapEnd
    return path
  }

  /** Forgets everything, files too. */
  truncateFullyAndStartAt(offset: number): void {
    this.clear()
    for (const snapshot of this.snapshots.slice()) this.removeSnapshot(snapshot)
    this.lastSnapshot = 0
    this.mapEnd = offset
  }

  /** Removes snapshots that belong to no segment, except the newest of all if it lies past the last segment's base. */
  removeStraySnapshots(segmentBaseOffsets: readonly number[]): void {
    this.snapshots = this.listSnapshots()
    const bases = new Set(segmentBaseOffsets)
    const last = segmentBaseOffsets.at(-1)
    const strays = this.snapshots.filter((offset) => !bases.has(offset))
    for (const offset of strays) {
      const newest = offset === strays.at(-1)
      if (!newest || (last !== undefined && offset < last)) this.removeSnapshot(offset)
    }
  }

  /** Renames the snapshot of a deleted segment; returns its new path, null when there is none. */
  markSnapshotDeleted(offset: number, suffix: string): string | null {
    if (!this.snapshots.includes(offset)) return null
    const path = this.snapshotPath(offset)
    this.snapshots = this.snapshots.filter((known) => known !== offset)
    if (!this.files.exists(path)) return null
    this.files.rename(path, path + suffix)
    return path + suffix
  }

  moveTo(directory: string): void {
    this.directory = directory
  }

  private clear(): void {
    this.producers.clear()
    this.ongoing.length = 0
    this.unreplicated.length = 0
  }

  private removeSnapshot(offset: number): void {
    this.snapshots = this.snapshots.filter((known) => known !== offset)
    const path = this.snapshotPath(offset)
    if (this.files.exists(path)) this.files.remove(path)
  }

  private snapshotPath(offset: number): string {
    return segmentPath(this.directory, offset, SNAPSHOT_SUFFIX)
  }

  private listSnapshots(): number[] {
    if (!this.files.exists(this.directory)) return []
    const names = this.files.list(this.directory).filter((name) => name.endsWith(SNAPSHOT_SUFFIX))
    const offsets = names.map(offsetOf).filter((offset) => offset !== null)
    return offsets.filter((offset) => this.files.exists(join(this.snapshotPath(offset)))).sort((a, b) => a - b)
  }
}

/** Keeps `list` ascending by first offset; new transactions nearly always come last. */
function insert(list: OpenTransaction[], transaction: OpenTransaction): void {
  let at = list.length
  while (at > 0 && list[at - 1]!.firstOffset > transaction.firstOffset) at--
  list.splice(at, 0, transaction)
}

/** Producers with an open transaction never expire: its marker is still to come. */
function isExpired(entry: ProducerEntry, nowMs: number, expirationMs: number): boolean {
  return entry.transactionFirstOffset === null && nowMs - entry.lastTimestamp >= expirationMs
}
