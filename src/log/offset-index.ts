import { assert } from '../base/errors.ts'
import type { FileSystem } from '../base/file-system.ts'
import { CorruptFileError } from './errors.ts'
import { OFFSET_INDEX_AT } from './file-layouts.ts'
import { IndexFile } from './index-file.ts'

const AT = OFFSET_INDEX_AT.at
export const OFFSET_INDEX_ENTRY_BYTES = OFFSET_INDEX_AT.size
/** Largest offset relative to its segment's base that an index can hold. */
export const MAX_RELATIVE_OFFSET = 2 ** 31 - 1

const relativeOffsetAt = (buffer: Buffer, at: number): number => buffer.readInt32BE(at + AT.relativeOffset)

/** `.index`: for a sample of batches, last offset -> position of the batch in the `.log` file (KAFKA `OffsetIndex`). */
export class OffsetIndex {
  readonly file: IndexFile
  readonly baseOffset: number
  readonly maxEntries: number
  /** Offset of the last entry; null until it was read. */
  private last: number | null = null

  constructor(files: FileSystem, path: string, baseOffset: number, maxBytes: number) {
    this.file = new IndexFile(files, path, OFFSET_INDEX_ENTRY_BYTES)
    this.baseOffset = baseOffset
    this.maxEntries = Math.floor(maxBytes / OFFSET_INDEX_ENTRY_BYTES)
  }

  get length(): number {
    return this.file.length
  }
  get full(): boolean {
    return this.file.length >= this.maxEntries
  }

  /** Last indexed offset; the base offset when there is no entry. */
  get lastOffset(): number {
    this.last ??= this.length === 0 ? this.baseOffset : this.entryOffset(this.length - 1)
    return this.last
  }

  create(): void {
    this.file.create()
    this.last = this.baseOffset
  }

  append(offset: number, position: number): void {
    assert(this.length === 0 || offset > this.lastOffset, `index offset ${offset} is not above ${this.lastOffset}`)
    const { buffer, at } = this.file.append()
    buffer.writeInt32BE(offset - this.baseOffset, at + AT.relativeOffset)
    buffer.writeInt32BE(position, at + AT.position)
    this.last = offset
  }

  /** A position at or before the batch that holds `offset`. */
  lookup(offset: number): number {
    const slot = this.file.floorSlot(offset - this.baseOffset, relativeOffsetAt)
    if (slot < 0) return 0
    const { buffer, at } = this.file.entry(slot)
    return buffer.readInt32BE(at + AT.position)
  }

  /** Removes the entries at or after `offset`. */
  truncateTo(offset: number): void {
    const slot = this.file.floorSlot(offset - this.baseOffset, relativeOffsetAt)
    const keep = slot >= 0 && this.entryOffset(slot) === offset ? slot : slot + 1
    this.file.truncate(keep)
    this.last = null
  }

  /** Looks at the last entry only; throws `CorruptFileError` when it cannot belong to a log file of `logBytes`. */
  sanityCheck(logBytes: number): void {
    this.file.checkSize()
    if (this.length === 0) return
    if (this.lastOffset < this.baseOffset) {
      throw new CorruptFileError(
        `the last offset ${this.lastOffset} is below the segment's base offset ${this.baseOffset}`,
      )
    }
    const position = this.lookup(this.lastOffset)
    if (position < 0 || position >= logBytes) {
      throw new CorruptFileError(`its last entry points at ${position} in a log file of ${logBytes} bytes`)
    }
  }

  private entryOffset(slot: number): number {
    const { buffer, at } = this.file.entry(slot)
    return this.baseOffset + relativeOffsetAt(buffer, at)
  }
}
