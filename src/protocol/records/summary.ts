/**
 * What a `records` field holds, by the headers of its batches alone: for tools that tell what goes over the wire. Works
 * on pieces as they come, so that nobody has to hold the records to say how many there are.
 */
import {
  AT,
  BATCH_HEADER_BYTES,
  COMPRESSION_NAMES,
  compressionOf,
  isControlBatch,
  isTransactional,
  LOG_OVERHEAD_BYTES,
  MAGIC_V2,
  readBatchHeader,
} from './record-batch.ts'

/** One batch, as its header has it. */
export interface BatchSummary {
  readonly baseOffset: number
  readonly lastOffset: number
  readonly recordCount: number
  readonly sizeInBytes: number
  readonly compression: string
  readonly partitionLeaderEpoch: number
  /** -1n: the producer has no id, so duplicates are not recognised. */
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly isTransactional: boolean
  readonly isControl: boolean
  readonly maxTimestamp: number
}

/** Batches that are kept one by one; the others are counted. */
const MAX_BATCHES_KEPT = 20
/** A batch's length counts everything behind it, so a header alone has this much. */
const LEAST_LENGTH = BATCH_HEADER_BYTES - LOG_OVERHEAD_BYTES

/** A `records` field, summed up. */
export class RecordsSummary {
  sizeInBytes = 0
  batchCount = 0
  /** As the headers say it: records that compaction has removed are not among them. */
  recordCount = 0
  /** -1 where there is no batch. */
  firstOffset = -1
  lastOffset = -1
  /** The first ones. */
  readonly batches: BatchSummary[] = []
  /** Why the bytes from some point on are no batches; null when all were. */
  unreadable: string | null = null
  /** Bytes of a last batch that was cut off, as answers to Fetch may have it. */
  incompleteBytes = 0
}

/** Takes the bytes of one `records` field in pieces. */
export class RecordsScanner {
  readonly summary = new RecordsSummary()
  readonly #header = Buffer.alloc(BATCH_HEADER_BYTES)
  #filled = 0
  /** Bytes of the present batch that are not here yet, behind its header. */
  #left = 0
  #batchBytes = 0

  push(piece: Buffer): void {
    const { summary } = this
    summary.sizeInBytes += piece.length
    let at = 0
    while (at < piece.length && summary.unreadable === null) {
      if (this.#left > 0) {
        const skipped = Math.min(this.#left, piece.length - at)
        this.#left -= skipped
        at += skipped
      } else at += this.#fillHeader(piece, at)
      if (this.#left === 0 && this.#filled === BATCH_HEADER_BYTES) this.#end()
    }
  }

  #fillHeader(piece: Buffer, at: number): number {
    const taken = piece.copy(this.#header, this.#filled, at, at + BATCH_HEADER_BYTES - this.#filled)
    this.#filled += taken
    if (this.#filled === BATCH_HEADER_BYTES) this.#begin()
    return taken
  }

  #begin(): void {
    const magic = this.#header.readInt8(AT.magic)
    const length = this.#header.readInt32BE(AT.batchLength)
    if (magic !== MAGIC_V2) this.summary.unreadable = `magic ${magic}, a format of before Kafka 0.11`
    else if (length < LEAST_LENGTH) this.summary.unreadable = `a batch of ${length} bytes`
    this.#left = Math.max(0, length - LEAST_LENGTH)
    this.#batchBytes = length + LOG_OVERHEAD_BYTES
  }

  #end(): void {
    this.#filled = 0
    const { summary } = this
    if (summary.unreadable !== null) return
    const header = readBatchHeader(this.#header)
    summary.batchCount++
    summary.recordCount += Math.max(0, header.recordCount)
    if (summary.firstOffset < 0) summary.firstOffset = header.baseOffset
    summary.lastOffset = header.lastOffset
    if (summary.batches.length >= MAX_BATCHES_KEPT) return
    const { attributes } = header
    summary.batches.push({
      ...header,
      compression: COMPRESSION_NAMES[compressionOf(attributes) as 0] ?? `codec ${compressionOf(attributes)}`,
      isTransactional: isTransactional(attributes),
      isControl: isControlBatch(attributes),
    })
  }

  /** All bytes of the field were pushed. */
  finish(): RecordsSummary {
    const { summary } = this
    const hasRest = this.#filled > 0 || this.#left > 0
    if (hasRest) {
      summary.incompleteBytes = this.#filled < BATCH_HEADER_BYTES ? this.#filled : this.#batchBytes - this.#left
    }
    return summary
  }
}

/** Sums up a `records` field that is here as a whole. */
export function summariseRecords(records: Buffer): RecordsSummary {
  const scanner = new RecordsScanner()
  scanner.push(records)
  return scanner.finish()
}
