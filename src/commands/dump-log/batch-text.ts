/** Text of batches and their records, as `kafka-dump-log.sh` prints them. */
import { crc32c } from '../../base/crc32c.ts'
import type { Structure } from '../../cli/format.ts'
import {
  AT,
  COMPRESSION_NAMES,
  compressionOf,
  hasDeleteHorizon,
  isControlBatch,
  isLogAppendTime,
  isTransactional,
  NO_SEQUENCE,
  type RecordBatchHeader,
} from '../../protocol/records/record-batch.ts'
import type { RecordCursor } from '../../protocol/records/record-cursor.ts'
import type { FileBatch } from './batch-file.ts'
import { controlRecordText } from './control-records.ts'

/** Sequences are 31 bits and wrap to 0 (KIP-98). */
const SEQUENCE_MODULUS = 2 ** 31

/** Sequence number `delta` records after the batch's first; -1 for a producer without sequences. */
function sequenceAfter(baseSequence: number, delta: number): number {
  return baseSequence === NO_SEQUENCE ? NO_SEQUENCE : (baseSequence + delta) % SEQUENCE_MODULUS
}

function timestampType(header: RecordBatchHeader): string {
  return isLogAppendTime(header.attributes) ? 'LogAppendTime' : 'CreateTime'
}

/** With a delete horizon the base timestamp is when the tombstones may go (KIP-534). */
function deleteHorizon(header: RecordBatchHeader): string {
  return hasDeleteHorizon(header.attributes) ? `OptionalLong[${header.baseTimestamp}]` : 'OptionalLong.empty'
}

/** The line of one batch, without its line break. */
export function batchLine({ buffer, at, header, position }: FileBatch): string {
  const { attributes } = header
  const isValid = crc32c(buffer, at + AT.attributes, at + header.sizeInBytes) === header.crc
  return [
    `baseOffset: ${header.baseOffset}`,
    `lastOffset: ${header.lastOffset}`,
    `count: ${header.recordCount}`,
    `baseSequence: ${header.baseSequence}`,
    `lastSequence: ${sequenceAfter(header.baseSequence, header.lastOffsetDelta)}`,
    `producerId: ${header.producerId}`,
    `producerEpoch: ${header.producerEpoch}`,
    `partitionLeaderEpoch: ${header.partitionLeaderEpoch}`,
    `isTransactional: ${isTransactional(attributes)}`,
    `isControl: ${isControlBatch(attributes)}`,
    `deleteHorizonMs: ${deleteHorizon(header)}`,
    `position: ${position}`,
    `${timestampType(header)}: ${header.maxTimestamp}`,
    `size: ${header.sizeInBytes}`,
    `magic: ${header.magic}`,
    `compresscodec: ${COMPRESSION_NAMES[compressionOf(attributes)] ?? 'unknown'}`,
    `crc: ${header.crc}`,
    `isvalid: ${isValid}`,
  ].join(' ')
}

/** The same as a structure. */
export function batchFields({ buffer, at, header, position }: FileBatch): Record<string, Structure> {
  const { attributes, sizeInBytes, recordCount, crc, ...rest } = header
  return {
    ...rest,
    lastSequence: sequenceAfter(header.baseSequence, header.lastOffsetDelta),
    count: recordCount,
    isTransactional: isTransactional(attributes),
    isControl: isControlBatch(attributes),
    deleteHorizonMs: hasDeleteHorizon(attributes) ? header.baseTimestamp : null,
    position,
    timestampType: timestampType(header),
    sizeInBytes,
    compression: COMPRESSION_NAMES[compressionOf(attributes)] ?? 'unknown',
    crc,
    isValid: crc32c(buffer, at + AT.attributes, at + sizeInBytes) === crc,
  }
}

/** What is known of a record beside its contents; of a control record these are the contents. */
export function recordLine(record: RecordCursor, header: RecordBatchHeader, offset: number, timestamp: number): string {
  // One template, and few digits made anew: a segment has millions of these.
  const sequence = sequenceAfter(header.baseSequence, record.offsetDelta)
  const line = `| offset: ${offset} ${timestampType(header)}: ${digits(timestamp)} keySize: ${record.keyLength} valueSize: ${record.valueLength} sequence: ${sequence} headerKeys: [${headerKeys(record)}]`
  return isControlBatch(header.attributes) ? `${line} ${controlRecordText(record.key(), record.value())}` : line
}

function headerKeys(record: RecordCursor): string {
  if (record.headerCount === 0) return ''
  const keys = record.headers().map((each) => each.key)
  return keys.join(',')
}

const MILLION = 1_000_000
let millions = -1
let millionsText = ''

/** A timestamp in decimal; neighbours share all but the last six digits, and large numbers cost most to be written. */
function digits(timestamp: number): string {
  if (timestamp < MILLION) return String(timestamp)
  const high = Math.floor(timestamp / MILLION)
  if (high !== millions) {
    millions = high
    millionsText = String(high)
  }
  return millionsText + String(MILLION + timestamp - high * MILLION).slice(1)
}

/** The same as a structure; `control` holds a control record's contents. */
export function recordFields(
  record: RecordCursor,
  header: RecordBatchHeader,
  offset: number,
  timestamp: number,
): Record<string, Structure> {
  const isControl = isControlBatch(header.attributes)
  return {
    offset,
    timestamp,
    timestampType: timestampType(header),
    keySize: record.keyLength,
    valueSize: record.valueLength,
    sequence: sequenceAfter(header.baseSequence, record.offsetDelta),
    headerKeys: record.headers().map((each) => each.key),
    ...(isControl ? { control: controlRecordText(record.key(), record.value()) } : {}),
  }
}
