import { AT, BATCH_HEADER_BYTES, batchSizeAt } from '../protocol/records/record-batch.ts'
import type { BufferPool } from './buffer-pool.ts'
import { CorruptFileError } from './errors.ts'
import type { LogSegment } from './segment.ts'
import type { SegmentList } from './segment-list.ts'
import type { AbortedTransaction } from './types.ts'

/** Read ends remembered per log: more than the consumers and followers that one partition usually has. */
const MAX_POSITIONS = 64

interface Position {
  readonly segment: LogSegment
  /** Where the batch that holds the offset starts, or where the next one will. */
  readonly position: number
}

/** Where reads ended, so that whoever reads on needs no index and no scan. The oldest entries make room. */
class PositionCache {
  private readonly positions = new Map<number, Position>()

  get(offset: number): Position | null {
    return this.positions.get(offset) ?? null
  }

  set(offset: number, position: Position): void {
    this.positions.delete(offset)
    this.positions.set(offset, position)
    if (this.positions.size <= MAX_POSITIONS) return
    const [oldest] = this.positions.keys()
    this.positions.delete(oldest!)
  }

  clear(): void {
    this.positions.clear()
  }
}

export interface ReadResult {
  /** Whole batches; the pooled buffer they lie in is `owner`. */
  readonly records: Buffer
  readonly owner: Buffer | null
  /** Offset after the last record read. */
  readonly nextOffset: number
  readonly segment: LogSegment | null
}

const NO_ABORTED: readonly AbortedTransaction[] = []
const NO_RECORDS = Buffer.alloc(0)

/** Reads whole batches out of segments into pooled buffers. */
export class LogReader {
  private readonly segments: SegmentList
  private readonly buffers: BufferPool
  private readonly positions = new PositionCache()

  constructor(segments: SegmentList, buffers: BufferPool) {
    this.segments = segments
    this.buffers = buffers
  }

  /** Segments went away or were cut: remembered positions mean nothing any more. */
  forget(): void {
    this.positions.clear()
  }

  /**
   * Batches from the one that holds `fetchOffset` up to those that start at `limit`, within one segment. The first one
   * is returned even when it is larger than `maxBytes` if `minOneBatch` is set.
   */
  read(fetchOffset: number, limit: number, maxBytes: number, minOneBatch: boolean): ReadResult {
    const start = this.locate(fetchOffset)
    if (start === null || maxBytes <= 0) {
      if (start === null || !minOneBatch) return this.nothing(fetchOffset)
    }
    const available = start.segment.size - start.position
    const wanted = Math.min(available, Math.max(maxBytes, BATCH_HEADER_BYTES))
    let owner = this.fill(start, wanted)
    let length = wanted
    const firstSize = batchSizeAt(owner, 0)
    if (firstSize > length || firstSize > maxBytes) {
      if (!minOneBatch || firstSize > available) return this.nothing(fetchOffset, owner)
      if (firstSize > length) {
        this.buffers.give(owner)
        owner = this.fill(start, firstSize)
        length = firstSize
      }
    }
    const end = wholeBatches(owner, length, limit)
    if (end.bytes === 0) return this.nothing(fetchOffset, owner)
    this.positions.set(end.nextOffset, { segment: start.segment, position: start.position + end.bytes })
    const records = owner.subarray(0, end.bytes)
    return { records, owner, nextOffset: end.nextOffset, segment: start.segment }
  }

  /** Transactions aborted in what was read, for clients that read committed records only. */
  abortedIn(fetchOffset: number, { segment: first, nextOffset }: ReadResult): readonly AbortedTransaction[] {
    if (first === null) return NO_ABORTED
    const found: AbortedTransaction[] = []
    for (const segment of this.segments.range(first.baseOffset, Number.MAX_SAFE_INTEGER)) {
      const { aborted, complete } = segment.transactionIndex.search(fetchOffset, nextOffset)
      for (const { producerId, firstOffset } of aborted) found.push({ producerId, firstOffset })
      if (complete) break
    }
    return found
  }

  /** Bytes between two offsets, each the start of a batch or the end of the log. */
  bytesBetween(from: number, to: number): number {
    const start = this.locate(from)
    if (start === null) return 0
    const end = this.locate(to)
    let bytes = -start.position
    for (const segment of this.segments.range(start.segment.baseOffset, Number.MAX_SAFE_INTEGER)) {
      if (end !== null && segment === end.segment) return bytes + end.position
      bytes += segment.size
    }
    return bytes
  }

  /** The first batch at or after `offset`; null at the end of the log. */
  private locate(offset: number): Position | null {
    const known = this.positions.get(offset)
    if (known !== null && known.position < known.segment.size) return known
    let segment = known === null ? this.segments.floor(offset) : this.segments.higher(known.segment.baseOffset)
    for (; segment !== null; segment = this.segments.higher(segment.baseOffset)) {
      const batch = segment.locate(offset)
      if (batch === null) continue
      const position = { segment, position: batch.position }
      this.positions.set(offset, position)
      return position
    }
    return null
  }

  private fill({ segment, position }: Position, length: number): Buffer {
    const buffer = this.buffers.take(length)
    const read = segment.log.read(buffer, 0, length, position)
    if (read === length) return buffer
    this.buffers.give(buffer)
    throw new CorruptFileError(`${segment.log.path} ends at ${position + read}, before ${position + length}`)
  }

  private nothing(fetchOffset: number, owner: Buffer | null = null): ReadResult {
    if (owner !== null) this.buffers.give(owner)
    return { records: NO_RECORDS, owner: null, nextOffset: fetchOffset, segment: null }
  }
}

/** Bytes of the whole batches that start below `limit`, and the offset after them. */
function wholeBatches(buffer: Buffer, length: number, limit: number): { bytes: number; nextOffset: number } {
  let at = 0
  let last = -1
  while (at + BATCH_HEADER_BYTES <= length) {
    const size = batchSizeAt(buffer, at)
    if (size < BATCH_HEADER_BYTES || at + size > length || offsetAt(buffer, at) >= limit) break
    last = at
    at += size
  }
  if (last < 0) return { bytes: 0, nextOffset: -1 }
  return { bytes: at, nextOffset: offsetAt(buffer, last) + buffer.readInt32BE(last + AT.lastOffsetDelta) + 1 }
}

/** Base offset without the detour over a bigint. */
function offsetAt(buffer: Buffer, at: number): number {
  return buffer.readInt32BE(at) * 2 ** 32 + buffer.readUInt32BE(at + 4)
}
