/** The first records of parts of partitions: for what looks at a few of them. */
import type { ClientOptions } from '../client/admin-types.ts'
import { decodeRecords, type KafkaRecord } from '../protocol/records/record.ts'
import { isLogAppendTime } from '../protocol/records/record-batch.ts'
import { openSpans, type PartitionSpan } from './console-consumer/range-source.ts'

/** Small answers: only the beginning of each part is wanted. Whole batches come all the same. */
const FETCH_BYTES = 64 * 1024

/** A record, and what its timestamp is. */
export type TimedRecord = KafkaRecord & { readonly timestampType: 'CreateTime' | 'LogAppendTime' }

/** At most `count` records of each span, from its beginning, by `topic-partition`; reading ends as soon as they are there. */
export async function firstRecords(
  spans: readonly PartitionSpan[],
  count: number,
  connection: ClientOptions,
): Promise<Map<string, TimedRecord[]>> {
  const found = new Map<string, TimedRecord[]>(spans.map((span) => [spanKey(span), []]))
  const missing = new Set(spans.filter(({ from, to }) => from < to).map(spanKey))
  const source = await openSpans(spans, true, connection, { maxPartitionBytes: FETCH_BYTES })
  try {
    while (missing.size > 0) {
      const batch = await source.next()
      if (batch === null) break
      const key = spanKey(batch)
      const { firstOffset, endOffset = Number.POSITIVE_INFINITY } = batch
      const records = found.get(key)!
      const timestampType = isLogAppendTime(batch.header.attributes) ? 'LogAppendTime' : 'CreateTime'
      for (const record of decodeRecords(batch.buffer, batch.at)) {
        if (records.length >= count || record.offset < firstOffset || record.offset >= endOffset) continue
        records.push({ ...record, timestampType })
      }
      if (records.length >= count) missing.delete(key)
    }
  } finally {
    await source.close()
  }
  return found
}

/** `topic-partition` */
export function spanKey({ topic, partition }: { readonly topic: string; readonly partition: number }): string {
  return `${topic}-${partition}`
}
