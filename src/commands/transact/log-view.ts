/** What a partition holds, offset by offset, and how much of it each kind of reader sees. Pure, from what brokers answered. */
import type { TopicPartition } from '../../client/admin-types.ts'
import { splitBatches } from '../../client/fetcher/batches.ts'
import type { IsolatedRecords } from '../../client/isolated-fetch.ts'
import { controlRecordType } from '../../protocol/records/control-record.ts'
import { decodeRecords } from '../../protocol/records/record.ts'
import {
  BATCH_HEADER_BYTES,
  batchSizeAt,
  isControlBatch,
  isTransactional,
  NO_PRODUCER_ID,
  type RecordBatchHeader,
  readBatchHeader,
} from '../../protocol/records/record-batch.ts'

/** How the transaction of a record ended; `none` for a record outside of any. */
export type TransactionEnd = 'none' | 'open' | 'committed' | 'aborted'

export interface LogEntry {
  readonly offset: number
  /** `commit` and `abort` are the markers that end a transaction (KIP-98): readers never get them. */
  readonly kind: 'record' | 'commit' | 'abort'
  readonly key: string | null
  readonly value: string | null
  /** null: written by no idempotent producer. */
  readonly producerId: bigint | null
  readonly producerEpoch: number
  readonly transaction: TransactionEnd
  /** A reader of committed records gets it. */
  readonly readCommitted: boolean
}

export interface PartitionView extends TopicPartition {
  readonly logStartOffset: number
  readonly highWatermark: number
  readonly lastStableOffset: number
  /** From `fromOffset` to the high watermark, without gaps that compaction did not make. */
  readonly fromOffset: number
  readonly entries: readonly LogEntry[]
}

/** Lays the two answers over each other; both are from `fromOffset` on. Codecs of the batches have been loaded. */
export function partitionView(
  partition: TopicPartition,
  fromOffset: number,
  uncommitted: IsolatedRecords,
  committed: IsolatedRecords,
): PartitionView {
  const visible = offsetsOf(partition, fromOffset, committed)
  const entries: LogEntry[] = []
  // From the end to the beginning: the first marker of a producer that is met ends what stands before it.
  const ends = new Map<bigint, TransactionEnd>()
  for (const batch of allBatches(fromOffset, uncommitted.records).reverse()) {
    const { producerId, producerEpoch, attributes } = batch.header
    const common = { producerId: producerId === NO_PRODUCER_ID ? null : producerId, producerEpoch }
    if (isControlBatch(attributes)) {
      const [marker] = decodeRecords(batch.buffer, batch.at)
      const type = marker === undefined ? null : controlRecordType(marker.key)
      if (marker === undefined || (type !== 'commit' && type !== 'abort')) continue
      ends.set(producerId, type === 'commit' ? 'committed' : 'aborted')
      const transaction = ends.get(producerId)!
      entries.push({
        offset: marker.offset,
        kind: type,
        key: null,
        value: null,
        ...common,
        transaction,
        readCommitted: false,
      })
      continue
    }
    const transaction = isTransactional(attributes) ? (ends.get(producerId) ?? 'open') : 'none'
    for (const { offset, key, value } of decodeRecords(batch.buffer, batch.at).reverse()) {
      if (offset < fromOffset) continue
      const text = { key: key?.toString('utf8') ?? null, value: value?.toString('utf8') ?? null }
      entries.push({ offset, kind: 'record', ...text, ...common, transaction, readCommitted: visible.has(offset) })
    }
  }
  const { logStartOffset, highWatermark, lastStableOffset } = uncommitted
  return { ...partition, logStartOffset, highWatermark, lastStableOffset, fromOffset, entries: entries.reverse() }
}

/** Offsets of what a reader of committed records is given: the same steps as a consumer's. */
function offsetsOf(partition: TopicPartition, fetchOffset: number, answer: IsolatedRecords): Set<number> {
  const { highWatermark, aborted } = answer
  const { batches } = splitBatches(answer.records, {
    ...partition,
    fetchOffset,
    highWatermark,
    checkCrcs: true,
    aborted,
  })
  return new Set(batches.flatMap(({ buffer, at }) => decodeRecords(buffer, at).map(({ offset }) => offset)))
}

interface RawBatch {
  readonly buffer: Buffer
  readonly at: number
  readonly header: RecordBatchHeader
}

/** Control batches too, which `splitBatches` keeps from readers. */
function allBatches(fetchOffset: number, records: Buffer): RawBatch[] {
  const batches: RawBatch[] = []
  for (let at = 0; records.length - at >= BATCH_HEADER_BYTES; ) {
    const size = batchSizeAt(records, at)
    if (size < BATCH_HEADER_BYTES || size > records.length - at) break
    const header = readBatchHeader(records, at)
    if (header.lastOffset >= fetchOffset) batches.push({ buffer: records, at, header })
    at += size
  }
  return batches
}
