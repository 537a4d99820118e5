/** Ranges of bytes with names: what the views of each kind of file fill, and what is printed. */

import { Reader } from '../../../base/bytes.ts'
import { ProtocolError } from '../../../base/errors.ts'
import { type ByteRange, interpretDecode } from '../../../protocol/interpret.ts'
import type { Schema } from '../../../protocol/schema.ts'

export type FieldValue = string | number | bigint | boolean | null

/** A field and the bytes it is made of. */
export interface NamedField {
  readonly name: string
  /** `int32`, `uvarint`, `string`, `text` ...; `unreadable` for bytes that are none of what should be there. */
  readonly type: string
  /** Of its first byte, in the file or in the decompressed records. */
  readonly position: number
  readonly sizeInBytes: number
  readonly value: FieldValue
  /** What the value means where that is not obvious, one thought each. */
  readonly notes: readonly string[]
}

/** What belongs together: a batch's header, a record, an entry. The fields follow each other without a gap. */
export interface NamedUnit {
  readonly unit: string
  /** One line for people. */
  readonly title: string
  /** Positions count from the file's first byte, or from that of a batch's decompressed records. */
  readonly space: 'file' | 'decompressed'
  readonly fields: readonly NamedField[]
  /** The bytes from the first field on; the end of a very long last field may be missing. */
  readonly bytes: Buffer
  /** Why the bytes are not what they should be; absent when all is well. */
  readonly broken?: string
}

/** More about a field of a message than its declaration says. */
export type NotesOf = (range: ByteRange) => readonly string[]

/** Collects the fields of a stretch of bytes in order. Positions given to it are those of `bytes`. */
export class FieldList {
  readonly bytes: Buffer
  /** Position in the file, or in the decompressed records, of the first byte. */
  readonly #base: number
  readonly fields: NamedField[] = []
  /** Where the next field begins. */
  position: number
  readonly #start: number

  constructor(bytes: Buffer, base: number, start = 0) {
    this.bytes = bytes
    this.#base = base
    this.position = start
    this.#start = start
  }

  /** The field that takes the next `sizeInBytes` bytes; none for no bytes. */
  add(name: string, type: string, sizeInBytes: number, value: FieldValue, notes: readonly string[] = []): void {
    if (sizeInBytes === 0) return
    this.fields.push({ name, type, position: this.#base + this.position, sizeInBytes, value, notes })
    this.position += sizeInBytes
  }

  /** Bytes up to `end` that cannot be read, and why. */
  unreadable(name: string, end: number, why: string): void {
    this.add(name, 'unreadable', end - this.position, null, [why])
  }

  /**
   * The fields of a message up to `end` at most, by its declaration. Throws ProtocolError where the bytes are no such
   * message, after the fields that could be read.
   */
  message(schema: Schema, version: number, end: number, options: MessageOptions = {}): void {
    const { prefix = '', notes = () => [], nested } = options
    const reader = new Reader(this.bytes, this.position, end)
    interpretDecode(schema, version, reader, {
      onBytes: (range) => {
        if (range.part === 'value' && nested?.(range) === true) return
        const name = rangeName(prefix, range)
        const size = range.end - range.start
        this.add(name, range.type, size, shownValue(range), [...encodingNotes(range), ...notes(range)])
      },
    })
  }

  /** As one unit. */
  unit(unit: string, title: string, more: Partial<Pick<NamedUnit, 'space' | 'broken'>> = {}): NamedUnit {
    const { fields } = this
    return { unit, title, space: 'file', fields, bytes: this.bytes.subarray(this.#start), ...more }
  }
}

export interface MessageOptions {
  /** Before the path of every field: `value.`. */
  readonly prefix?: string
  readonly notes?: NotesOf
  /** Takes a field's bytes to name them itself; false leaves the field as it is. */
  readonly nested?: (range: ByteRange) => boolean
}

const PART_NAMES: Readonly<Record<ByteRange['part'], string>> = {
  value: '',
  length: 'length',
  count: 'count',
  presence: 'presence',
  tagCount: 'tagged fields',
  tag: 'tag',
  tagSize: 'tag size',
  unknownTag: 'unknown tag',
}

function rangeName(prefix: string, { path, part }: ByteRange): string {
  const whole = `${prefix}${path}`.replace(/\.$/, '')
  const suffix = PART_NAMES[part]
  if (suffix === '') return whole
  return whole === '' ? suffix : `${whole} ${suffix}`
}

/** Longest part of a text value that is printed; its bytes are there as well. */
const MAX_VALUE_CHARACTERS = 100

function shownValue({ value }: ByteRange): FieldValue {
  if (Buffer.isBuffer(value)) return textOf(value)
  return typeof value === 'string' ? shortened(value) : (value as FieldValue)
}

/** Bytes as text where they are readable text; null where they are not. */
export function textOf(bytes: Buffer): string | null {
  const text = bytes.subarray(0, MAX_VALUE_CHARACTERS * 4).toString('utf8')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what makes bytes no text
  return /[\u0000-\u0008\u000b-\u001f\u007f\ufffd]/.test(text.slice(0, -1)) ? null : shortened(text)
}

function shortened(text: string): string {
  return text.length > MAX_VALUE_CHARACTERS ? `${text.slice(0, MAX_VALUE_CHARACTERS)}...` : text
}

function encodingNotes({ part, type, value }: ByteRange): string[] {
  if ((part === 'length' || part === 'count') && value === -1) return ['null']
  if ((part === 'length' || part === 'count') && type === 'uvarint') return [`${Number(value) + 1} is stored: one more`]
  return []
}

/** The reason of a failed read for people; rethrows what is no failure of the bytes. */
export function whyUnreadable(error: unknown): string {
  if (error instanceof ProtocolError) return error.message
  throw error
}
