/**
 * Header of a record batch, magic 2 (protocol guide, "Record Batch"; KIP-98). Batches stay opaque on the hot path: these
 * functions read and patch the 61-byte header in place. Offsets and timestamps above this floor are numbers (exact up
 * to 2^53); producer ids stay bigint.
 */

import { crc32c } from '../../base/crc32c.ts'

export const BATCH_HEADER_BYTES = 61
/** Base offset and length: what precedes the bytes that `length` counts. */
export const LOG_OVERHEAD_BYTES = 12
export const MAGIC_V2 = 2
export const NO_PRODUCER_ID = -1n
export const NO_SEQUENCE = -1
export const NO_LEADER_EPOCH = -1
export const NO_TIMESTAMP = -1

/** Byte positions in the header. */
export const AT = {
  baseOffset: 0,
  batchLength: 8,
  partitionLeaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  recordCount: 57,
  records: 61,
} as const

export const COMPRESSION = { none: 0, gzip: 1, snappy: 2, lz4: 3, zstd: 4 } as const
export type CompressionName = keyof typeof COMPRESSION
export const COMPRESSION_NAMES = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const

const COMPRESSION_MASK = 0x07
const TIMESTAMP_TYPE_MASK = 0x08
const TRANSACTIONAL_MASK = 0x10
const CONTROL_MASK = 0x20
const DELETE_HORIZON_MASK = 0x40

export interface RecordBatchHeader {
  readonly baseOffset: number
  /** Whole size in bytes, header and the 12 bytes before `length` included. */
  readonly sizeInBytes: number
  readonly partitionLeaderEpoch: number
  readonly magic: number
  readonly crc: number
  readonly attributes: number
  readonly lastOffsetDelta: number
  readonly lastOffset: number
  readonly baseTimestamp: number
  readonly maxTimestamp: number
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly recordCount: number
}

export const compressionOf = (attributes: number): number => attributes & COMPRESSION_MASK
export const isLogAppendTime = (attributes: number): boolean => (attributes & TIMESTAMP_TYPE_MASK) !== 0
export const isTransactional = (attributes: number): boolean => (attributes & TRANSACTIONAL_MASK) !== 0
export const isControlBatch = (attributes: number): boolean => (attributes & CONTROL_MASK) !== 0
export const hasDeleteHorizon = (attributes: number): boolean => (attributes & DELETE_HORIZON_MASK) !== 0

export function makeAttributes(options: {
  compression?: number
  logAppendTime?: boolean
  transactional?: boolean
  control?: boolean
}): number {
  return (
    (options.compression ?? 0) |
    (options.logAppendTime ? TIMESTAMP_TYPE_MASK : 0) |
    (options.transactional ? TRANSACTIONAL_MASK : 0) |
    (options.control ? CONTROL_MASK : 0)
  )
}

/** Whole size of the batch that starts at `at`, from its length field alone; not checked against what is there. */
export function batchSizeAt(buffer: Buffer, at: number): number {
  return buffer.readInt32BE(at + AT.batchLength) + LOG_OVERHEAD_BYTES
}

/** Reads the header at `at`. The caller has made sure that 61 bytes are there. */
export function readBatchHeader(buffer: Buffer, at = 0): RecordBatchHeader {
  const baseOffset = Number(buffer.readBigInt64BE(at))
  const lastOffsetDelta = buffer.readInt32BE(at + AT.lastOffsetDelta)
  return {
    baseOffset,
    sizeInBytes: batchSizeAt(buffer, at),
    partitionLeaderEpoch: buffer.readInt32BE(at + AT.partitionLeaderEpoch),
    magic: buffer.readInt8(at + AT.magic),
    crc: buffer.readUInt32BE(at + AT.crc),
    attributes: buffer.readInt16BE(at + AT.attributes),
    lastOffsetDelta,
    lastOffset: baseOffset + lastOffsetDelta,
    baseTimestamp: Number(buffer.readBigInt64BE(at + AT.baseTimestamp)),
    maxTimestamp: Number(buffer.readBigInt64BE(at + AT.maxTimestamp)),
    producerId: buffer.readBigInt64BE(at + AT.producerId),
    producerEpoch: buffer.readInt16BE(at + AT.producerEpoch),
    baseSequence: buffer.readInt32BE(at + AT.baseSequence),
    recordCount: buffer.readInt32BE(at + AT.recordCount),
  }
}

/** What a leader may rewrite without touching the CRC, which starts at the attributes. */
export function setBaseOffset(buffer: Buffer, at: number, baseOffset: number): void {
  buffer.writeBigInt64BE(BigInt(baseOffset), at + AT.baseOffset)
}
export function setPartitionLeaderEpoch(buffer: Buffer, at: number, epoch: number): void {
  buffer.writeInt32BE(epoch, at + AT.partitionLeaderEpoch)
}

/**
 * Sets timestamp type and largest timestamp as a leader does, and the checksum after them; touches nothing when the
 * header already says so, which is the usual case.
 */
export function setMaxTimestamp(buffer: Buffer, at: number, logAppendTime: boolean, maxTimestamp: number): void {
  const attributes = buffer.readInt16BE(at + AT.attributes)
  const stored = Number(buffer.readBigInt64BE(at + AT.maxTimestamp))
  if (isLogAppendTime(attributes) === logAppendTime && stored === maxTimestamp) return
  const others = attributes & ~TIMESTAMP_TYPE_MASK
  buffer.writeInt16BE(logAppendTime ? others | TIMESTAMP_TYPE_MASK : others, at + AT.attributes)
  buffer.writeBigInt64BE(BigInt(maxTimestamp), at + AT.maxTimestamp)
  updateCrc(buffer, at)
}

/** Computes and stores the checksum of the batch at `at`. */
export function updateCrc(buffer: Buffer, at: number): void {
  buffer.writeUInt32BE(crc32c(buffer, at + AT.attributes, at + batchSizeAt(buffer, at)), at + AT.crc)
}
