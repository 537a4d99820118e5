/** Batches as a fetcher hands them over, made of records. */
import type { FetchedBatch } from '../../src/client/fetcher.ts'
import { loadCodec } from '../../src/protocol/records/compression.ts'
import { encodeBatch, type RecordInput } from '../../src/protocol/records/record.ts'
import { type CompressionName, readBatchHeader } from '../../src/protocol/records/record-batch.ts'

export interface FetchedBatchOptions {
  readonly topic?: string
  readonly partition?: number
  readonly baseOffset?: number
  /** What was asked for; records before it are not to be seen. */
  readonly firstOffset?: number
  readonly compression?: CompressionName
  readonly logAppendTime?: boolean
}

/** Text as key and value; a value of null is a tombstone. */
export function textRecord(value: string | null, more: Partial<RecordInput> = {}): RecordInput {
  return { key: null, value: value === null ? null : Buffer.from(value), timestamp: 1000, ...more }
}

/** One answer's buffer with these batches one behind the other. */
export async function fetchedBatches(
  batches: readonly (readonly RecordInput[])[],
  options: FetchedBatchOptions = {},
): Promise<FetchedBatch[]> {
  const codec = await loadCodec(options.compression ?? 'none')
  let baseOffset = options.baseOffset ?? 0
  const encoded = batches.map((records) => {
    const batch = encodeBatch(records, { baseOffset, codec, logAppendTime: options.logAppendTime })
    baseOffset += records.length
    return Buffer.from(batch)
  })
  const buffer = Buffer.concat(encoded)
  let at = 0
  return encoded.map((batch) => {
    const fetched = {
      topic: options.topic ?? 'orders',
      partition: options.partition ?? 0,
      buffer,
      at,
      header: readBatchHeader(buffer, at),
      firstOffset: options.firstOffset ?? 0,
      highWatermark: baseOffset,
    }
    at += batch.length
    return fetched
  })
}
