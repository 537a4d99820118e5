/**
 * Drives the quorum's algorithm (`step.ts`) with a real log, files and timers. Owner of the raft state, of the queue of
 * appends that wait for their commit, and of the position up to which listeners were served.
 *
 * A batch counts as replicated here once it has been flushed: nothing is acknowledged that a power failure could take
 * back. Appends made in one turn of the event loop share one flush.
 */
import type { Clock, Timer } from '../base/clock.ts'
import type { FileSystem } from '../base/file-system.ts'
import type { Logger } from '../base/logger.ts'
import { type Random, systemRandom } from '../base/random.ts'
import type { Uuid } from '../base/uuid.ts'
import { KafkaError } from '../protocol/error-codes.ts'
import { isControlBatch } from '../protocol/records/record-batch.ts'
import { batchHeaders, readBatch } from './batch-reader.ts'
import {
  type ControlRecord,
  type ControlRecordInput,
  controlBatch,
  dataBatch,
  kraftVersionRecord,
  leaderChangeRecord,
  votersControlRecord,
} from './control-batches.ts'
import { readQuorumState, writeQuorumState } from './quorum-state-file.ts'
import { expiredSnapshots, type MetadataRetention, type StoredSnapshot } from './retention.ts'
import { listSnapshots, readSnapshot, removePartialSnapshots, snapshotName } from './snapshot-files.ts'
import { initialState, type RaftEffect, type RaftInput, type RaftState, step } from './step.ts'
import type { CommittedBatch, LeaderAndEpoch, RaftListener, RaftLog, SnapshotId } from './types.ts'
import type { VoterSet } from './voters.ts'

/** Largest batch of the metadata log; Kafka's internal.metadata.max.batch.size.in.bytes. */
export const MAX_BATCH_BYTES = 8 * 1024 * 1024
/** Bytes read from the log at once while it is loaded. */
const READ_BYTES = 1024 * 1024
/** Longest time a record that nobody waits for stays unflushed: idle no-ops must not keep the disk busy. */
const LAZY_FLUSH_MS = 5_000
/** Appends that may wait for their commit; the controller's own queue is shorter, so this never bites in practice. */
const MAX_PENDING_APPENDS = 10_000

export interface RaftOptions {
  readonly localId: number
  readonly localDirectoryId: Uuid
  /** Voters of a static quorum, or what to start from where neither snapshot nor log names any. */
  readonly voters: VoterSet
  /** `__cluster_metadata-0`, recovered; snapshots and quorum-state live in its directory. */
  readonly log: RaftLog
  readonly files: FileSystem
  readonly clock: Clock
  readonly logger: Logger
  readonly random?: Random
  /** controller.quorum.election.timeout.ms */
  readonly electionTimeoutMs?: number
  /** The log cannot be written any more, or a listener failed: the node must stop. */
  readonly onFatal: (error: unknown) => void
}

export interface Appended {
  readonly firstOffset: number
  readonly lastOffset: number
  /** Resolves once committed; rejects with NOT_CONTROLLER or KAFKA_STORAGE_ERROR, or when the node closes. */
  readonly committed: Promise<void>
}

interface PendingAppend {
  readonly lastOffset: number
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

export class RaftNode {
  private readonly options: RaftOptions
  private readonly listeners: RaftListener[] = []
  private state: RaftState
  private kraftVersionLevel = 0
  /** Voters came from a bootstrap snapshot and still have to be written to the log. */
  private votersAreInLog = false
  private readonly latestSnapshot: SnapshotId | null
  /** Offset of the next record for the listeners. */
  private nextDelivery: number
  /** Our own batches that listeners have not seen, so that they need not be read back. */
  private readonly undelivered: CommittedBatch[] = []
  private readonly pending: PendingAppend[] = []
  private announced: LeaderAndEpoch | null = null
  private toAnnounce: LeaderAndEpoch | null = null
  private flushTimer: Timer | null = null
  private flushIsUrgent = false
  private electionTimer: Timer | null = null
  private closed = false

  /** Reads quorum state, snapshot and log; nothing is written or sent before `start`. */
  constructor(options: RaftOptions) {
    this.options = options
    const { files, log } = options
    removePartialSnapshots(files, log.directory)
    this.latestSnapshot = listSnapshots(files, log.directory).at(-1) ?? null
    const snapshotEnd = this.latestSnapshot?.endOffset ?? 0
    if (log.logEndOffset < snapshotEnd) log.truncateFullyAndStartAt(snapshotEnd)
    this.nextDelivery = snapshotEnd
    this.state = initialState({
      localId: options.localId,
      localDirectoryId: options.localDirectoryId,
      voters: options.voters,
      stored: readQuorumState(files, log.directory),
      logEpoch: Math.max(log.latestEpoch ?? 0, this.latestSnapshot?.epoch ?? 0),
      logEndOffset: log.logEndOffset,
    })
    this.loadVoters()
  }

  get localId(): number {
    return this.state.localId
  }
  get epoch(): number {
    return this.state.epoch
  }
  get leaderId(): number | null {
    return this.state.leaderId
  }
  get isLeader(): boolean {
    return this.state.role.kind === 'leader'
  }
  /** -1 while it is not known. */
  get highWatermark(): number {
    return this.state.highWatermark
  }
  /** Offset the next record will get. */
  get logEndOffset(): number {
    return this.state.logEndOffset
  }
  get voters(): VoterSet {
    return this.state.voters
  }
  /** Finalized kraft.version. */
  get kraftVersion(): number {
    return this.kraftVersionLevel
  }

  /** Serves `listeners` from the newest snapshot on, in this order, and takes part in elections. */
  start(...listeners: readonly RaftListener[]): void {
    this.listeners.push(...listeners)
    if (this.latestSnapshot !== null && this.latestSnapshot.endOffset > 0) {
      const { files, log } = this.options
      const id = this.latestSnapshot
      this.tell((listener) => listener.onSnapshot(id, readSnapshot(files, log.directory, id)))
    }
    this.input({ type: 'start' })
  }

  /**
   * Appends one batch and returns at once. Without `urgent` it is flushed with the next batch that is, or some seconds
   * later. Throws `KafkaError`: NOT_CONTROLLER when we do not lead, KAFKA_STORAGE_ERROR when the disk refuses,
   * RECORD_LIST_TOO_LARGE beyond `MAX_BATCH_BYTES`.
   */
  append(values: readonly Buffer[], options: { urgent?: boolean } = {}): Appended {
    if (this.closed || !this.isLeader) throw new KafkaError('NOT_CONTROLLER')
    if (this.pending.length >= MAX_PENDING_APPENDS) throw new KafkaError('REQUEST_TIMED_OUT')
    const timestampMs = this.options.clock.now()
    const batch = dataBatch(values, { baseOffset: 0, epoch: this.state.epoch, timestampMs })
    if (batch.length > MAX_BATCH_BYTES) throw new KafkaError('RECORD_LIST_TOO_LARGE')
    const { firstOffset, lastOffset } = this.appendBatch(batch, { values, control: [] }, timestampMs)
    const committed = new Promise<void>((resolve, reject) => {
      this.pending.push({ lastOffset, resolve, reject })
    })
    this.scheduleFlush(options.urgent ?? true)
    return { firstOffset, lastOffset, committed }
  }

  /**
   * Deletes snapshots beyond the retention limits and the segments only they needed. Called after a snapshot was written.
   */
  clean(retention: MetadataRetention): void {
    const { files, log, clock } = this.options
    const stored = listSnapshots(files, log.directory).map((id) => this.storedSnapshot(id))
    for (const id of expiredSnapshots(stored, log.size, clock.now(), retention)) {
      files.remove(`${log.directory}/${snapshotName(id)}`)
    }
    const oldest = listSnapshots(files, log.directory)[0]
    if (oldest !== undefined && oldest.endOffset > log.logStartOffset) log.deleteRecordsBefore(oldest.endOffset)
  }

  private storedSnapshot(id: SnapshotId): StoredSnapshot {
    const { files, log } = this.options
    const { size, mtimeMs } = files.stat(`${log.directory}/${snapshotName(id)}`)
    return { id, sizeInBytes: size, writtenMs: mtimeMs }
  }

  /** Gives up leadership and flushes; waiting appends fail, though their records may prove committed after a restart. */
  close(): void {
    if (this.closed) return
    if (!this.options.log.failed) this.flush()
    this.closed = true
    this.flushTimer?.cancel()
    this.input({ type: 'resign' })
    this.failPending(new KafkaError('NOT_CONTROLLER'))
  }

  private appendBatch(
    batch: Buffer,
    content: Pick<CommittedBatch, 'values' | 'control'>,
    appendTimestamp: number,
  ): { firstOffset: number; lastOffset: number } {
    const { log } = this.options
    const { epoch } = this.state
    const { firstOffset, lastOffset } = log.appendAsLeader(batch, { leaderEpoch: epoch, origin: 'raft-leader' })
    this.undelivered.push({
      baseOffset: firstOffset,
      lastOffset,
      epoch,
      appendTimestamp,
      sizeInBytes: batch.length,
      ...content,
    })
    this.input({ type: 'appended', endOffset: lastOffset + 1 })
    return { firstOffset, lastOffset }
  }

  private scheduleFlush(urgent: boolean): void {
    if (this.flushTimer !== null && (this.flushIsUrgent || !urgent)) return
    this.flushTimer?.cancel()
    this.flushIsUrgent = urgent
    const run = (): void => {
      this.flushTimer = null
      this.flush()
    }
    this.flushTimer = this.options.clock.setTimer(urgent ? 0 : LAZY_FLUSH_MS, run, { background: !urgent })
  }

  /** One fsync for everything appended so far, then the commits it makes possible. */
  private flush(): void {
    if (this.closed) return
    const endOffset = this.state.logEndOffset
    try {
      this.options.log.flush()
    } catch (error) {
      this.failPending(new KafkaError('KAFKA_STORAGE_ERROR'))
      this.fatal(error)
      return
    }
    this.input({ type: 'flushed', endOffset })
  }

  private input(input: RaftInput): void {
    const result = step(this.state, input)
    this.state = result.state
    for (const effect of result.effects) this.perform(effect)
  }

  private perform(effect: RaftEffect): void {
    switch (effect.type) {
      case 'write-quorum-state':
        writeQuorumState(this.options.files, this.options.log.directory, effect.state)
        break
      case 'append-leader-change':
        this.appendLeaderChange(effect.granting)
        break
      case 'advance-high-watermark':
        this.advance(effect.offset)
        break
      case 'leader-changed':
        this.toAnnounce = { leaderId: effect.leaderId, epoch: effect.epoch }
        this.announceLeader()
        break
      case 'set-election-timer':
        this.setElectionTimer()
        break
      case 'cancel-election-timer':
        this.electionTimer?.cancel()
        this.electionTimer = null
        break
      case 'request-votes':
        this.options.logger.warn(`votes of ${effect.from.join(', ')} are needed, but this node cannot ask for them yet`)
    }
  }

  /** The first batch of an epoch; with the first one of all, the voters move from the bootstrap snapshot to the log. */
  private appendLeaderChange(granting: readonly number[]): void {
    const { voters, localId } = this.state
    const records: ControlRecordInput[] = [leaderChangeRecord(localId, voters, granting)]
    const control: ControlRecord[] = [{ type: 'leader-change', leaderId: localId }]
    if (this.kraftVersionLevel > 0 && !this.votersAreInLog) {
      records.push(kraftVersionRecord(this.kraftVersionLevel), votersControlRecord(voters))
      control.push({ type: 'kraft-version', kraftVersion: this.kraftVersionLevel }, { type: 'voters', voters })
      this.votersAreInLog = true
    }
    const timestampMs = this.options.clock.now()
    const batch = controlBatch(records, { baseOffset: 0, epoch: this.state.epoch, timestampMs })
    this.appendBatch(batch, { values: [], control }, timestampMs)
    this.flush()
  }

  private setElectionTimer(): void {
    const timeoutMs = this.options.electionTimeoutMs ?? 1_000
    const delayMs = timeoutMs * (1 + (this.options.random ?? systemRandom).next())
    this.electionTimer?.cancel()
    this.electionTimer = this.options.clock.setTimer(delayMs, () => this.input({ type: 'election-timeout' }))
  }

  private advance(highWatermark: number): void {
    this.options.log.updateHighWatermark(highWatermark)
    this.deliver(highWatermark)
    while (this.pending.length > 0 && this.pending[0]!.lastOffset < highWatermark) this.pending.shift()!.resolve()
    this.announceLeader()
  }

  /** Hands everything below `end` to the listeners: first what only the log has, then our own batches. */
  private deliver(end: number): void {
    const firstOwn = this.undelivered[0]?.baseOffset ?? end
    while (this.nextDelivery < Math.min(firstOwn, end)) this.deliverFromLog(Math.min(firstOwn, end))
    let count = 0
    while (count < this.undelivered.length && this.undelivered[count]!.lastOffset < end) count++
    if (count > 0) this.deliverBatches(this.undelivered.splice(0, count))
  }

  private deliverFromLog(end: number): void {
    const data = this.options.log.read(this.nextDelivery, READ_BYTES, 'log-end', true)
    try {
      const batches: CommittedBatch[] = []
      for (const { at, header } of batchHeaders(data.records)) {
        if (header.lastOffset >= end) break
        if (header.baseOffset >= this.nextDelivery) batches.push(readBatch(data.records, at, header))
      }
      if (batches.length === 0)
        throw new Error(`metadata log has nothing at ${this.nextDelivery}, expected up to ${end}`)
      this.deliverBatches(batches)
    } finally {
      data.release()
    }
  }

  private deliverBatches(batches: readonly CommittedBatch[]): void {
    this.nextDelivery = batches.at(-1)!.lastOffset + 1
    this.tell((listener) => listener.onCommit(batches))
  }

  /** A leader is announced when listeners have seen everything before its epoch; losing one, at once. */
  private announceLeader(): void {
    const next = this.toAnnounce
    if (next === null) return
    const { role } = this.state
    if (role.kind === 'leader' && this.nextDelivery <= role.epochStartOffset) return
    this.toAnnounce = null
    if (this.announced?.epoch === next.epoch && this.announced.leaderId === next.leaderId) return
    this.announced = next
    this.tell((listener) => listener.onLeaderChange(next))
  }

  private tell(call: (listener: RaftListener) => void): void {
    for (const listener of this.listeners) {
      try {
        call(listener)
      } catch (error) {
        this.fatal(error)
      }
    }
  }

  private failPending(error: KafkaError): void {
    for (const append of this.pending.splice(0)) append.reject(error)
  }

  private fatal(error: unknown): void {
    this.options.logger.error('the metadata log of this node has failed', error)
    this.options.onFatal(error)
  }

  /** Newest voters and kraft.version: from the snapshot, then from control batches after it, committed or not. */
  private loadVoters(): void {
    const { files, log } = this.options
    if (this.latestSnapshot !== null) {
      for (const batch of readSnapshot(files, log.directory, this.latestSnapshot)) this.applyControl(batch.control)
      this.votersAreInLog = this.latestSnapshot.endOffset > 0
    }
    for (let offset = Math.max(this.nextDelivery, log.logStartOffset); offset < log.logEndOffset; ) {
      const data = log.read(offset, READ_BYTES, 'log-end', true)
      const before = offset
      try {
        for (const { at, header } of batchHeaders(data.records)) {
          offset = header.lastOffset + 1
          if (isControlBatch(header.attributes)) this.applyControl(readBatch(data.records, at, header).control, true)
        }
      } finally {
        data.release()
      }
      if (offset === before) throw new Error(`metadata log cannot be read at ${offset}`)
    }
  }

  private applyControl(records: readonly ControlRecord[], fromLog = false): void {
    for (const record of records) {
      if (record.type === 'kraft-version') this.kraftVersionLevel = record.kraftVersion
      if (record.type !== 'voters') continue
      this.state = { ...this.state, voters: record.voters }
      if (fromLog) this.votersAreInLog = true
    }
  }
}
