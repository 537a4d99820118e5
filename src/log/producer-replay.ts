import { KafkaError } from '../protocol/error-codes.ts'
import { isControlBatch, NO_PRODUCER_ID, type RecordBatchHeader } from '../protocol/records/record-batch.ts'
import { HeaderScan } from './batches.ts'
import type { AppendContext, CompletedTransaction } from './producer-entry.ts'
import type { ProducerState } from './producer-state.ts'
import type { LogSegment } from './segment.ts'
import type { SegmentList } from './segment-list.ts'

export interface Rebuild {
  readonly producers: ProducerState
  readonly segments: SegmentList
  readonly logStartOffset: number
  /** The log end: state is rebuilt up to here. */
  readonly lastOffset: number
  readonly nowMs: number
  /** The files were closed in order: a missing snapshot means there were no producers. */
  readonly afterCleanShutdown: boolean
}

const NO_BYTES = Buffer.alloc(0)

/** Replayed batches were checked when they were appended. */
const REPLAY: AppendContext = {
  partition: '',
  origin: 'replication',
  transactionVersion: 0,
  warn: () => undefined,
}

/** Brings producer state to `lastOffset`: the latest snapshot, then the batches after it (KAFKA `rebuildProducerState`). */
export function rebuildProducerState(rebuild: Rebuild): void {
  const { producers, segments, logStartOffset, lastOffset } = rebuild
  if (producers.latestSnapshotOffset === null && rebuild.afterCleanShutdown) {
    for (const offset of snapshotOffsets(segments, lastOffset)) {
      producers.mapEndOffset = offset
      producers.takeSnapshot(true)
    }
    return
  }
  const upToDate = producers.empty && producers.mapEndOffset >= lastOffset
  producers.truncateAndReload(logStartOffset, lastOffset, rebuild.nowMs)
  if (lastOffset > producers.mapEndOffset && !upToDate) replay(rebuild)
  producers.mapEndOffset = lastOffset
  producers.takeSnapshot(true)
}

/** The base offsets of the last two segments and the log end: what a restart looks for first. */
function snapshotOffsets(segments: SegmentList, lastOffset: number): number[] {
  if (segments.length === 0) return [lastOffset]
  const last = segments.active.baseOffset
  const lower = segments.lower(last)
  return lower === null ? [last, lastOffset] : [lower.baseOffset, last, lastOffset]
}

function replay({ producers, segments, logStartOffset, lastOffset }: Rebuild): void {
  const snapshots = new Set(snapshotOffsets(segments, lastOffset))
  for (const segment of segments.range(producers.mapEndOffset, lastOffset)) {
    const startOffset = Math.max(segment.baseOffset, producers.mapEndOffset, logStartOffset)
    producers.mapEndOffset = startOffset
    if (snapshots.has(segment.baseOffset)) producers.takeSnapshot(true)
    replaySegment(producers, segment, startOffset, lastOffset)
  }
}

function replaySegment(producers: ProducerState, segment: LogSegment, startOffset: number, endOffset: number): void {
  const first = segment.locate(startOffset)
  if (first === null) return
  const scan = new HeaderScan(segment.log, first.position)
  for (let batch = scan.next(); batch !== null && batch.baseOffset < endOffset; batch = scan.next()) {
    if (batch.producerId === NO_PRODUCER_ID) continue
    // Only a marker's record is looked at; of other batches the header says everything.
    const bytes = isControlBatch(batch.attributes) ? segment.readBatch(batch) : NO_BYTES
    for (const ended of replayBatch(producers, batch, bytes)) producers.completeTransaction(ended)
  }
}

/**
 * Takes one stored batch into account; returns the transactions it ends, which the caller completes. A batch that
 * contradicts what came before is stored all the same, and must not keep the log from being opened.
 */
export function replayBatch(
  producers: ProducerState,
  header: RecordBatchHeader,
  bytes: Buffer,
): readonly CompletedTransaction[] {
  try {
    const prepared = producers.prepare(bytes, [header], REPLAY)
    producers.commit(prepared)
    return prepared.completed
  } catch (error) {
    if (error instanceof KafkaError) return []
    throw error
  }
}
