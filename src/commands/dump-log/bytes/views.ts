/** What every view of a file's bytes is given. */
import { KtError } from '../../../base/errors.ts'
import type { FileSystem } from '../../../base/file-system.ts'

/** How much is shown. */
export interface ByteLimits {
  /** Batches, or entries of an index; Infinity for all. */
  readonly maxUnits: number
  /** Records of each batch; Infinity for all. */
  readonly maxRecords: number
  /** Bytes of one field that are shown; its size is told all the same. */
  readonly maxFieldBytes: number
  /** Position of the first unit, or a position inside of it. */
  readonly fromPosition: number
  /** First offset that is asked for, null for any. */
  readonly offset: number | null
}

/** An open file and what is wanted of it. */
export class FileView {
  readonly files: FileSystem
  readonly file: string
  readonly limits: ByteLimits
  readonly sizeInBytes: number
  readonly #fd: number

  /** Throws a `not-found` KtError. */
  constructor(files: FileSystem, file: string, limits: ByteLimits) {
    this.files = files
    this.file = file
    this.limits = limits
    try {
      this.#fd = files.open(file, 'r')
    } catch (error) {
      throw new KtError('not-found', `Cannot read ${file}`, { facts: [(error as Error).message], cause: error })
    }
    this.sizeInBytes = files.size(this.#fd)
  }

  /** Bytes from `position` on: as many as are wanted, or as there are. */
  read(position: number, length: number): Buffer {
    const bytes = Buffer.alloc(Math.max(0, Math.min(length, this.sizeInBytes - position)))
    let filled = 0
    while (filled < bytes.length) {
      const read = this.files.read(this.#fd, bytes, filled, bytes.length - filled, position + filled)
      if (read === 0) break
      filled += read
    }
    return bytes.subarray(0, filled)
  }

  close(): void {
    this.files.close(this.#fd)
  }
}
