/**
 * This node's copy of the metadata log with its snapshots, the voters it names, and the listeners that read it. Owner of
 * all writes to it.
 */
import type { FileSystem } from '../base/file-system.ts'
import type { Logger } from '../base/logger.ts'
import { KafkaError } from '../protocol/error-codes.ts'
import { isControlBatch } from '../protocol/records/record-batch.ts'
import { batchHeaders, readBatch } from './batch-reader.ts'
import { Delivery } from './delivery.ts'
import { type LogView, lastEpoch, truncationOffset } from './log-positions.ts'
import { QuorumHistory } from './quorum-history.ts'
import type { MetadataRetention } from './retention.ts'
import { removePartialSnapshots } from './snapshot-files.ts'
import { SnapshotStore } from './snapshot-store.ts'
import type { RaftInput } from './state.ts'
import type { CommittedBatch, RaftListener, RaftLog } from './types.ts'
import type { VoterSet } from './voters.ts'

/** Bytes read from the log at once while it is loaded. */
const READ_BYTES = 1024 * 1024

export interface LocalLogOptions {
  readonly log: RaftLog
  readonly files: FileSystem
  readonly logger: Logger
  readonly voters: VoterSet
  /** A listener failed. */
  readonly onFailure: (error: unknown) => void
}

export class LocalLog {
  readonly log: RaftLog
  readonly snapshots: SnapshotStore
  readonly history: QuorumHistory
  readonly delivery: Delivery
  private readonly logger: Logger
  /** The log as others are compared with it. */
  readonly view: LogView

  /** Reads snapshot and log; nothing is written but what a crash left half done. */
  constructor({ log, files, logger, voters, onFailure }: LocalLogOptions) {
    this.log = log
    this.logger = logger
    removePartialSnapshots(files, log.directory)
    const snapshots = new SnapshotStore(files, log.directory)
    this.snapshots = snapshots
    this.history = new QuorumHistory(voters)
    this.delivery = new Delivery(log, onFailure)
    this.view = {
      log,
      get earliestSnapshot() {
        return snapshots.earliest
      },
      get latestSnapshot() {
        return snapshots.latest
      },
    }
    if (this.isBehindSnapshot()) this.startBehindSnapshot()
    this.load()
  }

  get lastEpoch(): number {
    return lastEpoch(this.view)
  }

  /** What the algorithm is told after the log has changed. */
  get change(): Extract<RaftInput, { type: 'log-changed' }> {
    const { log, history } = this
    return { type: 'log-changed', endOffset: log.logEndOffset, lastEpoch: this.lastEpoch, quorum: history.current }
  }

  /** Gives the listeners the newest snapshot; the log follows as far as it is committed. */
  start(listeners: readonly RaftListener[]): void {
    this.delivery.add(listeners)
    const { latest } = this.snapshots
    if (latest === null || latest.endOffset === 0) return
    // A snapshot stands for nothing but what was committed.
    this.log.updateHighWatermark(latest.endOffset)
    this.delivery.snapshot(latest, () => this.snapshots.read(latest))
  }

  /** Appends one batch of our own; `content` is what listeners will see of it. */
  append(
    batch: Buffer,
    content: Pick<CommittedBatch, 'values' | 'control'>,
    at: { readonly epoch: number; readonly timestampMs: number },
  ): { firstOffset: number; lastOffset: number } {
    const { epoch, timestampMs: appendTimestamp } = at
    const { firstOffset, lastOffset } = this.log.appendAsLeader(batch, { leaderEpoch: epoch, origin: 'raft-leader' })
    const position = { baseOffset: firstOffset, lastOffset, epoch, appendTimestamp, sizeInBytes: batch.length }
    this.delivery.appended({ ...position, ...content })
    if (content.control.length > 0) this.history.append(content.control, firstOffset)
    return { firstOffset, lastOffset }
  }

  /** Appends what a leader sent. False when it is not what a leader sends; throws KAFKA_STORAGE_ERROR. */
  appendFetched(records: Buffer, epoch: number): boolean {
    const start = this.log.logEndOffset
    try {
      this.log.appendAsFollower(records, epoch)
    } catch (error) {
      if (!(error instanceof KafkaError) || error.errorName === 'KAFKA_STORAGE_ERROR') throw error
      this.logger.warn(`the leader of epoch ${epoch} sent records that cannot follow offset ${start}`, error)
      return false
    }
    const end = this.log.logEndOffset
    for (const { at, header } of batchHeaders(records)) {
      if (header.lastOffset >= end) break
      this.noteControl(records, at, header)
    }
    return end > start
  }

  /** Cuts the log where the leader's parts from it; returns the new end. */
  truncationOffset(epoch: number, endOffset: number): number {
    return truncationOffset(this.view, epoch, endOffset)
  }

  truncateTo(offset: number): void {
    this.log.truncateTo(offset)
    this.history.truncateTo(offset)
  }

  /** A snapshot came from the leader: the log goes on behind it, and listeners begin with it. */
  restartAtSnapshot(): void {
    this.snapshots.refresh()
    const id = this.snapshots.latest!
    this.startBehindSnapshot()
    this.snapshots.removeBefore(id.endOffset)
    this.history.restart(id, this.snapshots.read(id))
    this.delivery.snapshot(id, () => this.snapshots.read(id))
  }

  /** Deletes snapshots beyond the retention limits and the segments only they needed. */
  clean(retention: MetadataRetention, nowMs: number): void {
    const { log, snapshots } = this
    snapshots.refresh()
    snapshots.expire(log.size, nowMs, retention)
    const oldest = snapshots.earliest
    if (oldest === null) return
    if (oldest.endOffset > log.logStartOffset) log.deleteRecordsBefore(oldest.endOffset, 'snapshot generated')
    this.history.forgetBefore(oldest.endOffset)
  }

  /** The newest snapshot stands for more than the log has: a crash came between the one and the other. */
  private isBehindSnapshot(): boolean {
    const { latest } = this.snapshots
    if (latest === null || latest.endOffset === 0) return false
    const logEpoch = this.log.latestEpoch ?? 0
    return latest.epoch > logEpoch || (latest.epoch === logEpoch && latest.endOffset > this.log.logEndOffset)
  }

  private startBehindSnapshot(): void {
    this.log.truncateFullyAndStartAt(this.snapshots.latest!.endOffset)
  }

  /** Newest voters and kraft.version: from the snapshot, then from control batches after it, committed or not. */
  private load(): void {
    const { latest } = this.snapshots
    if (latest !== null) this.history.restart(latest, this.snapshots.read(latest))
    for (let offset = Math.max(latest?.endOffset ?? 0, this.log.logStartOffset); offset < this.log.logEndOffset; ) {
      offset = this.loadFrom(offset)
    }
  }

  private loadFrom(offset: number): number {
    const data = this.log.read(offset, READ_BYTES, 'log-end', true)
    let next = offset
    try {
      for (const { at, header } of batchHeaders(data.records)) {
        next = header.lastOffset + 1
        this.noteControl(data.records, at, header)
      }
    } finally {
      data.release()
    }
    if (next === offset) throw new Error(`metadata log cannot be read at ${offset}`)
    return next
  }

  private noteControl(records: Buffer, at: number, header: Parameters<typeof readBatch>[2]): void {
    if (!isControlBatch(header.attributes)) return
    this.history.append(readBatch(records, at, header).control, header.baseOffset)
  }
}
