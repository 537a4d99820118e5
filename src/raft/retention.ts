/** Which snapshots of the metadata log are no longer needed (KIP-630: metadata.max.retention.bytes and .ms). */
import type { SnapshotId } from './types.ts'

export interface StoredSnapshot {
  readonly id: SnapshotId
  readonly sizeInBytes: number
  readonly writtenMs: number
}

export interface MetadataRetention {
  /** Bytes of log and snapshots together, -1 for no limit. */
  readonly retentionBytes: number
  /** -1 for no limit. */
  readonly retentionMs: number
}

/**
 * Oldest snapshots to delete, in order; the newest always stays. The log may then begin at the end of the oldest
 * snapshot that remains.
 */
export function expiredSnapshots(
  snapshots: readonly StoredSnapshot[],
  logSizeInBytes: number,
  nowMs: number,
  { retentionBytes, retentionMs }: MetadataRetention,
): SnapshotId[] {
  const expired: SnapshotId[] = []
  let total = logSizeInBytes + snapshots.reduce((sum, snapshot) => sum + snapshot.sizeInBytes, 0)
  for (const snapshot of snapshots.slice(0, -1)) {
    const tooMuch = retentionBytes >= 0 && total > retentionBytes
    const tooOld = retentionMs >= 0 && nowMs - snapshot.writtenMs > retentionMs
    if (!tooMuch && !tooOld) break
    expired.push(snapshot.id)
    total -= snapshot.sizeInBytes
  }
  return expired
}
