/** A log as an array: what the real one has to agree with after any sequence of operations. */
export interface ModelBatch {
  readonly base: number
  readonly last: number
  readonly timestamp: number
}

export class LogModel {
  batches: ModelBatch[] = []
  start = 0
  end = 0
  highWatermark = 0

  append(count: number, timestamp: number): void {
    this.batches.push({ base: this.end, last: this.end + count - 1, timestamp })
    this.end += count
  }

  truncate(offset: number): void {
    if (offset >= this.end) return
    this.batches = this.batches.filter(({ last }) => last < offset)
    this.end = offset
    this.start = Math.min(this.start, offset)
    this.highWatermark = Math.min(this.highWatermark, offset)
  }

  advanceStart(offset: number): void {
    this.start = Math.max(this.start, offset)
    this.highWatermark = Math.max(this.highWatermark, this.start)
  }

  /** Base offset of the batch a read at `offset` has to begin with; null at the end. */
  batchAt(offset: number): number | null {
    return this.batches.find(({ last }) => last >= offset)?.base ?? null
  }

  /** First offset at or after the start whose timestamp is not below `timestamp`, null when there is none. */
  offsetFor(timestamp: number): number | null {
    const batch = this.batches.find((known) => known.timestamp >= timestamp && known.last >= this.start)
    return batch === undefined ? null : Math.max(batch.base, this.start)
  }
}
