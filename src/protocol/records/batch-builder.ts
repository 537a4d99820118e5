/**
 * Builds one record batch v2 (protocol guide, "Record Batch") in one buffer that is used again for the next: what a
 * producer appends to while it lingers.
 */
import { crc32c } from '../../base/crc32c.ts'
import { sizeOfVarint, sizeOfVarlong, writeVarint, writeVarlong } from '../../base/varint.ts'
import type { Codec } from './compression.ts'
import {
  AT,
  BATCH_HEADER_BYTES,
  COMPRESSION,
  LOG_OVERHEAD_BYTES,
  MAGIC_V2,
  makeAttributes,
  NO_LEADER_EPOCH,
  NO_PRODUCER_ID,
  NO_SEQUENCE,
  NO_TIMESTAMP,
} from './record-batch.ts'
import { headerKeyLength, type RecordHeader } from './record-header.ts'

/** Everything of a batch's header that the records do not decide. */
export interface BatchOptions {
  readonly baseOffset?: number
  readonly partitionLeaderEpoch?: number
  /** Compresses the records; none leaves them as they are. */
  readonly codec?: Codec
  readonly compressionLevel?: number
  readonly logAppendTime?: boolean
  readonly transactional?: boolean
  readonly control?: boolean
  readonly producerId?: bigint
  readonly producerEpoch?: number
  readonly baseSequence?: number
}

const INITIAL_CAPACITY_BYTES = 16 * 1024
/** Below this many bytes a loop is faster than a call that copies. */
const COPY_LOOP_BYTES = 48
/** Varints and attributes of a record at their longest. */
const RECORD_OVERHEAD_BYTES = 5 + 1 + 10 + 5 + 5 + 5 + 5

export class BatchBuilder {
  private bytes: Buffer
  private position = BATCH_HEADER_BYTES
  private count = 0
  private firstTimestamp = NO_TIMESTAMP
  private latestTimestamp = NO_TIMESTAMP

  constructor(capacityBytes = INITIAL_CAPACITY_BYTES) {
    this.bytes = Buffer.allocUnsafe(Math.max(capacityBytes, BATCH_HEADER_BYTES))
  }

  get recordCount(): number {
    return this.count
  }

  /** Bytes of the batch as it would be now, uncompressed. */
  get sizeInBytes(): number {
    return this.position
  }

  /** Largest timestamp so far in ms, -1 for none. */
  get maxTimestamp(): number {
    return this.latestTimestamp
  }

  /** Forgets the records; the buffer is kept. A batch that `build` returned stays as it is. */
  reset(): void {
    this.position = BATCH_HEADER_BYTES
    this.count = 0
    this.firstTimestamp = NO_TIMESTAMP
    this.latestTimestamp = NO_TIMESTAMP
  }

  /** Bytes of the batch if this record were appended: what to hold against `batch.size` before `append`. */
  sizeWith(
    timestamp: number,
    key: Uint8Array | null,
    value: Uint8Array | null,
    headers?: readonly RecordHeader[],
  ): number {
    const keyLength = key === null ? -1 : key.length
    const valueLength = value === null ? -1 : value.length
    const body = this.bodySize(timestamp, keyLength, valueLength, headers)
    return this.position + sizeOfVarint(body) + body
  }

  private bodySize(
    timestamp: number,
    keyLength: number,
    valueLength: number,
    headers?: readonly RecordHeader[],
  ): number {
    const delta = this.count === 0 ? 0 : timestamp - this.firstTimestamp
    const fixed =
      1 + sizeOfVarlong(delta) + sizeOfVarint(this.count) + sizeOfVarint(keyLength) + sizeOfVarint(valueLength)
    const headersSize = headers === undefined || headers.length === 0 ? 1 : sizeOfHeaders(headers)
    return fixed + Math.max(0, keyLength) + Math.max(0, valueLength) + headersSize
  }

  /** Appends one record. `timestamp` in ms, -1 for none. */
  append(timestamp: number, key: Uint8Array | null, value: Uint8Array | null, headers?: readonly RecordHeader[]): void {
    const keyLength = key === null ? -1 : key.length
    const valueLength = value === null ? -1 : value.length
    this.begin(timestamp, keyLength, valueLength, headers)
    this.field(key ?? this.bytes, 0, keyLength)
    this.field(value ?? this.bytes, 0, valueLength)
    if (headers === undefined || headers.length === 0) this.bytes[this.position++] = 0
    else this.headers(headers)
  }

  /**
   * Appends a record whose key and value are ranges of `source`, without making views of them: for readers of files and
   * pipes. A start of -1 means null.
   */
  appendRange(
    timestamp: number,
    source: Uint8Array,
    keyStart: number,
    keyEnd: number,
    valueStart: number,
    valueEnd: number,
  ): void {
    const keyLength = keyStart < 0 ? -1 : keyEnd - keyStart
    const valueLength = valueStart < 0 ? -1 : valueEnd - valueStart
    this.begin(timestamp, keyLength, valueLength, undefined)
    this.field(source, keyStart, keyLength)
    this.field(source, valueStart, valueLength)
    this.bytes[this.position++] = 0
  }

  /** Makes room for the record and writes what precedes its key. */
  private begin(timestamp: number, keyLength: number, valueLength: number, headers?: readonly RecordHeader[]): void {
    if (this.count === 0) this.firstTimestamp = timestamp
    if (timestamp > this.latestTimestamp) this.latestTimestamp = timestamp
    const body = this.bodySize(timestamp, keyLength, valueLength, headers)
    if (this.position + body + RECORD_OVERHEAD_BYTES > this.bytes.length) this.grow(body + RECORD_OVERHEAD_BYTES)
    const { bytes } = this
    let at = writeVarint(bytes, this.position, body)
    bytes[at++] = 0
    at = writeVarlong(bytes, at, timestamp - this.firstTimestamp)
    this.position = writeVarint(bytes, at, this.count)
    this.count++
  }

  /** A length (-1: null) and the bytes. */
  private field(source: Uint8Array, start: number, length: number): void {
    const { bytes } = this
    const at = writeVarint(bytes, this.position, length)
    if (length <= COPY_LOOP_BYTES) {
      for (let i = 0; i < length; i++) bytes[at + i] = source[start + i]!
    } else {
      bytes.set(start === 0 && length === source.length ? source : source.subarray(start, start + length), at)
    }
    this.position = length > 0 ? at + length : at
  }

  private headers(headers: readonly RecordHeader[]): void {
    const { bytes } = this
    let at = writeVarint(bytes, this.position, headers.length)
    for (const header of headers) {
      const { key, keyBytes, value } = header
      const keyLength = headerKeyLength(header)
      at = writeVarint(bytes, at, keyLength)
      if (keyBytes === undefined) bytes.write(key, at, keyLength, 'utf8')
      else bytes.set(keyBytes, at)
      at = writeVarint(bytes, at + keyLength, value === null ? -1 : value.length)
      if (value === null) continue
      bytes.set(value, at)
      at += value.length
    }
    this.position = at
  }

  private grow(bytes: number): void {
    const next = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.position + bytes))
    this.bytes.copy(next, 0, 0, this.position)
    this.bytes = next
  }

  /**
   * The finished batch, its own copy; the builder keeps its records until `reset`. Base offset 0 unless given.
   * `lastOffsetDelta` and count follow from the records.
   */
  build(options: BatchOptions = {}): Buffer {
    const { codec } = options
    const raw = this.bytes.subarray(BATCH_HEADER_BYTES, this.position)
    const records =
      codec === undefined || codec.id === COMPRESSION.none ? raw : codec.compress(raw, options.compressionLevel)
    const batch = Buffer.allocUnsafe(BATCH_HEADER_BYTES + records.length)
    batch.set(records, BATCH_HEADER_BYTES)
    this.writeHeader(batch, options)
    return batch
  }

  private writeHeader(batch: Buffer, options: BatchOptions): void {
    const { codec, logAppendTime, transactional, control } = options
    const attributes = makeAttributes({ compression: codec?.id ?? 0, logAppendTime, transactional, control })
    batch.writeBigInt64BE(BigInt(options.baseOffset ?? 0), AT.baseOffset)
    batch.writeInt32BE(batch.length - LOG_OVERHEAD_BYTES, AT.batchLength)
    batch.writeInt32BE(options.partitionLeaderEpoch ?? NO_LEADER_EPOCH, AT.partitionLeaderEpoch)
    batch.writeInt8(MAGIC_V2, AT.magic)
    batch.writeInt16BE(attributes, AT.attributes)
    batch.writeInt32BE(this.count - 1, AT.lastOffsetDelta)
    batch.writeBigInt64BE(BigInt(this.firstTimestamp), AT.baseTimestamp)
    batch.writeBigInt64BE(BigInt(this.latestTimestamp), AT.maxTimestamp)
    batch.writeBigInt64BE(options.producerId ?? NO_PRODUCER_ID, AT.producerId)
    batch.writeInt16BE(options.producerEpoch ?? -1, AT.producerEpoch)
    batch.writeInt32BE(options.baseSequence ?? NO_SEQUENCE, AT.baseSequence)
    batch.writeInt32BE(this.count, AT.recordCount)
    batch.writeUInt32BE(crc32c(batch, AT.attributes), AT.crc)
  }
}

function sizeOfHeaders(headers: readonly RecordHeader[]): number {
  let size = sizeOfVarint(headers.length)
  for (const header of headers) {
    const keyLength = headerKeyLength(header)
    const { value } = header
    size += sizeOfVarint(keyLength) + keyLength
    size += value === null ? 1 : sizeOfVarint(value.length) + value.length
  }
  return size
}
