/** Offsets by time, for ListOffsets: the time index finds the batch, the batch's records the offset. */
import { forEachRecord } from '../protocol/records/record.ts'
import type { BatchPosition } from './batches.ts'
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
    const found = findInSegment(segment, timestamp, startOffset)
    // Null where the late records lie below the log start: Kafka gives up there, but the next segment may have one.
    if (found !== null) return found
  }
  return null
}

function findInSegment(segment: LogSegment, timestamp: number, startOffset: number): TimestampAndOffset | null {
  for (const batch of segment.batchesFromTimestamp(timestamp, startOffset)) {
    const found = findRecord(segment, batch, (time, offset) => time >= timestamp && offset >= startOffset)
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
  return batch === null ? null : findRecord(latest, batch, (time) => time === timestamp)
}

function findRecord(
  segment: LogSegment,
  batch: BatchPosition,
  matches: (timestamp: number, offset: number) => boolean,
): TimestampAndOffset | null {
  let found: TimestampAndOffset | null = null
  forEachRecord(segment.readBatch(batch), 0, (_record, offset, timestamp) => {
    if (!matches(timestamp, offset)) return true
    found = { timestamp, offset, leaderEpoch: batch.partitionLeaderEpoch }
    return false
  })
  return found
}
