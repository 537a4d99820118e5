/** Where two logs agree: by the epoch of the last record and the end of each epoch (KIP-595, KIP-630). */
import type { RaftLog, SnapshotId } from './types.ts'

/** What the leader needs to know of its own log and snapshots. */
export interface LogView {
  readonly log: Pick<RaftLog, 'logStartOffset' | 'logEndOffset' | 'latestEpoch' | 'endOffsetForEpoch'>
  readonly earliestSnapshot: SnapshotId | null
  readonly latestSnapshot: SnapshotId | null
}

export type FetchPosition =
  /** The leader's log holds the very records that the fetch follows. */
  | { readonly type: 'valid' }
  /** They part here: the end in the leader's log of the largest epoch up to the one asked for. */
  | { readonly type: 'diverging'; readonly epoch: number; readonly endOffset: number }
  /** The leader's log begins later: load this first. */
  | { readonly type: 'snapshot'; readonly id: SnapshotId }

/** Epoch of the last record, be it in the log or behind a snapshot; 0 for none. */
export function lastEpoch({ log, latestSnapshot }: LogView): number {
  return log.latestEpoch ?? latestSnapshot?.epoch ?? 0
}

function endOfEpoch(view: LogView, epoch: number): { epoch: number; endOffset: number } {
  const { log, earliestSnapshot } = view
  const found = log.endOffsetForEpoch(epoch)
  if (found.endOffset < 0) return { epoch: lastEpoch(view), endOffset: log.logEndOffset }
  const { leaderEpoch, endOffset } = found
  // The log begins behind this snapshot, whose last record may be of an older epoch than the one asked for.
  if (leaderEpoch === epoch && endOffset === earliestSnapshot?.endOffset) {
    return { epoch: earliestSnapshot.epoch, endOffset }
  }
  return { epoch: leaderEpoch, endOffset }
}

/** Judges a fetch from `offset` by a replica whose last record has `epoch`. */
export function fetchPosition(view: LogView, offset: number, epoch: number): FetchPosition {
  const { log, earliestSnapshot, latestSnapshot } = view
  // Who has nothing is served faster by a snapshot; the bootstrap snapshot is not replicated.
  if (offset === 0 && latestSnapshot !== null && latestSnapshot.endOffset > 0) {
    return { type: 'snapshot', id: latestSnapshot }
  }
  if (log.logStartOffset === 0 && offset === 0) return { type: 'valid' }
  if (earliestSnapshot !== null && latestSnapshot !== null) {
    const { logStartOffset } = log
    const atStart = offset === logStartOffset && epoch !== earliestSnapshot.epoch
    if (offset < logStartOffset || atStart || epoch < earliestSnapshot.epoch) {
      return { type: 'snapshot', id: latestSnapshot }
    }
  }
  const end = endOfEpoch(view, epoch)
  return end.epoch !== epoch || end.endOffset < offset ? { type: 'diverging', ...end } : { type: 'valid' }
}

/** Where a follower cuts its log when the leader says that `epoch` ends at `endOffset`. */
export function truncationOffset(view: LogView, epoch: number, endOffset: number): number {
  const { log } = view
  if (epoch === 0) return Math.min(endOffset, log.logEndOffset)
  const local = endOfEpoch(view, epoch)
  return local.epoch === epoch ? Math.min(local.endOffset, endOffset) : local.endOffset
}
