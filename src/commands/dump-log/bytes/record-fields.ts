/** The bytes of one record, field by field (protocol guide, "Record"): varints explained, deltas resolved. */

import type { FieldList } from './named-fields.ts'
import { textOf } from './named-fields.ts'
import { timeNotes } from './times.ts'

/** What a record's deltas count from. */
export interface RecordBase {
  readonly baseOffset: number
  readonly baseTimestamp: number
  /** Time of the append for all records, when the batch says so. */
  readonly appendTimestamp: number | null
  readonly baseSequence: number
}

/** Names the bytes of a key or value; they begin at the list's position. */
export interface ContentNames {
  key(fields: FieldList, end: number): void
  value(fields: FieldList, end: number): void
}

/** Where a record cannot be read on: the field, and why. */
export interface BrokenRecord {
  readonly field: string
  readonly why: string
}

/** A varint is never longer than this, a varlong never longer than that. */
const MAX_VARINT_BYTES = 5
const MAX_VARLONG_BYTES = 10

class Broken extends Error {
  readonly field: string

  constructor(field: string, why: string) {
    super(why)
    this.field = field
  }
}

/**
 * Names the fields of the record at the list's position, which must end at `end` or before. Null when all is well; else the
 * fields up to the broken one are named and the list's position is where it begins.
 */
export function nameRecord(
  fields: FieldList,
  end: number,
  base: RecordBase,
  contents: ContentNames,
): BrokenRecord | null {
  try {
    new RecordNamer(fields, end, base).record(contents)
    return null
  } catch (error) {
    if (!(error instanceof Broken)) throw error
    return { field: error.field, why: error.message }
  }
}

class RecordNamer {
  readonly #fields: FieldList
  readonly #base: RecordBase
  /** Of the record once its length is known, before that of what holds the records. */
  #end: number

  constructor(fields: FieldList, end: number, base: RecordBase) {
    this.#fields = fields
    this.#end = end
    this.#base = base
  }

  record(contents: ContentNames): void {
    const fields = this.#fields
    const limit = this.#end
    const length = this.#varint('length', () => ['bytes of the record after this field'])
    if (length < 0) throw new Broken('length', `a record of ${length} bytes`)
    const whole = fields.position + length
    this.#end = Math.min(limit, whole)
    this.#attributes()
    this.#timestamp()
    this.#varint('offsetDelta', (delta) => [`offset ${this.#base.baseOffset + delta}${this.#sequence(delta)}`])
    this.#content('key', (end) => contents.key(fields, end))
    this.#content('value', (end) => contents.value(fields, end))
    const count = this.#varint('headersCount')
    if (count < 0) throw new Broken('headersCount', `${count} headers`)
    for (let at = 0; at < count; at++) this.#header(`headers[${at}]`)
    if (fields.position !== whole) {
      throw new Broken('length', `the record's fields end ${whole - fields.position} bytes before the record`)
    }
  }

  #attributes(): void {
    const value = this.#bytes('attributes', 1).readInt8()
    this.#fields.add('attributes', 'int8', 1, value, ['unused'])
  }

  #timestamp(): void {
    const { baseTimestamp, appendTimestamp } = this.#base
    this.#varint(
      'timestampDelta',
      (delta) => {
        if (appendTimestamp !== null) return ['not used: the time of the append is in maxTimestamp']
        return [`timestamp ${baseTimestamp + delta}`, ...timeNotes(baseTimestamp + delta)]
      },
      MAX_VARLONG_BYTES,
    )
  }

  #sequence(offsetDelta: number): string {
    const { baseSequence } = this.#base
    return baseSequence < 0 ? '' : `, sequence ${(baseSequence + offsetDelta) % 2 ** 31}`
  }

  #content(name: 'key' | 'value', nameBytes: (end: number) => void): void {
    const length = this.#varint(`${name}Length`, (value) => (value < 0 ? ['null'] : []))
    if (length > 0) {
      this.#bytes(name, length)
      nameBytes(this.#fields.position + length)
    }
  }

  #header(path: string): void {
    const keyLength = this.#varint(`${path}.headerKeyLength`)
    if (keyLength < 0) throw new Broken(`${path}.headerKeyLength`, 'the key of a header must not be null')
    this.#text(`${path}.headerKey`, 'string', keyLength)
    const valueLength = this.#varint(`${path}.headerValueLength`, (value) => (value < 0 ? ['null'] : []))
    this.#text(`${path}.value`, 'bytes', valueLength)
  }

  #text(name: string, type: string, length: number): void {
    if (length > 0) this.#fields.add(name, type, length, textOf(this.#bytes(name, length)))
  }

  /** The next bytes; they must be there. */
  #bytes(name: string, length: number): Buffer {
    const { position, bytes } = this.#fields
    const left = this.#end - position
    if (length > left) throw new Broken(name, `${length} bytes wanted, ${left} left`)
    return bytes.subarray(position, position + length)
  }

  /** Signed varints are zig-zag: 0, -1, 1, -2 are stored as 0, 1, 2, 3. */
  #varint(name: string, notes: (value: number) => string[] = () => [], maxBytes = MAX_VARINT_BYTES): number {
    const { position, bytes } = this.#fields
    let raw = 0n
    for (let size = 1; size <= maxBytes; size++) {
      if (position + size > this.#end) throw new Broken(name, 'the bytes end inside of it')
      const byte = bytes[position + size - 1]!
      raw |= BigInt(byte & 0x7f) << BigInt(7 * (size - 1))
      if (byte < 0x80) {
        const value = Number((raw >> 1n) ^ -(raw & 1n))
        const type = maxBytes === MAX_VARINT_BYTES ? 'varint' : 'varlong'
        this.#fields.add(name, type, size, value, [`zigzag ${raw}`, ...notes(value)])
        return value
      }
    }
    throw new Broken(name, `longer than the ${maxBytes} bytes that such a number may take`)
  }
}
