/** A metadata log in memory, scratch directories, and a listener that writes down what it is told. */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach } from 'vitest'
import { nodeFileSystem } from '../../src/base/file-system.ts'
import { silentLogger } from '../../src/base/logger.ts'
import { seededRandom } from '../../src/base/random.ts'
import { KafkaError } from '../../src/protocol/error-codes.ts'
import { readBatchHeader, setBaseOffset, setPartitionLeaderEpoch } from '../../src/protocol/records/record-batch.ts'
import { batchHeaders } from '../../src/raft/batch-reader.ts'
import { RaftNode, type RaftOptions } from '../../src/raft/raft-node.ts'
import { snapshotName } from '../../src/raft/snapshot-files.ts'
import type { CommittedBatch, LeaderAndEpoch, RaftListener, RaftLog, SnapshotId } from '../../src/raft/types.ts'
import type { Voter, VoterSet } from '../../src/raft/voters.ts'
import { ManualClock } from '../support/manual-clock.ts'

const directories: string[] = []

/** A directory that is removed after the test. */
export function scratchDirectory(): string {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-raft-'))
  directories.push(directory)
  return directory
}

afterEach(() => {
  for (const directory of directories.splice(0)) fs.rmSync(directory, { recursive: true, force: true })
})

/** Batches in an array. What was not flushed is lost by `crash`. */
export class MemoryLog implements RaftLog {
  readonly directory: string
  failed = false
  flushes = 0
  failNextFlush = false
  logStartOffset = 0
  highWatermark = 0
  private batches: Buffer[] = []
  private flushedBatches = 0

  constructor(directory: string) {
    this.directory = directory
  }

  get logEndOffset(): number {
    const last = this.batches.at(-1)
    return last === undefined ? this.logStartOffset : readBatchHeader(last).lastOffset + 1
  }
  get latestEpoch(): number | null {
    const last = this.batches.at(-1)
    return last === undefined ? null : readBatchHeader(last).partitionLeaderEpoch
  }
  get size(): number {
    return this.batches.reduce((sum, batch) => sum + batch.length, 0)
  }

  appendAsLeader(records: Buffer, options: { readonly leaderEpoch: number }) {
    const batch = Buffer.from(records)
    setBaseOffset(batch, 0, this.logEndOffset)
    setPartitionLeaderEpoch(batch, 0, options.leaderEpoch)
    this.batches.push(batch)
    const { baseOffset, lastOffset } = readBatchHeader(batch)
    return { firstOffset: baseOffset, lastOffset }
  }

  appendAsFollower(records: Buffer, leaderEpoch: number) {
    let first = -1
    for (const { at, header } of batchHeaders(records)) {
      if (header.partitionLeaderEpoch > leaderEpoch) break
      if (header.baseOffset !== this.logEndOffset) throw new KafkaError('UNKNOWN_SERVER_ERROR', 'unexpected offset')
      if (first < 0) first = header.baseOffset
      this.batches.push(Buffer.from(records.subarray(at, at + header.sizeInBytes)))
    }
    return { firstOffset: first, lastOffset: this.logEndOffset - 1 }
  }

  endOffsetForEpoch(epoch: number) {
    const ends = this.batches.map((batch) => readBatchHeader(batch))
    const last = ends.at(-1)
    if (epoch < 0 || last === undefined || epoch > last.partitionLeaderEpoch) return { leaderEpoch: -1, endOffset: -1 }
    const higher = ends.findIndex(({ partitionLeaderEpoch }) => partitionLeaderEpoch > epoch)
    if (higher < 0) return { leaderEpoch: epoch, endOffset: this.logEndOffset }
    const leaderEpoch = higher === 0 ? epoch : ends[higher - 1]!.partitionLeaderEpoch
    return { leaderEpoch, endOffset: ends[higher]!.baseOffset }
  }

  truncateTo(offset: number): void {
    this.batches = this.batches.filter((batch) => readBatchHeader(batch).lastOffset < offset)
    this.flushedBatches = Math.min(this.flushedBatches, this.batches.length)
    if (this.logEndOffset < offset && this.batches.length > 0) throw new Error(`no batch ends at ${offset}`)
  }

  /** Every batch, for comparing logs. */
  get stored(): readonly Buffer[] {
    return this.batches
  }

  read(fetchOffset: number, maxBytes: number) {
    const found: Buffer[] = []
    let size = 0
    for (const batch of this.batches) {
      if (readBatchHeader(batch).lastOffset < fetchOffset) continue
      if (found.length > 0 && size + batch.length > maxBytes) break
      found.push(Buffer.from(batch))
      size += batch.length
    }
    return { records: Buffer.concat(found), release: () => undefined }
  }

  updateHighWatermark(offset: number): boolean {
    this.highWatermark = offset
    return true
  }

  flush(): void {
    if (this.failNextFlush) {
      this.failed = true
      throw new Error('the disk is gone')
    }
    this.flushes++
    this.flushedBatches = this.batches.length
  }

  deleteRecordsBefore(offset: number): number {
    const before = this.batches.length
    this.batches = this.batches.filter((batch) => readBatchHeader(batch).lastOffset >= offset)
    this.flushedBatches = Math.max(0, this.flushedBatches - (before - this.batches.length))
    this.logStartOffset = offset
    return offset
  }

  truncateFullyAndStartAt(offset: number): void {
    this.batches = []
    this.flushedBatches = 0
    this.highWatermark = offset
    this.logStartOffset = offset
  }

  /** Power failure: the log as the next start finds it. */
  crash(): MemoryLog {
    const next = new MemoryLog(this.directory)
    next.batches = this.batches.slice(0, this.flushedBatches)
    next.logStartOffset = this.logStartOffset
    return next
  }
}

/** One line for each thing it is told. */
export class Recorder implements RaftListener {
  readonly lines: string[] = []

  onSnapshot(id: SnapshotId, batches: Iterable<CommittedBatch>): void {
    const values = [...batches].flatMap((batch) => batch.values.map(String))
    this.lines.push(`snapshot ${snapshotName(id)} [${values.join(' ')}]`)
  }
  onCommit(batches: readonly CommittedBatch[]): void {
    for (const { baseOffset, lastOffset, epoch, values, control } of batches) {
      const content = [...values.map(String), ...control.map(({ type }) => `<${type}>`)].join(' ')
      this.lines.push(`commit ${baseOffset}-${lastOffset} epoch ${epoch} [${content}]`)
    }
  }
  onLeaderChange({ leaderId, epoch }: LeaderAndEpoch): void {
    this.lines.push(`leader ${leaderId ?? 'none'} epoch ${epoch}`)
  }
  /** What was told since the last call. */
  take(): string[] {
    return this.lines.splice(0)
  }
}

export const DIRECTORY_ID = 'AQAAAAAAAAAAAAAAAAAACQ'

export function voter(id: number, directoryId = DIRECTORY_ID): Voter {
  const endpoints = [{ name: 'CONTROLLER', host: 'localhost', port: 9090 + id }]
  return { id, directoryId, endpoints, kraftVersions: { min: 0, max: 1 } }
}

export function voterSet(...ids: readonly number[]): VoterSet {
  return new Map(ids.map((id) => [id, voter(id)]))
}

export interface TestRaft {
  readonly raft: RaftNode
  readonly clock: ManualClock
  readonly log: MemoryLog
  readonly listener: Recorder
  readonly fatal: unknown[]
}

/** A node of one voter, not started. */
export function makeRaft(log: MemoryLog, options: Partial<RaftOptions> = {}): TestRaft {
  const clock = new ManualClock()
  const fatal: unknown[] = []
  const raft = new RaftNode({
    localId: 1,
    localDirectoryId: DIRECTORY_ID,
    voters: voterSet(1),
    log,
    files: nodeFileSystem,
    clock,
    logger: silentLogger,
    random: seededRandom(1),
    onFatal: (error) => fatal.push(error),
    ...options,
  })
  return { raft, clock, log, listener: new Recorder(), fatal }
}

export const values = (...texts: readonly string[]): Buffer[] => texts.map((text) => Buffer.from(text))
