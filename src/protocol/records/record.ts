/** Records inside a batch: encode a whole batch, decode it, or walk it without allocating. */
import { KafkaError } from '../error-codes.ts'
import { BatchBuilder, type BatchOptions } from './batch-builder.ts'
import { type Codec, loadCodec, loadedCodec, MAX_DECOMPRESSED_BYTES } from './compression.ts'
import {
  AT,
  BATCH_HEADER_BYTES,
  batchSizeAt,
  COMPRESSION_NAMES,
  type CompressionName,
  compressionOf,
  isLogAppendTime,
  LOG_OVERHEAD_BYTES,
  MAGIC_V2,
  NO_TIMESTAMP,
  updateCrc,
} from './record-batch.ts'
import { RecordCursor } from './record-cursor.ts'
import type { RecordHeader } from './record-header.ts'

/** A record as clients see it. */
export interface KafkaRecord {
  readonly offset: number
  /** Milliseconds since the epoch, -1 for none. */
  readonly timestamp: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly RecordHeader[]
}

/** A record to write: offset and timestamp are given relative to its batch by the builder. */
export interface RecordInput {
  readonly timestamp?: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers?: readonly RecordHeader[]
}

/** One batch of `records`; a record without a timestamp gets -1 (none). */
export function encodeBatch(records: readonly RecordInput[], options: BatchOptions = {}): Buffer {
  const builder = new BatchBuilder()
  for (const { timestamp = NO_TIMESTAMP, key, value, headers } of records)
    builder.append(timestamp, key, value, headers)
  return builder.build(options)
}

/**
 * Points `cursor` at the first record of the batch at `at`, decompressing it if need be. Throws KafkaError:
 * UNSUPPORTED_FOR_MESSAGE_FORMAT for magic 0 and 1, CORRUPT_MESSAGE for a batch that is not whole, and what the codec
 * throws. The batch's codec must have been loaded (`loadCodecsFor`).
 */
export function openBatch(cursor: RecordCursor, buffer: Buffer, at = 0): void {
  if (buffer.length - at < BATCH_HEADER_BYTES) throw new KafkaError('CORRUPT_MESSAGE', 'The batch is cut short')
  const magic = buffer.readInt8(at + AT.magic)
  if (magic !== MAGIC_V2) {
    throw new KafkaError('UNSUPPORTED_FOR_MESSAGE_FORMAT', `Message format v${magic} is not supported, only v2`)
  }
  const size = batchSizeAt(buffer, at)
  if (size < BATCH_HEADER_BYTES || size > buffer.length - at) {
    throw new KafkaError('CORRUPT_MESSAGE', `A batch of ${size} bytes where ${buffer.length - at} are left`)
  }
  const compression = compressionOf(buffer.readInt16BE(at + AT.attributes))
  if (compression === 0) {
    cursor.reset(buffer, at + BATCH_HEADER_BYTES, at + size)
    return
  }
  const packed = buffer.subarray(at + BATCH_HEADER_BYTES, at + size)
  const unpacked = loadedCodec(compression).decompress(packed, MAX_DECOMPRESSED_BYTES)
  cursor.reset(unpacked, 0, unpacked.length)
}

/**
 * Visits every record of the batch at `at`, in order, through one cursor that is used again: take out of it what you keep.
 * Offset and timestamp are given beside it. Returning false stops. Throws as `openBatch`, and CORRUPT_MESSAGE where the
 * bytes are no records or their count is not the header's.
 */
export function forEachRecord(
  buffer: Buffer,
  at: number,
  visit: (record: RecordCursor, offset: number, timestamp: number) => unknown,
): void {
  const cursor = new RecordCursor()
  openBatch(cursor, buffer, at)
  const baseOffset = Number(buffer.readBigInt64BE(at))
  const appendTime = isLogAppendTime(buffer.readInt16BE(at + AT.attributes))
  const baseTimestamp = Number(buffer.readBigInt64BE(at + (appendTime ? AT.maxTimestamp : AT.baseTimestamp)))
  const count = buffer.readInt32BE(at + AT.recordCount)
  let seen = 0
  while (cursor.next()) {
    if (++seen > count) break
    const timestamp = appendTime ? baseTimestamp : baseTimestamp + cursor.timestampDelta
    if (visit(cursor, baseOffset + cursor.offsetDelta, timestamp) === false) return
  }
  cursor.throwIfFailed()
  if (seen !== count)
    throw new KafkaError('CORRUPT_MESSAGE', `A batch of ${count} records holds another number of them`)
}

/** All records of the batch at `at`. Keys and values are views of the buffer, or of its decompressed records. */
export function decodeRecords(buffer: Buffer, at = 0): KafkaRecord[] {
  const records: KafkaRecord[] = []
  forEachRecord(buffer, at, (record, offset, timestamp) => {
    records.push({ offset, timestamp, key: record.key(), value: record.value(), headers: record.headers() })
  })
  return records
}

/** The batch at `at` with its records compressed by `codec` instead: for topics whose `compression.type` is not the producer's. */
export function recompressBatch(buffer: Buffer, at: number, codec: Codec, level?: number): Buffer {
  const cursor = new RecordCursor()
  openBatch(cursor, buffer, at)
  // Records refer to their batch by deltas only, so their bytes stay as they are.
  const records = codec.compress(cursor.buffer.subarray(cursor.position, cursor.end), level)
  const batch = Buffer.concat([buffer.subarray(at, at + BATCH_HEADER_BYTES), records])
  batch.writeInt32BE(batch.length - LOG_OVERHEAD_BYTES, AT.batchLength)
  const attributes = batch.readInt16BE(AT.attributes)
  batch.writeInt16BE(attributes - compressionOf(attributes) + codec.id, AT.attributes)
  updateCrc(batch, 0)
  return batch
}

/** Names of the codecs that the batches in `buffer` need; stops at what is not a whole batch. */
export function codecsUsed(buffer: Buffer): Set<CompressionName> {
  const names = new Set<CompressionName>()
  for (let at = 0; at + BATCH_HEADER_BYTES <= buffer.length; ) {
    const name = COMPRESSION_NAMES[compressionOf(buffer.readInt16BE(at + AT.attributes))]
    if (name !== undefined) names.add(name)
    const size = batchSizeAt(buffer, at)
    if (size < BATCH_HEADER_BYTES) break
    at += size
  }
  return names
}

/** Loads the codecs that the batches in `buffer` need; afterwards they can be read synchronously. */
export async function loadCodecsFor(buffer: Buffer): Promise<void> {
  for (const name of codecsUsed(buffer)) await loadCodec(name)
}
