import { crc32c } from '../base/crc32c.ts'
import {
  AT,
  BATCH_HEADER_BYTES,
  MAGIC_V2,
  type RecordBatchHeader,
  readBatchHeader,
} from '../protocol/records/record-batch.ts'
import type { LeaderEpochCache } from './leader-epoch-cache.ts'
import { replayBatch } from './producer-replay.ts'
import type { ProducerState } from './producer-state.ts'
import type { LogSegment } from './segment.ts'

/** Read size of the scan; a batch that is larger gets a buffer of its own size. */
const SCAN_BYTES = 1024 * 1024

export interface RecoveryResult {
  readonly validBytes: number
  readonly removedBytes: number
  /** Why the bytes after the last valid batch are none; null when there were none. */
  readonly reason: string | null
}

/**
 * Goes through every batch of a segment that may not have reached the disk: checks it, rebuilds the indexes and the
 * producer state, and cuts the file where the first batch is not whole or not valid (KAFKA `LogSegment.recover`).
 */
export function recoverSegment(
  segment: LogSegment,
  producers: ProducerState,
  leaderEpochs: LeaderEpochCache,
): RecoveryResult {
  segment.startRecovery()
  const scan = new BatchScan(segment)
  for (let batch = scan.next(); batch !== null; batch = scan.next()) {
    segment.recoverBatch(batch.header, batch.position)
    const { partitionLeaderEpoch, baseOffset } = batch.header
    const latest = leaderEpochs.latest
    if (partitionLeaderEpoch >= 0 && (latest === null || partitionLeaderEpoch > latest.epoch)) {
      leaderEpochs.assign(partitionLeaderEpoch, baseOffset)
    }
    replay(segment, producers, batch)
  }
  const removedBytes = segment.finishRecovery(scan.position)
  return { validBytes: scan.position, removedBytes, reason: scan.reason }
}

interface ScannedBatch {
  readonly header: RecordBatchHeader
  readonly position: number
  readonly bytes: Buffer
}

function replay(segment: LogSegment, producers: ProducerState, { header, bytes }: ScannedBatch): void {
  for (const ended of replayBatch(producers, header, bytes)) {
    if (ended.aborted) {
      const { producerId, firstOffset, lastOffset } = ended
      const lastStableOffset = producers.lastStableOffsetAfter(ended)
      segment.transactionIndex.append({ producerId, firstOffset, lastOffset, lastStableOffset })
    }
    producers.completeTransaction(ended)
  }
  producers.mapEndOffset = header.lastOffset + 1
}

/** Valid batches in the order of the file; `reason` says why it ended before the file did. */
class BatchScan {
  position = 0
  reason: string | null = null
  private readonly segment: LogSegment
  private lastOffset: number
  private buffer = Buffer.allocUnsafe(0)
  /** What `buffer` holds of the file. */
  private start = 0
  private end = 0

  constructor(segment: LogSegment) {
    this.segment = segment
    this.lastOffset = segment.baseOffset - 1
  }

  next(): ScannedBatch | null {
    const left = this.segment.size - this.position
    if (left === 0) return null
    if (left < BATCH_HEADER_BYTES) return this.stop(`${left} bytes are less than a batch header`)
    const header = readBatchHeader(this.load(BATCH_HEADER_BYTES))
    const broken = this.whatIsWrong(header, left)
    if (broken !== null) return this.stop(broken)
    const bytes = this.load(header.sizeInBytes)
    if (crc32c(bytes, AT.attributes, header.sizeInBytes) !== header.crc) {
      return this.stop(`the checksum of the batch at offset ${header.baseOffset} is wrong`)
    }
    const { position } = this
    this.position += header.sizeInBytes
    this.lastOffset = header.lastOffset
    return { header, position, bytes }
  }

  private whatIsWrong(header: RecordBatchHeader, left: number): string | null {
    const { sizeInBytes, magic, baseOffset, lastOffset } = header
    if (sizeInBytes < BATCH_HEADER_BYTES) return `the batch length ${sizeInBytes} is impossible`
    if (sizeInBytes > left) return `of a batch of ${sizeInBytes} bytes only ${left} are there`
    if (magic !== MAGIC_V2) return `the magic number is ${magic}, not ${MAGIC_V2}`
    if (baseOffset <= this.lastOffset) return `offset ${baseOffset} does not follow ${this.lastOffset}`
    if (lastOffset < baseOffset || !this.segment.holdsOffset(lastOffset)) return `offset ${lastOffset} is out of range`
    return null
  }

  private stop(reason: string): null {
    this.reason = reason
    return null
  }

  /** The next `length` bytes of the file. */
  private load(length: number): Buffer {
    if (this.position + length > this.end) {
      const wanted = Math.min(Math.max(SCAN_BYTES, length), this.segment.size - this.position)
      if (this.buffer.length < wanted) this.buffer = Buffer.allocUnsafe(wanted)
      this.start = this.position
      this.end = this.position + this.segment.log.read(this.buffer, 0, wanted, this.position)
    }
    const at = this.position - this.start
    return this.buffer.subarray(at, at + length)
  }
}
