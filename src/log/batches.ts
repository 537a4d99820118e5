/** Batches in memory and in files, seen through their headers only. */
import { KafkaError } from '../protocol/error-codes.ts'
import {
  AT,
  BATCH_HEADER_BYTES,
  LOG_OVERHEAD_BYTES,
  MAGIC_V2,
  type RecordBatchHeader,
  readBatchHeader,
} from '../protocol/records/record-batch.ts'
import type { LogFile } from './log-file.ts'

/** Smallest message there ever was (magic 0). A smaller length is a lie in every format. */
const MIN_RECORD_BYTES = 14
const HEADER_BYTES_UP_TO_MAGIC = 17
/** How much of a file one read of a header scan takes. */
const SCAN_CHUNK_BYTES = 16 * 1024

/**
 * Headers of the whole batches in `records`, which may end inside one: a fetch answer may, and Kafka ignores the rest.
 * Throws CORRUPT_MESSAGE for lengths and magic numbers that cannot be, INVALID_RECORD for formats before magic 2.
 */
export function splitBatches(records: Buffer): RecordBatchHeader[] {
  const batches: RecordBatchHeader[] = []
  for (let at = 0; records.length - at >= HEADER_BYTES_UP_TO_MAGIC; ) {
    const size = checkedSize(records, at)
    if (size > records.length - at) break
    const header = readBatchHeader(records, at)
    batches.push(header)
    at += size
  }
  return batches
}

function checkedSize(buffer: Buffer, at: number): number {
  const length = buffer.readInt32BE(at + AT.batchLength)
  if (length < MIN_RECORD_BYTES) {
    throw new KafkaError(
      'CORRUPT_MESSAGE',
      `Found record size ${length} smaller than minimum record overhead (${MIN_RECORD_BYTES}).`,
    )
  }
  const magic = buffer.readInt8(at + AT.magic)
  if (magic < 0 || magic > MAGIC_V2) {
    throw new KafkaError('CORRUPT_MESSAGE', `Invalid magic found in record: ${magic}`)
  }
  if (magic < MAGIC_V2) {
    throw new KafkaError('INVALID_RECORD', `Record batches with magic version ${magic} are not supported, only 2 is`)
  }
  const size = length + LOG_OVERHEAD_BYTES
  if (size < BATCH_HEADER_BYTES) {
    throw new KafkaError(
      'CORRUPT_MESSAGE',
      `Record batch is corrupted (the size ${size} is smaller than the minimum allowed overhead ${BATCH_HEADER_BYTES})`,
    )
  }
  return size
}

/** A batch's header and where the batch lies in its segment. */
export interface BatchPosition extends RecordBatchHeader {
  readonly position: number
}

/** Walks the batch headers of a file from `from` up to `to`; ends quietly at the first one that is not whole. */
export class HeaderScan {
  private readonly file: LogFile
  private readonly to: number
  private position: number
  private readonly chunk = Buffer.allocUnsafe(SCAN_CHUNK_BYTES)
  private chunkStart = 0
  private chunkEnd = 0

  constructor(file: LogFile, from: number, to: number = file.size) {
    this.file = file
    this.to = to
    this.position = from
  }

  next(): BatchPosition | null {
    const at = this.load(BATCH_HEADER_BYTES)
    if (at < 0) return null
    const header = readBatchHeader(this.chunk, at)
    const { sizeInBytes } = header
    if (sizeInBytes < BATCH_HEADER_BYTES || this.position + sizeInBytes > this.to) return null
    const position = this.position
    this.position += sizeInBytes
    return { ...header, position }
  }

  /** Makes `bytes` at the current position available; returns where, -1 when the file ends before. */
  private load(bytes: number): number {
    if (this.position + bytes > this.to) return -1
    if (this.position < this.chunkStart || this.position + bytes > this.chunkEnd) {
      const length = Math.min(SCAN_CHUNK_BYTES, this.to - this.position)
      this.chunkStart = this.position
      this.chunkEnd = this.position + this.file.read(this.chunk, 0, length, this.position)
      if (this.position + bytes > this.chunkEnd) return -1
    }
    return this.position - this.chunkStart
  }
}
