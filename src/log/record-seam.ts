import { readBatchHeader } from '../protocol/records/record-batch.ts'

/** Offset and timestamp of each record in a batch. Header granularity until the records floor decodes them. */
export function* decodeTimestamps(batch: Buffer): Generator<{ offset: number; timestamp: number }> {
  const header = readBatchHeader(batch)
  yield { offset: header.baseOffset, timestamp: header.maxTimestamp }
}
