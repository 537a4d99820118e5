import { ProtocolError } from './errors.ts'
import { type Uuid, uuidToBytes } from './uuid.ts'

/**
 * Reads Kafka's primitive types (protocol guide, "Protocol Primitive Types") from one frame through one DataView.
 * Every length is checked against what is left before it is believed; a lie throws `ProtocolError`.
 */
export class Reader {
  readonly buffer: Buffer
  readonly view: DataView
  position: number
  readonly end: number

  constructor(buffer: Buffer, position = 0, end: number = buffer.length) {
    this.buffer = buffer
    this.view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length)
    this.position = position
    this.end = end
  }

  get remaining(): number {
    return this.end - this.position
  }

  /** Moves past `length` bytes and returns where they start. */
  skip(length: number): number {
    const start = this.position
    if (length < 0 || length > this.end - start) {
      throw new ProtocolError(`${length} bytes wanted at ${start}, ${this.end - start} left`)
    }
    this.position = start + length
    return start
  }

  boolean(): boolean {
    return this.view.getInt8(this.skip(1)) !== 0
  }
  int8(): number {
    return this.view.getInt8(this.skip(1))
  }
  int16(): number {
    return this.view.getInt16(this.skip(2))
  }
  uint16(): number {
    return this.view.getUint16(this.skip(2))
  }
  int32(): number {
    return this.view.getInt32(this.skip(4))
  }
  uint32(): number {
    return this.view.getUint32(this.skip(4))
  }
  int64(): bigint {
    return this.view.getBigInt64(this.skip(8))
  }
  float64(): number {
    return this.view.getFloat64(this.skip(8))
  }

  /** Unsigned LEB128, at most 5 bytes. */
  uvarint(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.view.getUint8(this.skip(1))
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    throw new ProtocolError(`varint longer than 5 bytes at ${this.position - 5}`)
  }

  /** Zig-zag varint. */
  varint(): number {
    const raw = this.uvarint()
    return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2
  }

  uuid(): Uuid {
    const start = this.skip(16)
    return this.buffer.toString('base64url', start, start + 16)
  }

  /** A view of the next `length` bytes, not a copy: it lives as long as the frame does. */
  slice(length: number): Buffer {
    const start = this.skip(length)
    return this.buffer.subarray(start, start + length)
  }

  string(length: number): string {
    const start = this.skip(length)
    return this.buffer.toString('utf8', start, start + length)
  }

  /** Length of a (compact) string or bytes field; -1 for null. */
  stringLength(flexible: boolean): number {
    return flexible ? this.uvarint() - 1 : this.int16()
  }
  bytesLength(flexible: boolean): number {
    return flexible ? this.uvarint() - 1 : this.int32()
  }
  /** Element count of a (compact) array; -1 for null. More elements than `minElementBytes` leaves room for is a lie. */
  arrayLength(flexible: boolean, minElementBytes = 1): number {
    const count = flexible ? this.uvarint() - 1 : this.int32()
    if (count * Math.max(1, minElementBytes) > this.end - this.position) {
      throw new ProtocolError(`an array of ${count} elements cannot fit in ${this.end - this.position} bytes`)
    }
    return count
  }
}

/** Longest string that the protocol can carry, in bytes of UTF-8. */
export const MAX_STRING_BYTES = 0x7fff

const INITIAL_CAPACITY = 512
/** Slices from this size on are passed through uncopied. */
const PASS_THROUGH_BYTES = 2048

/**
 * Writes Kafka's primitive types into growing chunks. Large slices (record batches) are not copied: `chunks()` returns
 * a list to hand to one `writev`.
 */
export class Writer {
  private buffer: Buffer
  private view: DataView
  private position = 0
  private chunkStart = 0
  private readonly done: Buffer[] = []
  private doneBytes = 0

  constructor(capacity: number = INITIAL_CAPACITY) {
    this.buffer = Buffer.allocUnsafe(capacity)
    this.view = new DataView(this.buffer.buffer, this.buffer.byteOffset, this.buffer.length)
  }

  /** Bytes written so far. */
  get size(): number {
    return this.doneBytes + this.position - this.chunkStart
  }

  /** Room for `length` bytes; may replace `buffer` and `view`, so it runs before either is read. */
  private reserve(length: number): number {
    if (this.position + length > this.buffer.length) this.grow(length)
    const at = this.position
    this.position = at + length
    return at
  }

  private grow(length: number): void {
    const pending = this.position - this.chunkStart
    const next = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, pending + length))
    this.buffer.copy(next, 0, this.chunkStart, this.position)
    this.buffer = next
    this.view = new DataView(next.buffer, next.byteOffset, next.length)
    this.chunkStart = 0
    this.position = pending
  }

  boolean(value: boolean): void {
    const at = this.reserve(1)
    this.view.setInt8(at, value ? 1 : 0)
  }
  int8(value: number): void {
    const at = this.reserve(1)
    this.view.setInt8(at, value)
  }
  int16(value: number): void {
    const at = this.reserve(2)
    this.view.setInt16(at, value)
  }
  uint16(value: number): void {
    const at = this.reserve(2)
    this.view.setUint16(at, value)
  }
  int32(value: number): void {
    const at = this.reserve(4)
    this.view.setInt32(at, value)
  }
  uint32(value: number): void {
    const at = this.reserve(4)
    this.view.setUint32(at, value)
  }
  int64(value: bigint): void {
    const at = this.reserve(8)
    this.view.setBigInt64(at, value)
  }
  float64(value: number): void {
    const at = this.reserve(8)
    this.view.setFloat64(at, value)
  }

  uvarint(value: number): void {
    let rest = value
    while (rest >= 0x80) {
      this.int8((rest % 128) | 0x80)
      rest = Math.floor(rest / 128)
    }
    this.int8(rest)
  }

  varint(value: number): void {
    this.uvarint(value >= 0 ? value * 2 : -value * 2 - 1)
  }

  uuid(value: Uuid): void {
    this.bytes(uuidToBytes(value))
  }

  /** Raw bytes without a length. Large ones are kept as they are, not copied: the caller must not change them. */
  bytes(value: Uint8Array): void {
    if (value.length < PASS_THROUGH_BYTES) {
      const start = this.reserve(value.length)
      this.buffer.set(value, start)
      return
    }
    this.closeChunk()
    const slice = Buffer.from(value.buffer, value.byteOffset, value.length)
    this.done.push(slice)
    this.doneBytes += slice.length
  }

  private closeChunk(): void {
    if (this.position === this.chunkStart) return
    this.done.push(this.buffer.subarray(this.chunkStart, this.position))
    this.doneBytes += this.position - this.chunkStart
    this.chunkStart = this.position
  }

  /** Text without a length; the caller has written `Buffer.byteLength(value)`. */
  text(value: string, byteLength: number): void {
    const start = this.reserve(byteLength)
    this.buffer.write(value, start, byteLength, 'utf8')
  }

  /** A whole (compact) string with its length; Kafka reads no string above 32767 bytes. */
  string(value: string | null, flexible: boolean): void {
    if (value === null) {
      this.stringLength(-1, flexible)
      return
    }
    const byteLength = Buffer.byteLength(value)
    if (byteLength > MAX_STRING_BYTES) throw new ProtocolError(`a string of ${byteLength} bytes`)
    this.stringLength(byteLength, flexible)
    this.text(value, byteLength)
  }

  /** Null and length prefix of a (compact) string, bytes or array, -1 for null. */
  stringLength(length: number, flexible: boolean): void {
    if (flexible) this.uvarint(length + 1)
    else this.int16(length)
  }
  bytesLength(length: number, flexible: boolean): void {
    if (flexible) this.uvarint(length + 1)
    else this.int32(length)
  }
  arrayLength(length: number, flexible: boolean): void {
    this.bytesLength(length, flexible)
  }

  /** Everything written, as pieces for one gathering write. The writer must not be used afterwards. */
  chunks(): Buffer[] {
    this.closeChunk()
    return this.done
  }

  /** Everything written, as one buffer. The writer must not be used afterwards. */
  toBuffer(): Buffer {
    const chunks = this.chunks()
    return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
  }
}
