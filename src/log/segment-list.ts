import { assert } from '../base/errors.ts'
import type { LogSegment } from './segment.ts'

/** Segments of a log in the order of their base offsets. The last one is the active segment. */
export class SegmentList implements Iterable<LogSegment> {
  private segments: LogSegment[] = []

  get length(): number {
    return this.segments.length
  }
  get active(): LogSegment {
    const active = this.segments.at(-1)
    assert(active !== undefined, 'a log has at least one segment')
    return active
  }
  get first(): LogSegment {
    return this.segments[0] ?? this.active
  }
  get baseOffsets(): number[] {
    return this.segments.map((segment) => segment.baseOffset)
  }
  get sizeInBytes(): number {
    let size = 0
    for (const segment of this.segments) size += segment.size
    return size
  }

  [Symbol.iterator](): Iterator<LogSegment> {
    return this.segments[Symbol.iterator]()
  }

  /** A copy that stays as it is while segments come and go. */
  toArray(): LogSegment[] {
    return this.segments.slice()
  }

  has(baseOffset: number): boolean {
    return this.floor(baseOffset)?.baseOffset === baseOffset
  }

  add(segment: LogSegment): void {
    const at = this.floorIndex(segment.baseOffset) + 1
    const replaced = this.segments[at - 1]?.baseOffset === segment.baseOffset
    this.segments.splice(replaced ? at - 1 : at, replaced ? 1 : 0, segment)
  }

  remove(segment: LogSegment): void {
    this.segments = this.segments.filter((kept) => kept !== segment)
  }

  /** The segment that may hold `offset`; null below the first one. */
  floor(offset: number): LogSegment | null {
    // Nearly every look-up is for the end of the log.
    const last = this.segments.at(-1)
    if (last !== undefined && last.baseOffset <= offset) return last
    return this.segments[this.floorIndex(offset)] ?? null
  }

  /** The next segment after the one at `baseOffset`. */
  higher(baseOffset: number): LogSegment | null {
    return this.segments[this.floorIndex(baseOffset) + 1] ?? null
  }

  lower(baseOffset: number): LogSegment | null {
    return this.segments[this.floorIndex(baseOffset - 1)] ?? null
  }

  /** Segments that may hold offsets in [from, to). */
  range(from: number, to: number): LogSegment[] {
    const start = Math.max(0, this.floorIndex(from))
    return this.segments.slice(start).filter((segment) => segment.baseOffset < to)
  }

  private floorIndex(offset: number): number {
    let low = 0
    let high = this.segments.length - 1
    while (low <= high) {
      const middle = (low + high) >>> 1
      if (this.segments[middle]!.baseOffset <= offset) low = middle + 1
      else high = middle - 1
    }
    return high
  }
}
