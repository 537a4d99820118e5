/** The snapshots of a metadata log that are on disk. Owner of their list, so that a fetch need not read the directory. */
import type { FileSystem } from '../base/file-system.ts'
import { expiredSnapshots, type MetadataRetention, type StoredSnapshot } from './retention.ts'
import { listSnapshots, readSnapshot, snapshotName } from './snapshot-files.ts'
import type { CommittedBatch, SnapshotId } from './types.ts'

export class SnapshotStore {
  private readonly files: FileSystem
  private readonly directory: string
  private ids: readonly SnapshotId[] = []

  constructor(files: FileSystem, directory: string) {
    this.files = files
    this.directory = directory
    this.refresh()
  }

  /** Reads the directory anew: a snapshot was written or came from the leader. */
  refresh(): void {
    this.ids = listSnapshots(this.files, this.directory)
  }

  get latest(): SnapshotId | null {
    return this.ids.at(-1) ?? null
  }
  get earliest(): SnapshotId | null {
    return this.ids[0] ?? null
  }

  has({ endOffset, epoch }: SnapshotId): boolean {
    return this.ids.some((id) => id.endOffset === endOffset && id.epoch === epoch)
  }

  read(id: SnapshotId): Iterable<CommittedBatch> {
    return readSnapshot(this.files, this.directory, id)
  }

  sizeOf(id: SnapshotId): number {
    return this.files.stat(this.pathOf(id)).size
  }

  /** At most `maxBytes` from `position` on; batches may be cut. */
  slice(id: SnapshotId, position: number, maxBytes: number): Buffer {
    const size = this.sizeOf(id)
    const bytes = Buffer.alloc(Math.max(0, Math.min(maxBytes, size - position)))
    const fd = this.files.open(this.pathOf(id), 'r')
    try {
      let done = 0
      while (done < bytes.length) {
        const read = this.files.read(fd, bytes, done, bytes.length - done, position + done)
        if (read === 0) break
        done += read
      }
      return bytes.subarray(0, done)
    } finally {
      this.files.close(fd)
    }
  }

  /** Deletes what `retention` does not keep; `logSize` in bytes counts with it. */
  expire(logSize: number, nowMs: number, retention: MetadataRetention): void {
    const stored = this.ids.map((id) => this.stored(id))
    this.remove(expiredSnapshots(stored, logSize, nowMs, retention))
  }

  /** Deletes all that end before `endOffset`. */
  removeBefore(endOffset: number): void {
    this.remove(this.ids.filter((id) => id.endOffset < endOffset))
  }

  private remove(ids: readonly SnapshotId[]): void {
    for (const id of ids) this.files.remove(this.pathOf(id))
    if (ids.length > 0) this.refresh()
  }

  private stored(id: SnapshotId): StoredSnapshot {
    const { size, mtimeMs } = this.files.stat(this.pathOf(id))
    return { id, sizeInBytes: size, writtenMs: mtimeMs }
  }

  private pathOf(id: SnapshotId): string {
    return `${this.directory}/${snapshotName(id)}`
  }
}
