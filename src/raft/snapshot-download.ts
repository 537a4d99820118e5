/** A snapshot on its way from the leader: piece by piece into a `.part` file, under its name once whole and checked. */
import type { FileSystem } from '../base/file-system.ts'
import { checkSnapshotPart, snapshotName, WholeFile } from './snapshot-files.ts'
import type { SnapshotId } from './types.ts'

/** What a leader may claim a snapshot to be; a larger one could not be read back into memory. */
const MAX_SNAPSHOT_BYTES = 2 ** 31 - 1

export interface SnapshotPiece {
  readonly id: SnapshotId
  /** Of the whole snapshot. */
  readonly sizeInBytes: number
  readonly position: number
  readonly bytes: Buffer
}

export class SnapshotDownload {
  readonly id: SnapshotId
  private readonly files: FileSystem
  private readonly directory: string
  private readonly file: WholeFile
  private done = 0

  constructor(files: FileSystem, directory: string, id: SnapshotId) {
    this.id = id
    this.files = files
    this.directory = directory
    this.file = new WholeFile(files, directory, snapshotName(id))
  }

  /** Bytes written so far: where the next piece begins. */
  get position(): number {
    return this.done
  }

  /** Why a piece cannot be the next one; null when it can. */
  objection({ id, sizeInBytes, position, bytes }: SnapshotPiece): string | null {
    if (id.endOffset !== this.id.endOffset || id.epoch !== this.id.epoch) {
      return `a piece of ${snapshotName(id)}, expected ${snapshotName(this.id)}`
    }
    if (position !== this.done) return `a piece at ${position}, expected ${this.done}`
    if (sizeInBytes <= 0 || sizeInBytes > MAX_SNAPSHOT_BYTES) return `a size of ${sizeInBytes} bytes`
    if (bytes.length === 0) return 'an empty piece'
    return position + bytes.length > sizeInBytes ? `more than its ${sizeInBytes} bytes` : null
  }

  /** Returns true when it was the last one. Throws what the file system throws. */
  append({ bytes, sizeInBytes }: SnapshotPiece): boolean {
    this.file.append(bytes)
    this.done += bytes.length
    return this.done === sizeInBytes
  }

  /** Gives it its name; throws `ProtocolError` when it is not a whole snapshot. The file is gone then. */
  finish(): void {
    try {
      checkSnapshotPart(this.files, this.directory, this.id)
    } catch (error) {
      this.abandon()
      throw error
    }
    this.file.finish()
  }

  abandon(): void {
    this.file.abandon()
  }
}
