/** Batches of a file in order, read in large pieces: a segment of any size takes little memory. */
import { KtError } from '../../base/errors.ts'
import type { FileSystem } from '../../base/file-system.ts'
import {
  BATCH_HEADER_BYTES,
  LOG_OVERHEAD_BYTES,
  MAGIC_V2,
  type RecordBatchHeader,
  readBatchHeader,
} from '../../protocol/records/record-batch.ts'

/** A batch in a piece of the file: `buffer[at, at + header.sizeInBytes)`, valid until the next one is asked for. */
export interface FileBatch {
  readonly buffer: Buffer
  readonly at: number
  readonly header: RecordBatchHeader
  /** Where it stands in the file. */
  readonly position: number
}

const PIECE_BYTES = 1024 * 1024
/** Offset, size, leader epoch and magic: as much as Kafka wants to see before it looks at a batch. */
const HEADER_UP_TO_MAGIC_BYTES = 17
/** No batch of any format is smaller. */
const LEAST_BATCH_BYTES = 14

/** An open log, snapshot or checkpoint file. */
export class BatchFile {
  readonly path: string
  readonly sizeInBytes: number
  readonly #files: FileSystem
  readonly #fd: number
  #piece = Buffer.alloc(0)
  #pieceStart = 0

  /** Looks at `maxBytes` of the file at most. Throws a `not-found` KtError. */
  constructor(files: FileSystem, path: string, maxBytes = Number.MAX_SAFE_INTEGER) {
    this.#files = files
    this.path = path
    this.#fd = openFile(files, path)
    this.sizeInBytes = Math.min(files.size(this.#fd), maxBytes)
  }

  close(): void {
    this.#files.close(this.#fd)
  }

  /**
   * Whole batches from `position` on; stops silently where what is left is not a whole one. Throws a `storage` KtError
   * for a size that no batch can have.
   */
  *batches(position = 0): Generator<FileBatch> {
    let next = position
    while (next < this.sizeInBytes - HEADER_UP_TO_MAGIC_BYTES) {
      const size = this.#bytes(next, LOG_OVERHEAD_BYTES).readInt32BE(8)
      if (size < LEAST_BATCH_BYTES) throw this.#corrupt(size)
      const whole = size + LOG_OVERHEAD_BYTES
      if (next > this.sizeInBytes - whole) return
      const bytes = this.#bytes(next, whole)
      const magic = bytes.readInt8(16)
      if (magic !== MAGIC_V2 || whole < BATCH_HEADER_BYTES) throw this.#oldFormat(magic, next)
      yield { buffer: bytes, at: 0, header: readBatchHeader(bytes), position: next }
      next += whole
    }
  }

  /** A view of `length` bytes at `position`, read ahead. */
  #bytes(position: number, length: number): Buffer {
    const offset = position - this.#pieceStart
    if (offset < 0 || offset + length > this.#piece.length) this.#readPiece(position, length)
    const at = position - this.#pieceStart
    return this.#piece.subarray(at, at + length)
  }

  #readPiece(position: number, length: number): void {
    const wanted = Math.min(Math.max(length, PIECE_BYTES), this.sizeInBytes - position)
    const piece = Buffer.allocUnsafe(wanted)
    let filled = 0
    while (filled < wanted) {
      const read = this.#files.read(this.#fd, piece, filled, wanted - filled, position + filled)
      if (read === 0) throw new KtError('storage', `${this.path} became shorter while it was read`)
      filled += read
    }
    this.#piece = piece
    this.#pieceStart = position
  }

  #corrupt(size: number): KtError {
    const text = `Found record size ${size} smaller than minimum record overhead (${LEAST_BATCH_BYTES}) in file ${this.path}.`
    return new KtError('storage', text)
  }

  #oldFormat(magic: number, position: number): KtError {
    return new KtError('storage', `The batch at position ${position} of ${this.path} has format v${magic}`, {
      facts: ['kt reads format v2, which Kafka writes since 0.11'],
    })
  }
}

function openFile(files: FileSystem, path: string): number {
  try {
    return files.open(path, 'r')
  } catch (error) {
    throw new KtError('not-found', `Cannot read ${path}`, { facts: [(error as Error).message], cause: error })
  }
}
