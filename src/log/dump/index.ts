/**
 * Readers of the files of a log as they lie on disk, for `kt dump-log`: they change nothing, need no lock, and report
 * what is broken instead of mending it.
 */
import { crc32c } from '../../base/crc32c.ts'
import type { FileSystem } from '../../base/file-system.ts'
import {
  AT,
  BATCH_HEADER_BYTES,
  batchSizeAt,
  LOG_OVERHEAD_BYTES,
  type RecordBatchHeader,
  readBatchHeader,
} from '../../protocol/records/record-batch.ts'
import { parseCheckpoint } from '../checkpoint-file.ts'
import { offsetOf } from '../file-names.ts'
import { OFFSET_INDEX_ENTRY_BYTES } from '../offset-index.ts'
import type { ProducerEntry } from '../producer-entry.ts'
import { parseProducerSnapshot } from '../producer-snapshot.ts'
import { TIME_INDEX_ENTRY_BYTES } from '../time-index.ts'
import { type AbortedTransactionEntry, parseAbortedTransactions } from '../transaction-index.ts'

/** Read size; a larger batch gets a buffer of its own. */
const CHUNK_BYTES = 1024 * 1024

export interface DumpedBatch {
  readonly position: number
  readonly header: RecordBatchHeader
  /** Whether the checksum fits. */
  readonly valid: boolean
  /** The whole batch; overwritten when the next one is read. */
  readonly bytes: Buffer
}

/** Why a walk ended before the file did: where, and how many bytes are left. */
export interface BrokenTail {
  readonly position: number
  readonly bytes: number
  readonly reason: string
}

export interface ReadBatchesOptions {
  /** Position of the first batch to read. */
  readonly from?: number
  /** Stops once this many bytes were read (`--max-bytes`). */
  readonly maxBytes?: number
}

/**
 * The batches of a `.log` or `.checkpoint` file in order; returns the broken tail, or null when the file ends with a
 * whole batch. A batch with a wrong checksum is given with `valid` false, and the walk goes on.
 */
export function* readBatches(
  files: FileSystem,
  path: string,
  options: ReadBatchesOptions = {},
): Generator<DumpedBatch, BrokenTail | null> {
  const fd = files.open(path, 'r')
  try {
    const start = options.from ?? 0
    const size = Math.min(files.size(fd), start + (options.maxBytes ?? Number.MAX_SAFE_INTEGER))
    const window = new Window(files, fd)
    let position = start
    while (position < size) {
      const broken = brokenTail(window, position, size)
      if (broken !== null) return broken
      const bytes = window.bytes(position, batchSizeAt(window.bytes(position, BATCH_HEADER_BYTES), 0))
      const header = readBatchHeader(bytes)
      yield { position, header, valid: crc32c(bytes, AT.attributes, bytes.length) === header.crc, bytes }
      position += bytes.length
    }
    return null
  } finally {
    files.close(fd)
  }
}

function brokenTail(window: Window, position: number, end: number): BrokenTail | null {
  const left = end - position
  const broken = (reason: string): BrokenTail => ({ position, bytes: left, reason })
  if (left < BATCH_HEADER_BYTES) return broken(`${left} bytes are less than a batch header`)
  const header = window.bytes(position, BATCH_HEADER_BYTES)
  const size = batchSizeAt(header, 0)
  if (size < BATCH_HEADER_BYTES) return broken(`the batch length ${size - LOG_OVERHEAD_BYTES} is impossible`)
  return size > left ? broken(`of a batch of ${size} bytes only ${left} are there`) : null
}

/** A sliding view of a file. */
class Window {
  private readonly files: FileSystem
  private readonly fd: number
  private buffer = Buffer.alloc(0)
  private start = 0
  private end = 0

  constructor(files: FileSystem, fd: number) {
    this.files = files
    this.fd = fd
  }

  bytes(position: number, length: number): Buffer {
    if (position < this.start || position + length > this.end) {
      const wanted = Math.max(CHUNK_BYTES, length)
      if (this.buffer.length < wanted) this.buffer = Buffer.allocUnsafe(wanted)
      this.start = position
      this.end = position + this.files.read(this.fd, this.buffer, 0, wanted, position)
    }
    const at = position - this.start
    return this.buffer.subarray(at, Math.min(at + length, this.end - this.start))
  }
}

export interface OffsetIndexEntry {
  readonly offset: number
  readonly position: number
}

/** Base offset that a segment's file is named after; throws RangeError for other names. */
export function baseOffsetOf(path: string): number {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
  const offset = offsetOf(name)
  if (offset === null) throw new RangeError(`${name} is not named after an offset`)
  return offset
}

/** Entries of an `.index` file. The zeros of a file that was preallocated and not trimmed are left out. */
export function readOffsetIndexEntries(files: FileSystem, path: string): OffsetIndexEntry[] {
  const base = baseOffsetOf(path)
  const bytes = files.readFile(path)
  const entries: OffsetIndexEntry[] = []
  for (let at = 0; at + OFFSET_INDEX_ENTRY_BYTES <= bytes.length; at += OFFSET_INDEX_ENTRY_BYTES) {
    const relative = bytes.readInt32BE(at)
    if (relative === 0 && at > 0) break
    entries.push({ offset: base + relative, position: bytes.readInt32BE(at + 4) })
  }
  return entries
}

export interface TimeIndexEntry {
  readonly timestamp: number
  readonly offset: number
}

/** Entries of a `.timeindex` file, preallocated zeros left out. */
export function readTimeIndexEntries(files: FileSystem, path: string): TimeIndexEntry[] {
  const base = baseOffsetOf(path)
  const bytes = files.readFile(path)
  const entries: TimeIndexEntry[] = []
  for (let at = 0; at + TIME_INDEX_ENTRY_BYTES <= bytes.length; at += TIME_INDEX_ENTRY_BYTES) {
    const timestamp = Number(bytes.readBigInt64BE(at))
    const relative = bytes.readInt32BE(at + 8)
    if (timestamp === 0 && relative === 0) break
    entries.push({ timestamp, offset: base + relative })
  }
  return entries
}

/** Entries of a `.txnindex` file; throws `CorruptFileError` for a version it does not know. */
export function readTransactionIndex(files: FileSystem, path: string): AbortedTransactionEntry[] {
  return parseAbortedTransactions(files.readFile(path), path)
}

/** Producers in a `.snapshot` file; throws `CorruptFileError`. */
export function readProducerSnapshot(files: FileSystem, path: string): ProducerEntry[] {
  return parseProducerSnapshot(files.readFile(path))
}

/** Entry lines of a text checkpoint; throws `KtError` of kind storage. */
export function readCheckpointLines(files: FileSystem, path: string): string[] {
  return parseCheckpoint(files.readFile(path).toString('utf8'), path)
}
