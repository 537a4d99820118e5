/** Cuts the records of one partition's answer into whole batches, checks them, and leaves out what a reader must not see. */
import { crc32c } from '../../base/crc32c.ts'
import { KafkaError } from '../../protocol/error-codes.ts'
import { forEachRecord } from '../../protocol/records/record.ts'
import {
  AT,
  BATCH_HEADER_BYTES,
  batchSizeAt,
  isControlBatch,
  isTransactional,
  MAGIC_V2,
  type RecordBatchHeader,
  readBatchHeader,
} from '../../protocol/records/record-batch.ts'

/** A whole batch as it came; its records are walked with `forEachRecord(buffer, at, ...)`. */
export interface FetchedBatch {
  readonly topic: string
  readonly partition: number
  /** The batch is `buffer[at, at + header.sizeInBytes)`, a view of the answer that holds it. */
  readonly buffer: Buffer
  readonly at: number
  readonly header: RecordBatchHeader
  /** Records before this offset were not asked for: a fetch from the middle of a batch gets the whole batch. */
  readonly firstOffset: number
  /** Records from this offset on are not wanted; left out: all are. */
  readonly endOffset?: number
  readonly highWatermark: number
}

export interface AbortedTransaction {
  readonly producerId: bigint
  readonly firstOffset: bigint
}

export interface SplitOptions {
  readonly topic: string
  readonly partition: number
  readonly fetchOffset: number
  readonly highWatermark: number
  readonly checkCrcs: boolean
  /** null reads uncommitted. */
  readonly aborted: readonly AbortedTransaction[] | null
}

export interface SplitResult {
  readonly batches: FetchedBatch[]
  /** Where the next fetch begins, beyond control and aborted batches too. */
  readonly nextOffset: number
}

const ABORT_MARKER = 0

/** Throws `KafkaError` CORRUPT_MESSAGE, or UNSUPPORTED_FOR_MESSAGE_FORMAT for magic 0 and 1. */
export function splitBatches(records: Buffer, options: SplitOptions): SplitResult {
  const { fetchOffset } = options
  const batches: FetchedBatch[] = []
  const filter = options.aborted === null ? null : new AbortedFilter(options.aborted)
  let nextOffset = fetchOffset
  for (let at = 0; records.length - at >= BATCH_HEADER_BYTES; ) {
    const size = batchSizeAt(records, at)
    // The broker cuts at its byte limit: what is left of the last batch comes again.
    if (size > records.length - at) break
    if (size < BATCH_HEADER_BYTES) throw corrupt(options, nextOffset, `a batch of ${size} bytes`)
    const header = readBatchHeader(records, at)
    check(records, at, header, options)
    if (header.lastOffset >= fetchOffset) {
      if (isWanted(records, at, header, filter)) {
        const { topic, partition, highWatermark } = options
        batches.push({ topic, partition, buffer: records, at, header, firstOffset: fetchOffset, highWatermark })
      }
      nextOffset = header.lastOffset + 1
    }
    at += size
  }
  return { batches, nextOffset }
}

function isWanted(records: Buffer, at: number, header: RecordBatchHeader, filter: AbortedFilter | null): boolean {
  const hidden = filter?.hides(records, at, header) ?? false
  return !hidden && !isControlBatch(header.attributes)
}

function check(records: Buffer, at: number, header: RecordBatchHeader, options: SplitOptions): void {
  if (header.magic !== MAGIC_V2) {
    throw new KafkaError('UNSUPPORTED_FOR_MESSAGE_FORMAT', `Message format v${header.magic} is not supported, only v2`)
  }
  if (!options.checkCrcs) return
  const computed = crc32c(records, at + AT.attributes, at + header.sizeInBytes)
  if (computed === header.crc) return
  throw corrupt(
    options,
    header.baseOffset,
    `Record is corrupt (stored crc = ${header.crc}, computed crc = ${computed})`,
  )
}

function corrupt({ topic, partition }: SplitOptions, offset: number, cause: string): KafkaError {
  const message = `Record batch for partition ${topic}-${partition} at offset ${offset} is invalid, cause: ${cause}`
  return new KafkaError('CORRUPT_MESSAGE', message)
}

/**
 * Hides batches of aborted transactions (KIP-98): a producer's batches are aborted from the first offset the broker
 * names until that producer's abort marker.
 */
class AbortedFilter {
  private readonly upcoming: AbortedTransaction[]
  private readonly producers = new Set<bigint>()

  constructor(aborted: readonly AbortedTransaction[]) {
    this.upcoming = [...aborted].sort((left, right) => Number(left.firstOffset - right.firstOffset))
  }

  hides(records: Buffer, at: number, header: RecordBatchHeader): boolean {
    while (this.upcoming.length > 0 && this.upcoming[0]!.firstOffset <= BigInt(header.lastOffset)) {
      this.producers.add(this.upcoming.shift()!.producerId)
    }
    if (!isTransactional(header.attributes) || !this.producers.has(header.producerId)) return false
    if (isControlBatch(header.attributes) && isAbortMarker(records, at)) this.producers.delete(header.producerId)
    return true
  }
}

/** Key of a control record: version int16, type int16. */
function isAbortMarker(records: Buffer, at: number): boolean {
  let type = -1
  forEachRecord(records, at, (record) => {
    const key = record.key()
    type = key !== null && key.length >= 4 ? key.readInt16BE(2) : -1
    return false
  })
  return type === ABORT_MARKER
}
