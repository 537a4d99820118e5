import { assert } from '../base/errors.ts'
import type { FileSystem } from '../base/file-system.ts'
import { NO_TIMESTAMP } from '../protocol/records/record-batch.ts'
import { CorruptFileError } from './errors.ts'
import { TIME_INDEX_AT } from './file-layouts.ts'
import { IndexFile } from './index-file.ts'

const AT = TIME_INDEX_AT.at
export const TIME_INDEX_ENTRY_BYTES = TIME_INDEX_AT.size

const MAX_TIMESTAMP = 2n ** 63n - 1n

/** A timestamp for a file: the largest int64 is a number that rounds up to 2^63, which no file can hold. */
export function timestampToInt64(timestamp: number): bigint {
  return timestamp < 2 ** 63 ? BigInt(timestamp) : MAX_TIMESTAMP
}

export interface TimestampOffset {
  readonly timestamp: number
  readonly offset: number
}

const timestampAt = (buffer: Buffer, at: number): number =>
  buffer.readInt32BE(at) * 2 ** 32 + buffer.readUInt32BE(at + 4)
const relativeOffsetAt = (buffer: Buffer, at: number): number => buffer.readInt32BE(at + AT.relativeOffset)

/**
 * `.timeindex`: largest timestamp so far -> last offset of the batch that brought it (KAFKA `TimeIndex`). Every batch
 * before an entry's offset has a timestamp not above the entry's.
 */
export class TimeIndex {
  readonly file: IndexFile
  readonly baseOffset: number
  readonly maxEntries: number
  private last: TimestampOffset | null = null

  constructor(files: FileSystem, path: string, baseOffset: number, maxBytes: number) {
    this.file = new IndexFile(files, path, TIME_INDEX_ENTRY_BYTES)
    this.baseOffset = baseOffset
    this.maxEntries = Math.floor(maxBytes / TIME_INDEX_ENTRY_BYTES)
  }

  get length(): number {
    return this.file.length
  }
  /** One slot stays free for the entry that is written when the segment is rolled. */
  get full(): boolean {
    return this.file.length >= this.maxEntries - 1
  }

  get lastEntry(): TimestampOffset {
    this.last ??= this.length === 0 ? this.none() : this.entry(this.length - 1)
    return this.last
  }

  create(): void {
    this.file.create()
    this.last = this.none()
  }

  /** Adds an entry when `timestamp` is above the last one. */
  maybeAppend(timestamp: number, offset: number): void {
    const last = this.lastEntry
    if (timestamp <= last.timestamp) return
    assert(this.length === 0 || offset >= last.offset, `time index offset ${offset} is below ${last.offset}`)
    const { buffer, at } = this.file.append()
    buffer.writeBigInt64BE(timestampToInt64(timestamp), at)
    buffer.writeInt32BE(offset - this.baseOffset, at + AT.relativeOffset)
    this.last = { timestamp, offset }
  }

  /** The last entry whose timestamp is not above `timestamp`: no record before its offset is later than that. */
  lookup(timestamp: number): TimestampOffset {
    const slot = this.file.floorSlot(timestamp, timestampAt)
    return slot < 0 ? this.none() : this.entry(slot)
  }

  /** Removes the entries at or after `offset`. */
  truncateTo(offset: number): void {
    const slot = this.file.floorSlot(offset - this.baseOffset, relativeOffsetAt)
    const keep = slot >= 0 && this.entry(slot).offset === offset ? slot : slot + 1
    this.file.truncate(keep)
    this.last = null
  }

  /** Throws `CorruptFileError` when first and last entry contradict each other. */
  sanityCheck(): void {
    this.file.checkSize()
    if (this.length === 0) return
    const first = this.entry(0)
    const last = this.lastEntry
    if (last.timestamp < first.timestamp) {
      throw new CorruptFileError(`the last timestamp ${last.timestamp} is below the first, ${first.timestamp}`)
    }
    if (last.offset < this.baseOffset) {
      throw new CorruptFileError(`the last offset ${last.offset} is below the segment's base offset ${this.baseOffset}`)
    }
  }

  private entry(slot: number): TimestampOffset {
    const { buffer, at } = this.file.entry(slot)
    return { timestamp: timestampAt(buffer, at), offset: this.baseOffset + relativeOffsetAt(buffer, at) }
  }

  private none(): TimestampOffset {
    return { timestamp: NO_TIMESTAMP, offset: this.baseOffset }
  }
}
