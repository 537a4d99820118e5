/** What the metadata log gives to those who follow it. */
import type { ControlRecord } from './control-batches.ts'

/** One batch below the high watermark. */
export interface CommittedBatch {
  readonly baseOffset: number
  readonly lastOffset: number
  readonly epoch: number
  /** When the leader appended it, in ms. */
  readonly appendTimestamp: number
  readonly sizeInBytes: number
  /** Values of its records; empty for a control batch. Valid only during the call that hands the batch over. */
  readonly values: readonly Buffer[]
  /** Records of a control batch; empty for any other. */
  readonly control: readonly ControlRecord[]
}

/** A snapshot stands for every record below `endOffset`, the last of which has `epoch` (KIP-630). */
export interface SnapshotId {
  readonly endOffset: number
  readonly epoch: number
}

export interface LeaderAndEpoch {
  /** null while nobody leads. */
  readonly leaderId: number | null
  readonly epoch: number
}

/**
 * What the quorum needs of `__cluster_metadata-0`; the log floor's `Log` has all of it. Synchronous; throws `KafkaError`.
 */
export interface RaftLog {
  readonly directory: string
  readonly logStartOffset: number
  readonly logEndOffset: number
  /** Epoch of the newest record, null for none. */
  readonly latestEpoch: number | null
  /** Bytes in all segments. */
  readonly size: number
  /** True once a write failed. */
  readonly failed: boolean
  /** Assigns offsets in place and appends; nothing is stored when it throws. */
  appendAsLeader(
    records: Buffer,
    options: { readonly leaderEpoch: number; readonly origin: 'raft-leader' },
  ): { readonly firstOffset: number; readonly lastOffset: number }
  /** Whole batches from `fetchOffset` on, at least one; `release` gives the buffer back. */
  read(
    fetchOffset: number,
    maxBytes: number,
    isolation: 'log-end',
    minOneBatch: boolean,
  ): { readonly records: Buffer; release(): void }
  /** Appends what a leader already validated, offsets and epochs as they are; batches of a later epoch are left out. */
  appendAsFollower(records: Buffer, leaderEpoch: number): { readonly firstOffset: number; readonly lastOffset: number }
  /** The epoch asked for, or the largest below it, and where the next one starts; -1, -1 when unknown. */
  endOffsetForEpoch(leaderEpoch: number): { readonly leaderEpoch: number; readonly endOffset: number }
  updateHighWatermark(offset: number): boolean
  flush(): void
  /** Removes every record at or after `offset`. */
  truncateTo(offset: number): void
  /** Deletes whole segments below `offset`; the reason is for the node's log. */
  deleteRecordsBefore(offset: number, reason?: 'snapshot generated'): number
  truncateFullyAndStartAt(offset: number): void
}

/** Called in order, never concurrently; what throws here is fatal for the node. */
export interface RaftListener {
  /** Replaces everything known so far; comes first, if at all. */
  onSnapshot(id: SnapshotId, batches: Iterable<CommittedBatch>): void
  onCommit(batches: readonly CommittedBatch[]): void
  /** A new leader is told only after everything before its epoch was handed over. */
  onLeaderChange(leader: LeaderAndEpoch): void
}
