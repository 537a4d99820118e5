/** Offsets by time, for ListOffsets: the time index finds the batch, the batch's records the offset. */
import { readBatchHeader } from '../protocol/records/record-batch.ts'
import type { BatchPosition } from './batches.ts'
import { decodeTimestamps } from './record-seam.ts'
import type { LogSegment } from './segment.ts'
import type { SegmentList } from './segment-list.ts'
import type { TimestampAndOffset } from './types.ts'

/** The first record at or after `startOffset` whose timestamp is not below `timestamp`. */
export function findTimestamp(
  segments: SegmentList,
  timestamp: number,
  startOffset: number,
): TimestampAndOffset | null {
  for (const segment of segments) {
    if (segment.largestTimestamp < timestamp) continue
    // Only the first such segment can hold the answer (KAFKA `searchOffsetInLocalLog`).
    return findInSegment(segment, timestamp, startOffset)
  }
  return null
}

function findInSegment(segment: LogSegment, timestamp: number, startOffset: number): TimestampAndOffset | null {
  for (const batch of segment.batchesFromTimestamp(timestamp, startOffset)) {
    const found = findRecord(segment, batch, (record) => record.timestamp >= timestamp && record.offset >= startOffset)
    if (found !== null) return found
  }
  return null
}

/** The first record with the largest timestamp of the log; null when no record has one. */
export function findMaxTimestamp(segments: SegmentList): TimestampAndOffset | null {
  let latest: LogSegment | null = null
  for (const segment of segments) {
    if (latest === null || segment.maxTimestampSoFar.timestamp > latest.maxTimestampSoFar.timestamp) latest = segment
  }
  if (latest === null || latest.maxTimestampSoFar.timestamp < 0) return null
  const { timestamp, offset } = latest.maxTimestampSoFar
  const batch = latest.locate(offset)
  return batch === null ? null : findRecord(latest, batch, (record) => record.timestamp === timestamp)
}

interface TimedRecord {
  readonly offset: number
  readonly timestamp: number
}

function findRecord(
  segment: LogSegment,
  batch: BatchPosition,
  matches: (record: TimedRecord) => boolean,
): TimestampAndOffset | null {
  const bytes = segment.readBatch(batch)
  const { partitionLeaderEpoch: leaderEpoch } = readBatchHeader(bytes)
  for (const record of decodeTimestamps(bytes)) {
    if (matches(record)) return { timestamp: record.timestamp, offset: record.offset, leaderEpoch }
  }
  return null
}
