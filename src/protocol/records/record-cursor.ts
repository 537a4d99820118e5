/**
 * Walks the records of one batch without allocating (protocol guide, "Record"). The cursor is one object whose fields
 * hold the current record as byte positions; it believes no length before it has checked it.
 */
import { KafkaError } from '../error-codes.ts'
import { headerOf, type RecordHeader } from './record-header.ts'

export class RecordCursor {
  /** Where the records are: the batch itself, or its decompressed records. */
  buffer: Buffer = EMPTY
  /** Position of the next record, and where the records end. */
  position = 0
  end = 0

  /** Why the last `next()` stopped before its time, null when all is well. */
  failure: string | null = null

  /** The current record: position of its length prefix, and the position behind its last byte. */
  start = 0
  recordEnd = 0
  attributes = 0
  /** Milliseconds after the batch's base timestamp. */
  timestampDelta = 0
  offsetDelta = 0
  /** Length -1: null. */
  keyStart = 0
  keyLength = -1
  valueStart = 0
  valueLength = -1
  headersStart = 0
  headerCount = 0

  /** Starts at the first record of `buffer[position, end)`. */
  reset(buffer: Buffer, position: number, end: number): void {
    this.buffer = buffer
    this.position = position
    this.end = end
    this.failure = null
  }

  /** Moves to the next record. False at the end, and where the bytes are not a record: then `failure` says why. */
  next(): boolean {
    if (this.position >= this.end) return false
    this.start = this.position
    const size = this.varint()
    const bodyStart = this.position
    if (size < 0 || size > this.end - bodyStart) return this.fail('Invalid record size', size)
    this.recordEnd = bodyStart + size
    this.attributes = this.buffer[this.position++]!
    this.timestampDelta = this.varlong()
    this.offsetDelta = this.varint()
    this.keyLength = this.varint()
    this.keyStart = this.position
    if (!this.skipField(this.keyLength)) return this.fail('Invalid key size', this.keyLength)
    this.valueLength = this.varint()
    this.valueStart = this.position
    if (!this.skipField(this.valueLength)) return this.fail('Invalid value size', this.valueLength)
    this.headerCount = this.varint()
    this.headersStart = this.position
    if (this.headerCount !== 0 && !this.skipHeaders()) return false
    if (this.position !== this.recordEnd || this.failure !== null) return this.fail('Invalid record size', size)
    return true
  }

  private fail(reason: string, value: number): boolean {
    this.failure ??= `${reason}: ${value} at byte ${this.start}`
    return false
  }

  /** Null (below zero) takes no bytes. Positions never pass the record's end. */
  private skipField(length: number): boolean {
    if (length > 0) this.position += length
    return this.position <= this.recordEnd
  }

  private skipHeaders(): boolean {
    const count = this.headerCount
    // A header takes at least two bytes.
    if (count < 0 || count > this.recordEnd - this.position) return this.fail('Invalid number of record headers', count)
    for (let i = 0; i < count; i++) {
      const keyLength = this.varint()
      if (keyLength < 0 || !this.skipField(keyLength)) return this.fail('Invalid header key size', keyLength)
      const valueLength = this.varint()
      if (!this.skipField(valueLength)) return this.fail('Invalid header value size', valueLength)
    }
    return true
  }

  /** Zig-zag, at most 5 bytes. Bytes behind the buffer read as undefined, which ends the loop like a zero. */
  private varint(): number {
    const { buffer } = this
    let byte = buffer[this.position++]!
    if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1)
    let raw = byte & 0x7f
    for (let shift = 7; shift < 35; shift += 7) {
      byte = buffer[this.position++]!
      raw |= (byte & 0x7f) << shift
      if (!(byte >= 0x80)) return (raw >>> 1) ^ -(raw & 1)
    }
    this.failure ??= `Varint is too long at byte ${this.start}`
    return 0
  }

  /** Zig-zag, at most 10 bytes; exact up to 2^53. */
  private varlong(): number {
    const { buffer } = this
    const start = this.position
    let raw = 0
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = buffer[this.position++]!
      raw |= (byte & 0x7f) << shift
      if (!(byte >= 0x80)) return (raw >>> 1) ^ -(raw & 1)
    }
    this.position = start
    return this.longVarlong()
  }

  private longVarlong(): number {
    let raw = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.buffer[this.position++] ?? 0
      raw |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) {
        raw = BigInt.asUintN(64, raw)
        return Number((raw >> 1n) ^ -(raw & 1n))
      }
    }
    this.failure ??= `Varlong is too long at byte ${this.start}`
    return 0
  }

  /** The current record's key: a view, not a copy. */
  key(): Buffer | null {
    return this.keyLength < 0 ? null : this.buffer.subarray(this.keyStart, this.keyStart + this.keyLength)
  }

  /** The current record's value: a view, not a copy. */
  value(): Buffer | null {
    return this.valueLength < 0 ? null : this.buffer.subarray(this.valueStart, this.valueStart + this.valueLength)
  }

  /** The current record's headers, values as views. The record has been checked by `next()`. */
  headers(): readonly RecordHeader[] {
    if (this.headerCount <= 0) return NO_HEADERS
    const { position, buffer } = this
    this.position = this.headersStart
    const headers: RecordHeader[] = []
    for (let i = 0; i < this.headerCount; i++) {
      const keyLength = this.varint()
      const key = buffer.subarray(this.position, this.position + keyLength)
      this.position += keyLength
      const valueLength = this.varint()
      const value = valueLength < 0 ? null : buffer.subarray(this.position, this.position + valueLength)
      if (valueLength > 0) this.position += valueLength
      headers.push(headerOf(key, value))
    }
    this.position = position
    return headers
  }

  /** Throws when the walk was cut short by bytes that are no record. */
  throwIfFailed(): void {
    if (this.failure !== null) throw new KafkaError('CORRUPT_MESSAGE', this.failure)
  }
}

const EMPTY = Buffer.alloc(0)
const NO_HEADERS: readonly RecordHeader[] = Object.freeze([])
