import type { Uuid } from '../../base/uuid.ts'

/** Where to begin reading. A timestamp later than every record begins at the end. */
export type FetchStart = 'earliest' | 'latest' | { readonly offset: number } | { readonly timestamp: number }

/** One partition that is being read. Owned by the fetcher; changed in its synchronous methods only. */
export class FetchPartition {
  readonly topic: string
  readonly partition: number
  /** What to look up before fetching; null once `fetchOffset` holds. */
  pending: FetchStart | null
  /** Offset of the next fetch; records before it have been handed over or are on their way to be. */
  fetchOffset = -1
  /** -1 until the first answer. */
  highWatermark = -1
  lastStableOffset = -1
  logStartOffset = -1
  /** Where reading ends when the reader stops at the end: fixed by the first answer unless it was given. */
  endOffset = -1
  /** Left alone until the metadata has been looked at again. */
  suspended = false

  constructor(topic: string, partition: number, start: FetchStart, end = -1) {
    this.topic = topic
    this.partition = partition
    this.pending = start
    this.endOffset = end
    if (typeof start === 'object' && 'offset' in start) this.seek(start.offset)
  }

  seek(offset: number): void {
    this.fetchOffset = offset
    this.pending = null
  }

  get reachedEnd(): boolean {
    return this.endOffset !== -1 && this.fetchOffset >= this.endOffset
  }
}

/** A partition as one Fetch request names it. */
export interface FetchPosition {
  readonly topic: string
  readonly topicId: Uuid
  readonly partition: number
  readonly fetchOffset: number
  readonly currentLeaderEpoch: number
  readonly partitionMaxBytes: number
}
