/** What a share fetch acquired, cut into record batches; offsets without a record are found, to be acknowledged as gaps. */
import { openBatch } from '../../protocol/records/record.ts'
import { RecordCursor } from '../../protocol/records/record-cursor.ts'
import { type FetchedBatch, splitBatches } from '../fetcher/batches.ts'

export interface OffsetRange {
  readonly firstOffset: number
  /** Inclusive. */
  readonly lastOffset: number
}

export interface AcquiredRange extends OffsetRange {
  readonly deliveryCount: number
}

/** Acquired records that lie in one batch: those from `firstOffset` up to `endOffset`, exclusive. */
export interface ShareBatch extends FetchedBatch {
  readonly endOffset: number
  readonly deliveryCount: number
  /** The broker they were acquired from, and to which acknowledgements go. */
  readonly brokerId: number
}

export interface AcquiredOptions {
  readonly topic: string
  readonly partition: number
  readonly brokerId: number
  readonly checkCrcs: boolean
}

export interface AcquiredRecords {
  readonly batches: ShareBatch[]
  readonly gaps: OffsetRange[]
}

/** Codecs must have been loaded. Throws `KafkaError` CORRUPT_MESSAGE. */
export function splitAcquired(
  records: Buffer,
  acquired: readonly AcquiredRange[],
  options: AcquiredOptions,
): AcquiredRecords {
  const { topic, partition, brokerId, checkCrcs } = options
  const fetchOffset = acquired[0]?.firstOffset ?? 0
  const split = splitBatches(records, { topic, partition, fetchOffset, highWatermark: -1, checkCrcs, aborted: null })
  const batches: ShareBatch[] = []
  for (const batch of split.batches) {
    for (const { firstOffset, lastOffset, deliveryCount } of acquired) {
      const first = Math.max(firstOffset, batch.header.baseOffset)
      const last = Math.min(lastOffset, batch.header.lastOffset)
      if (first <= last) batches.push({ ...batch, firstOffset: first, endOffset: last + 1, deliveryCount, brokerId })
    }
  }
  return { batches, gaps: gapsOf(acquired, split.batches.flatMap(presentIn)) }
}

/** Offsets of a batch that have a record: all of them, unless compaction has taken some. */
function presentIn({ buffer, at, header }: FetchedBatch): OffsetRange[] {
  const { baseOffset, lastOffset, recordCount } = header
  if (recordCount === lastOffset - baseOffset + 1) return [{ firstOffset: baseOffset, lastOffset }]
  const cursor = new RecordCursor()
  openBatch(cursor, buffer, at)
  const present: OffsetRange[] = []
  while (cursor.next()) {
    const offset = baseOffset + cursor.offsetDelta
    present.push({ firstOffset: offset, lastOffset: offset })
  }
  cursor.throwIfFailed()
  return present
}

/** What of `acquired` is not `present`; both in ascending order. */
function gapsOf(acquired: readonly AcquiredRange[], present: readonly OffsetRange[]): OffsetRange[] {
  const gaps: OffsetRange[] = []
  for (const { firstOffset, lastOffset } of acquired) {
    let next = firstOffset
    for (const each of present) {
      if (each.lastOffset < next || each.firstOffset > lastOffset) continue
      if (each.firstOffset > next) gaps.push({ firstOffset: next, lastOffset: each.firstOffset - 1 })
      next = each.lastOffset + 1
    }
    if (next <= lastOffset) gaps.push({ firstOffset: next, lastOffset })
  }
  return gaps
}
