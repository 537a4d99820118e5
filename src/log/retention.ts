/** Which segments a log may drop (KAFKA `UnifiedLog.deletableSegments`). */
import type { LogSegment } from './segment.ts'
import type { SegmentList } from './segment-list.ts'
import type { LogConfig } from './types.ts'

export interface RetentionState {
  readonly segments: SegmentList
  readonly config: LogConfig
  readonly highWatermark: number
  readonly logStartOffset: number
  readonly logEndOffset: number
  readonly nowMs: number
}

type Breached = (segment: LogSegment, next: LogSegment | null) => boolean

/**
 * The leading segments for which `breached` holds. Nothing at or above the high watermark goes, so that the log start
 * offset never passes it, and an empty active segment stays.
 */
function leadingSegments(state: RetentionState, breached: Breached): LogSegment[] {
  const all = state.segments.toArray()
  const found: LogSegment[] = []
  for (const [index, segment] of all.entries()) {
    const next = all[index + 1] ?? null
    const upperBound = next?.baseOffset ?? state.logEndOffset
    if (state.highWatermark < upperBound || (next === null && segment.size === 0)) break
    if (!breached(segment, next)) break
    found.push(segment)
  }
  return found
}

/** Wholly below the log start offset: DeleteRecords moved it past them. */
export function segmentsBelowLogStart(state: RetentionState): LogSegment[] {
  return leadingSegments(state, (_, next) => next !== null && next.baseOffset <= state.logStartOffset)
}

/** Too much by `retention.bytes`: as many as can go without falling below it. */
export function segmentsOverSize(state: RetentionState): LogSegment[] {
  const limit = state.config.retentionBytes
  const size = state.segments.sizeInBytes
  if (limit < 0 || size < limit) return []
  let excess = size - limit
  return leadingSegments(state, (segment) => {
    if (excess < segment.size) return false
    excess -= segment.size
    return true
  })
}

/** Older than `retention.ms` by their newest record. */
export function segmentsExpired(state: RetentionState): LogSegment[] {
  const limit = state.config.retentionMs
  if (limit < 0) return []
  return leadingSegments(state, (segment) => state.nowMs - segment.largestTimestamp > limit)
}
