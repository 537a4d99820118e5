/**
 * Everything a leader must know of a batch before it stores it (Kafka's LogValidator and DefaultRecordBatch): one pass
 * over the bytes, nothing allocated for a good batch but the result, nothing thrown for a bad one.
 */
import { crc32c } from '../../base/crc32c.ts'
import { type ErrorName, KafkaError } from '../error-codes.ts'
import { loadedCodec, MAX_DECOMPRESSED_BYTES } from './compression.ts'
import {
  AT,
  BATCH_HEADER_BYTES,
  batchSizeAt,
  compressionOf,
  isControlBatch,
  isLogAppendTime,
  MAGIC_V2,
  NO_PRODUCER_ID,
  NO_TIMESTAMP,
} from './record-batch.ts'
import { RecordCursor } from './record-cursor.ts'

export interface ValidateOptions {
  /** Sent by a client: offsets must be a fresh batch's, 0 to n - 1, and control records are refused. */
  readonly client: boolean
  /** The topic is compacted: every record needs a key. */
  readonly compacted?: boolean
  /** What the topic makes of timestamps; left out, they are not looked at. */
  readonly timestamps?: TimestampRule
  /** `topic-partition`, for messages. */
  readonly partition: string
  /** Limit of what a compressed batch may hold. */
  readonly maxDecompressedBytes?: number
}

/**
 * CreateTime: within `[nowMs - beforeMaxMs, nowMs + afterMaxMs]`. LogAppendTime: the leader sets it, a batch that claims
 * to have been given it already is refused.
 */
export type TimestampRule =
  | { readonly type: 'CreateTime'; readonly nowMs: number; readonly beforeMaxMs: number; readonly afterMaxMs: number }
  | { readonly type: 'LogAppendTime' }

/** A record that was refused: its index in the batch and why (KIP-467). */
export interface BatchIndexError {
  readonly batchIndex: number
  readonly message: string
}

export interface ValidBatch {
  readonly ok: true
  readonly sizeInBytes: number
  readonly recordCount: number
  /** Largest timestamp of the records in ms, -1 for none. It may differ from what the header says. */
  readonly maxTimestamp: number
}

export interface InvalidBatch {
  readonly ok: false
  readonly error: ErrorName
  readonly message: string
  /** Not empty when single records were refused. */
  readonly recordErrors: readonly BatchIndexError[]
}

export type BatchValidation = ValidBatch | InvalidBatch

/** KIP-467 brings the errors of single records; more than this many help nobody and fill the answer. */
const MAX_RECORD_ERRORS = 1000

/** One for all: validation is synchronous. */
const cursor = new RecordCursor()
const NOTHING = Buffer.alloc(0)

function invalid(error: ErrorName, message: string, recordErrors: readonly BatchIndexError[] = []): InvalidBatch {
  return { ok: false, error, message, recordErrors }
}

/**
 * Checks the batch at `at`: lengths, magic, checksum, header, and every record inside. Codes: CORRUPT_MESSAGE,
 * UNSUPPORTED_FOR_MESSAGE_FORMAT, INVALID_RECORD, INVALID_TIMESTAMP, UNSUPPORTED_COMPRESSION_TYPE, MESSAGE_TOO_LARGE.
 * The codec of a compressed batch must have been loaded.
 */
export function validateBatch(buffer: Buffer, at: number, options: ValidateOptions): BatchValidation {
  return validateFrame(buffer, at, options.partition) ?? validateContent(buffer, at, options)
}

/** Length, magic and checksum: what tells a batch from noise. Null when they are good. */
export function validateFrame(buffer: Buffer, at: number, partition: string): InvalidBatch | null {
  const left = buffer.length - at
  if (left < BATCH_HEADER_BYTES) return invalid('CORRUPT_MESSAGE', `${left} bytes are no record batch`)
  const magic = buffer.readInt8(at + AT.magic)
  if (magic === 0 || magic === 1) {
    return invalid('UNSUPPORTED_FOR_MESSAGE_FORMAT', `Message format v${magic} is not supported, only v2`)
  }
  if (magic !== MAGIC_V2) return invalid('CORRUPT_MESSAGE', `Invalid magic found in record: ${magic}`)
  const size = batchSizeAt(buffer, at)
  if (size < BATCH_HEADER_BYTES || size > left) {
    return invalid(
      'CORRUPT_MESSAGE',
      `Record batch of ${size} bytes where ${left} are left in topic partition ${partition}`,
    )
  }
  const stored = buffer.readUInt32BE(at + AT.crc)
  if (crc32c(buffer, at + AT.attributes, at + size) === stored) return null
  return invalid('CORRUPT_MESSAGE', `Record is corrupt (stored crc = ${stored}) in topic partition ${partition}.`)
}

/** Header fields and records of a batch whose frame is good. */
export function validateContent(buffer: Buffer, at: number, options: ValidateOptions): BatchValidation {
  const refused = options.client ? validateClientHeader(buffer, at, options.partition) : null
  if (refused !== null) return refused
  try {
    const end = at + batchSizeAt(buffer, at)
    const compression = compressionOf(buffer.readInt16BE(at + AT.attributes))
    if (compression === 0) cursor.reset(buffer, at + BATCH_HEADER_BYTES, end)
    else {
      const packed = buffer.subarray(at + BATCH_HEADER_BYTES, end)
      const records = loadedCodec(compression).decompress(
        packed,
        options.maxDecompressedBytes ?? MAX_DECOMPRESSED_BYTES,
      )
      cursor.reset(records, 0, records.length)
    }
    return validateRecords(buffer, at, options)
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error
    return invalid(error.errorName, `${error.message} in topic partition ${options.partition}`)
  } finally {
    // The cursor outlives the batch; what it points at must not.
    cursor.reset(NOTHING, 0, 0)
  }
}

function validateClientHeader(buffer: Buffer, at: number, partition: string): InvalidBatch | null {
  const where = `in topic partition ${partition}`
  const refuse = (message: string) => invalid('INVALID_RECORD', message)
  const baseOffset = buffer.readBigInt64BE(at)
  if (baseOffset !== 0n) {
    return refuse(
      `The baseOffset of the record batch in the append to ${partition} should be 0, but it is ${baseOffset}`,
    )
  }
  const lastOffsetDelta = buffer.readInt32BE(at + AT.lastOffsetDelta)
  const count = buffer.readInt32BE(at + AT.recordCount)
  const range = `[0, ${lastOffsetDelta}]`
  if (lastOffsetDelta < 0) return refuse(`Batch has an invalid offset range: ${range} ${where}`)
  if (count <= 0) return refuse(`Invalid reported count for record batch: ${count} ${where}`)
  if (lastOffsetDelta + 1 !== count) {
    return refuse(`Inconsistent batch offset range ${range} and count of records ${count} ${where}`)
  }
  if (isControlBatch(buffer.readInt16BE(at + AT.attributes))) {
    return refuse(`Clients are not allowed to write control records ${where}`)
  }
  const producerId = buffer.readBigInt64BE(at + AT.producerId)
  const baseSequence = buffer.readInt32BE(at + AT.baseSequence)
  if (producerId === NO_PRODUCER_ID || baseSequence >= 0) return null
  return refuse(`Invalid sequence number ${baseSequence} in record batch with producerId ${producerId} ${where}`)
}

/** Walks the records that `cursor` stands before. */
function validateRecords(buffer: Buffer, at: number, options: ValidateOptions): BatchValidation {
  const count = buffer.readInt32BE(at + AT.recordCount)
  const appendTime = isLogAppendTime(buffer.readInt16BE(at + AT.attributes))
  const baseTimestamp = Number(buffer.readBigInt64BE(at + (appendTime ? AT.maxTimestamp : AT.baseTimestamp)))
  const { client, compacted = false, timestamps } = options
  const bounded = timestamps?.type === 'CreateTime'
  const earliest = bounded ? timestamps.nowMs - timestamps.beforeMaxMs : -Infinity
  const latest = bounded ? timestamps.nowMs + timestamps.afterMaxMs : Infinity
  const refusesAppendTime = appendTime && timestamps?.type === 'LogAppendTime'
  let errors: RecordErrors | null = null
  let maxTimestamp = NO_TIMESTAMP
  let index = 0
  for (; cursor.next(); index++) {
    if (client && cursor.offsetDelta !== index) return outOfOrder(index, options.partition)
    const timestamp = appendTime ? baseTimestamp : baseTimestamp + cursor.timestampDelta
    if (timestamp > maxTimestamp) maxTimestamp = timestamp
    if (compacted && cursor.keyLength < 0) {
      errors ??= new RecordErrors()
      errors.addMissingKey(index, options.partition)
    } else if (refusesAppendTime || ((timestamp < earliest || timestamp > latest) && timestamp !== NO_TIMESTAMP)) {
      errors ??= new RecordErrors()
      errors.addTimestamp(index, timestamp, earliest, latest)
    }
  }
  if (cursor.failure !== null)
    return invalid('INVALID_RECORD', `${cursor.failure} in topic partition ${options.partition}`)
  if (index !== count) {
    return invalid(
      'INVALID_RECORD',
      `Record batch says ${count} records and holds ${index} in topic partition ${options.partition}`,
    )
  }
  if (errors !== null) return errors.result()
  return { ok: true, sizeInBytes: batchSizeAt(buffer, at), recordCount: count, maxTimestamp }
}

function outOfOrder(index: number, partition: string): InvalidBatch {
  const message = `Record ${index} has offset delta ${cursor.offsetDelta} in topic partition ${partition}`
  return invalid('INVALID_RECORD', message)
}

/** Errors of single records, collected: one refuses the whole batch, and the producer is told of each. */
class RecordErrors {
  private readonly list: BatchIndexError[] = []
  private timestamps = false
  private total = 0

  addMissingKey(batchIndex: number, partition: string): void {
    this.add(batchIndex, `Compacted topic cannot accept message without key in topic partition ${partition}`)
  }

  addTimestamp(batchIndex: number, timestamp: number, earliest: number, latest: number): void {
    this.timestamps = true
    if (earliest === -Infinity) {
      this.add(
        batchIndex,
        'Invalid timestamp type in message. Producer should not set timestamp type to LogAppendTime.',
      )
      return
    }
    this.add(
      batchIndex,
      `Timestamp ${timestamp} of message with offset ${batchIndex} is out of range. ` +
        `The timestamp should be within [${earliest}, ${latest}]`,
    )
  }

  private add(batchIndex: number, message: string): void {
    this.total++
    if (this.list.length < MAX_RECORD_ERRORS) this.list.push({ batchIndex, message })
  }

  result(): InvalidBatch {
    if (this.timestamps) {
      return invalid('INVALID_TIMESTAMP', 'One or more records have been rejected due to invalid timestamp', this.list)
    }
    const shown = this.list.slice(0, 3).map((e) => `RecordError(batchIndex=${e.batchIndex}, message='${e.message}')`)
    const message =
      `One or more records have been rejected due to ${this.total} record errors in total, ` +
      `and only showing the first three errors at most: [${shown.join(', ')}]`
    return invalid('INVALID_RECORD', message, this.list)
  }
}
