/**
 * Encode and decode by walking the declaration, field by field. Slower than the compiled codecs and simpler: the tests'
 * oracle, the source of exact error messages, the hex viewer's eyes, and the codec where code generation is not allowed.
 */
import { MAX_STRING_BYTES, type Reader, Writer } from '../base/bytes.ts'
import { ProtocolError } from '../base/errors.ts'
import { defaultOf, type FieldLayout, fixedBytes, isDefault, layoutOf, type StructLayout } from './layout.ts'
import type { Schema } from './schema.ts'

/** Told of every field that was read: its path, its value, and the bytes it came from. */
export type FieldObserver = (path: string, value: unknown, start: number, end: number) => void

/**
 * What a range of bytes is to its field: the value itself, or what the encoding puts around it (KIP-482): lengths, counts,
 * whether a structure is there, and the frame of the tag section.
 */
export type BytePart = 'value' | 'length' | 'count' | 'presence' | 'tagCount' | 'tag' | 'tagSize' | 'unknownTag'

/** A range of bytes that was read at once. The ranges of a message follow each other: every byte is in exactly one. */
export interface ByteRange {
  /** The field, `''` for the message itself. */
  readonly path: string
  readonly part: BytePart
  /** How it is encoded: a field's kind, or `uvarint`. */
  readonly type: string
  /** Lengths and counts as they are meant: -1 is null, also where length + 1 is stored. */
  readonly value: unknown
  readonly start: number
  readonly end: number
}
/** Told of every range of bytes in the order of reading; where reading fails, of those before. */
export type ByteObserver = (range: ByteRange) => void

/** Who wants to know what was read while it is read. */
export interface DecodeObservers {
  readonly onField?: FieldObserver
  readonly onBytes?: ByteObserver
}

/** Reads one message at the reader's position; bytes after it are left for the caller. */
export function interpretDecode(
  schema: Schema,
  version: number,
  reader: Reader,
  observers: DecodeObservers = {},
): unknown {
  const path: (string | number)[] = []
  try {
    return new Decoder(reader, path, observers).struct(layoutOf(schema, version))
  } catch (error) {
    throw located(error, schema, version, path)
  }
}

/** Writes one message. What is left out of `value` takes its default. */
export function interpretEncode(schema: Schema, version: number, value: unknown, writer: Writer): void {
  const path: (string | number)[] = []
  try {
    new Encoder(writer, path).struct(layoutOf(schema, version), value)
  } catch (error) {
    throw located(error, schema, version, path)
  }
}

/** `MetadataRequest v9, topics[3].name: ...` */
function located(error: unknown, schema: Schema, version: number, path: readonly (string | number)[]): Error {
  if (!(error instanceof ProtocolError || error instanceof RangeError || error instanceof TypeError)) throw error
  const where = path.length === 0 ? '' : `, ${pathText(path)}`
  return new ProtocolError(`${schema.name} v${version}${where}: ${error.message}`, { cause: error })
}

function pathText(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    return text === '' ? step : `${text}.${step}`
  }, '')
}

class Decoder {
  private readonly reader: Reader
  /** The field being read, for error messages: left as it is when one is thrown. */
  private readonly path: (string | number)[]
  private readonly observers: DecodeObservers

  constructor(reader: Reader, path: (string | number)[], observers: DecodeObservers) {
    this.reader = reader
    this.path = path
    this.observers = observers
  }

  /** Tells that what stands between `start` and the reader was read as `value`, and gives the value back. */
  private seen<T>(start: number, part: BytePart, type: string, value: T): T {
    const { onBytes } = this.observers
    if (onBytes !== undefined && this.reader.position > start) {
      onBytes({ path: pathText(this.path), part, type, value, start, end: this.reader.position })
    }
    return value
  }

  struct(layout: StructLayout): Record<string, unknown> {
    const result: Record<string, unknown> = {}
    for (const field of layout.fields) {
      result[field.name] = field.placement === 'body' ? this.named(field, false) : defaultOf(field.field)
    }
    if (layout.flexible) this.tags(layout, result)
    return result
  }

  private named(field: FieldLayout, tagged: boolean): unknown {
    const start = this.reader.position
    this.path.push(field.name)
    const value = this.value(field, tagged)
    this.observers.onField?.(pathText(this.path), value, start, this.reader.position)
    this.path.pop()
    return value
  }

  /** KIP-482: tags ascend, each at most once; those we do not know are stepped over. */
  private tags(layout: StructLayout, result: Record<string, unknown>): void {
    const count = this.uvarint('tagCount')
    let previous = -1
    for (let i = 0; i < count; i++) {
      const tag = this.uvarint('tag')
      if (tag <= previous) throw new ProtocolError(`tag ${tag} after tag ${previous}`)
      previous = tag
      const size = this.uvarint('tagSize')
      const end = this.reader.position + size
      const field = layout.tagged.find((known) => known.tag === tag)
      if (field !== undefined) result[field.name] = this.named(field, true)
      else if (layout.tagsOfOtherVersions.includes(tag)) throw new ProtocolError(`tag ${tag} is not of this version`)
      else this.seen(this.reader.skip(size), 'unknownTag', 'bytes', tag)
      if (this.reader.position !== end) throw new ProtocolError(`tag ${tag} does not take the ${size} bytes it claims`)
    }
  }

  private uvarint(part: BytePart): number {
    const start = this.reader.position
    return this.seen(start, part, 'uvarint', this.reader.uvarint())
  }

  private value(field: FieldLayout, tagged: boolean): unknown {
    const { reader } = this
    const start = reader.position
    switch (field.kind) {
      case 'boolean':
      case 'int8':
      case 'int16':
      case 'uint16':
      case 'int32':
      case 'uint32':
      case 'int64':
      case 'float64':
      case 'uuid':
        return this.seen<unknown>(start, 'value', field.kind, reader[field.kind]())
      case 'string':
        return this.string(field)
      case 'bytes':
      case 'records':
        return this.bytes(field)
      case 'array':
        return this.array(field)
      case 'struct': {
        if (field.nullable && !this.isPresent(tagged)) return null
        return this.struct(field.struct!)
      }
    }
  }

  private isPresent(tagged: boolean): boolean {
    if (tagged) return this.uvarint('presence') !== 0
    const start = this.reader.position
    return this.seen(start, 'presence', 'int8', this.reader.int8()) >= 0
  }

  private string(field: FieldLayout): string | null {
    const at = this.reader.position
    const length = this.seen(at, 'length', field.compact ? 'uvarint' : 'int16', this.reader.stringLength(field.compact))
    if (length > MAX_STRING_BYTES) throw new ProtocolError(`a string of ${length} bytes`)
    if (length < 0) return nullOf(field)
    const start = this.reader.position
    return this.seen(start, 'value', 'string', this.reader.string(length))
  }

  private bytes(field: FieldLayout): Buffer | null {
    const at = this.reader.position
    const type = field.compact ? 'uvarint' : 'int32'
    const length = this.seen(at, 'length', type, this.reader.bytesLength(field.compact))
    if (length < 0) return nullOf(field)
    const start = this.reader.position
    return this.seen(start, 'value', field.kind, this.reader.slice(length))
  }

  private array(field: FieldLayout): unknown[] | null {
    const element = field.element!
    const start = this.reader.position
    const type = field.compact ? 'uvarint' : 'int32'
    const count = this.seen(start, 'count', type, this.reader.arrayLength(field.compact, element.minBytes))
    if (count < 0) return nullOf(field)
    const result: unknown[] = []
    for (let i = 0; i < count; i++) {
      this.path.push(i)
      result.push(this.value(element, false))
      this.path.pop()
    }
    return result
  }
}

function nullOf(field: FieldLayout): null {
  if (!field.nullable) throw new ProtocolError('null where null is not allowed')
  return null
}

class Encoder {
  private readonly writer: Writer
  /** The field being written, for error messages: left as it is when one is thrown. */
  private readonly path: (string | number)[]

  constructor(writer: Writer, path: (string | number)[]) {
    this.writer = writer
    this.path = path
  }

  struct(layout: StructLayout, value: unknown): void {
    if (typeof value !== 'object' || value === null) throw new ProtocolError(`${describe(value)} is not a structure`)
    const members = value as Record<string, unknown>
    for (const field of layout.fields) {
      this.path.push(field.name)
      if (field.placement === 'body') this.value(field, valueOrDefault(field, members[field.name]))
      else if (field.placement === 'absent') this.absent(field, members[field.name])
      this.path.pop()
    }
    if (layout.flexible) this.tags(layout, members)
  }

  private absent(field: FieldLayout, value: unknown): void {
    if (field.ignorable || isDefault(field.field, value)) return
    throw new ProtocolError(`this version cannot carry a non-default value (${describe(value)})`)
  }

  private tags(layout: StructLayout, members: Record<string, unknown>): void {
    const present = layout.tagged.filter((field) => !isDefault(field.field, members[field.name]))
    this.writer.uvarint(present.length)
    for (const field of present) {
      this.path.push(field.name)
      const body = new Writer()
      new Encoder(body, this.path).taggedValue(field, members[field.name])
      this.path.pop()
      this.writer.uvarint(field.tag)
      this.writer.uvarint(body.size)
      for (const chunk of body.chunks()) this.writer.bytes(chunk)
    }
  }

  /** Presence of a nullable struct is an unsigned varint here, not the int8 it is in the body. */
  private taggedValue(field: FieldLayout, value: unknown): void {
    if (field.kind !== 'struct' || !field.nullable) {
      this.value(field, value)
      return
    }
    this.writer.uvarint(value === null ? 0 : 1)
    if (value !== null) this.struct(field.struct!, value)
  }

  private value(field: FieldLayout, value: unknown): void {
    if (value === null && !field.nullable) throw new ProtocolError('null where null is not allowed')
    switch (field.kind) {
      case 'boolean':
        this.writer.boolean(checked(typeof value === 'boolean', value, field) as boolean)
        break
      case 'int64':
        this.writer.int64(checked(typeof value === 'bigint', value, field) as bigint)
        break
      case 'uuid':
        this.writer.uuid(checked(typeof value === 'string', value, field) as string)
        break
      case 'string':
        this.writer.string(checkedString(value), field.compact)
        break
      case 'bytes':
      case 'records':
        this.bytes(field, value)
        break
      case 'array':
        this.array(field, value)
        break
      case 'struct':
        this.nullableStruct(field, value)
        break
      default:
        this.writer[field.kind](checked(isInRange(field, value), value, field) as number)
    }
  }

  private bytes(field: FieldLayout, value: unknown): void {
    if (value === null) {
      this.writer.bytesLength(-1, field.compact)
      return
    }
    const bytes = checked(value instanceof Uint8Array, value, field) as Uint8Array
    this.writer.bytesLength(bytes.length, field.compact)
    this.writer.bytes(bytes)
  }

  private array(field: FieldLayout, value: unknown): void {
    if (value === null) {
      this.writer.arrayLength(-1, field.compact)
      return
    }
    const elements = checked(Array.isArray(value), value, field) as unknown[]
    this.writer.arrayLength(elements.length, field.compact)
    for (let i = 0; i < elements.length; i++) {
      this.path.push(i)
      this.value(field.element!, elements[i])
      this.path.pop()
    }
  }

  private nullableStruct(field: FieldLayout, value: unknown): void {
    if (field.nullable) this.writer.int8(value === null ? -1 : 1)
    if (value !== null) this.struct(field.struct!, value)
  }
}

/** Records left out where null is not allowed are empty. */
function valueOrDefault(field: FieldLayout, value: unknown): unknown {
  if (value !== undefined) return value
  const absent = defaultOf(field.field)
  return absent === null && field.kind === 'records' && !field.nullable ? Buffer.alloc(0) : absent
}

function isInRange(field: FieldLayout, value: unknown): boolean {
  if (field.kind === 'float64') return typeof value === 'number'
  const unsigned = field.kind.startsWith('u')
  const span = 2 ** (fixedBytes(field.kind)! * 8)
  const least = unsigned ? 0 : -span / 2
  return Number.isInteger(value) && (value as number) >= least && (value as number) < least + span
}

function checked(holds: boolean, value: unknown, field: FieldLayout): unknown {
  if (!holds)
    throw new ProtocolError(`${describe(value)} is not ${/^[aeio]/.test(field.kind) ? 'an' : 'a'} ${field.kind}`)
  return value
}

function checkedString(value: unknown): string | null {
  if (value === null || typeof value === 'string') return value
  throw new ProtocolError(`${describe(value)} is not a string`)
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (typeof value === 'bigint') return `${value}n`
  if (value instanceof Uint8Array) return `${value.length} bytes`
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 80))
  return typeof value === 'object' && value !== null ? 'a structure' : String(value)
}
