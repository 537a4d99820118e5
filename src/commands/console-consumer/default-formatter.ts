import type { RecordCursor } from '../../protocol/records/record-cursor.ts'
import type { ByteSink } from './byte-sink.ts'
import { createDeserializer, type Deserialize, unchanged } from './deserializers.ts'
import type { MessageFormatter, RecordPlace } from './formatter.ts'

/** What a record was not asked to show costs nothing; columns come in this order, as in Kafka. */
const COLUMNS = ['timestamp', 'partition', 'offset', 'delivery', 'epoch', 'headers', 'key', 'value'] as const
type Column = (typeof COLUMNS)[number]
type Shows = Readonly<Record<Column, boolean>>

export interface DeserializerOptions {
  /** Told of a deserializer class that is not one of Kafka's own; the bytes are printed as they are then. */
  onUnknownDeserializer?(className: string): void
  /** Ours (`--key-as`, `--value-as`): they win over the properties. */
  readonly decodeKey?: Deserialize | undefined
  readonly decodeValue?: Deserialize | undefined
}

/** Kafka's DefaultMessageFormatter: the value, and on request everything else, with separators between. */
export class DefaultFormatter implements MessageFormatter {
  readonly #shows: Shows
  readonly #keySeparator: Buffer
  readonly #lineSeparator: Buffer
  readonly #headersSeparator: Buffer
  readonly #nullLiteral: Buffer
  readonly #deserializeKey: Deserialize | null
  readonly #deserializeValue: Deserialize | null
  readonly #deserializeHeaders: Deserialize | null
  /** The separator after each column: between two of them, or at the line's end. */
  readonly #after: Readonly<Record<Column, Buffer>>
  readonly plainValueSeparator: Buffer | undefined

  constructor(properties: ReadonlyMap<string, string>, options: DeserializerOptions = {}) {
    const bytes = (name: string, fallback: string): Buffer => Buffer.from(properties.get(name) ?? fallback)
    this.#shows = Object.fromEntries(COLUMNS.map((column) => [column, isShown(properties, column)])) as Shows
    this.#keySeparator = bytes('key.separator', '\t')
    this.#lineSeparator = bytes('line.separator', '\n')
    this.#headersSeparator = bytes('headers.separator', ',')
    this.#nullLiteral = bytes('null.literal', 'null')
    this.#deserializeKey = options.decodeKey ?? deserializerOf(properties, 'key.deserializer', options)
    this.#deserializeValue = options.decodeValue ?? deserializerOf(properties, 'value.deserializer', options)
    this.#deserializeHeaders = deserializerOf(properties, 'headers.deserializer', options)
    this.#after = separators(this.#shows, this.#keySeparator, this.#lineSeparator)
    const onlyValue = COLUMNS.every((column) => this.#shows[column] === (column === 'value'))
    this.plainValueSeparator = onlyValue && this.#deserializeValue === null ? this.#lineSeparator : undefined
  }

  /** What stands for a null. */
  get nullLiteral(): Buffer {
    return this.#nullLiteral
  }

  write(record: RecordCursor, place: RecordPlace, offset: number, timestamp: number, out: ByteSink): void {
    const shows = this.#shows
    if (shows.timestamp) this.#column(out, `${place.timestampType}:${timestamp}`, 'timestamp')
    if (shows.partition) this.#column(out, `Partition:${place.partition}`, 'partition')
    if (shows.offset) this.#column(out, `Offset:${offset}`, 'offset')
    // The script builds its records anew for the formatter and leaves these two out.
    if (shows.delivery) this.#column(out, `Delivery:${place.deliveryCount ?? 'NOT_PRESENT'}`, 'delivery')
    if (shows.epoch) this.#column(out, 'Epoch:NOT_PRESENT', 'epoch')
    if (shows.headers) this.#headers(record, out)
    if (shows.key) {
      this.#data(out, record.buffer, record.keyStart, record.keyLength, this.#deserializeKey)
      out.bytes(this.#after.key)
    }
    if (shows.value) {
      this.#data(out, record.buffer, record.valueStart, record.valueLength, this.#deserializeValue)
      out.bytes(this.#lineSeparator)
    }
  }

  #column(out: ByteSink, text: string, column: Column): void {
    out.text(text)
    out.bytes(this.#after[column])
  }

  #headers(record: RecordCursor, out: ByteSink): void {
    const headers = record.headers()
    if (headers.length === 0) out.text('NO_HEADERS')
    for (const [index, { key, value }] of headers.entries()) {
      if (index > 0) out.bytes(this.#headersSeparator)
      out.text(`${key}:`)
      this.#data(
        out,
        value ?? this.#nullLiteral,
        0,
        value?.length ?? this.#nullLiteral.length,
        this.#deserializeHeaders,
      )
    }
    out.bytes(this.#after.headers)
  }

  /** A null goes through the deserializer as its literal, as in Kafka. */
  #data(out: ByteSink, bytes: Buffer, start: number, length: number, deserialize: Deserialize | null): void {
    if (deserialize === null || (length < 0 && deserialize.leavesNulls === true)) {
      if (length < 0) out.bytes(this.#nullLiteral)
      else out.range(bytes, start, length)
      return
    }
    const printed = deserialize(length < 0 ? this.#nullLiteral : bytes.subarray(start, start + length))
    if (typeof printed === 'string') out.text(printed)
    else out.bytes(printed)
  }
}

function isShown(properties: ReadonlyMap<string, string>, column: Column): boolean {
  const value = properties.get(`print.${column}`)
  return value === undefined ? column === 'value' : value.trim().toLowerCase() === 'true'
}

function separators(shows: Shows, between: Buffer, lineEnd: Buffer): Record<Column, Buffer> {
  const entries = COLUMNS.map((column, at) => {
    const isLast = !COLUMNS.slice(at + 1).some((later) => shows[later])
    return [column, isLast ? lineEnd : between]
  })
  return Object.fromEntries(entries) as Record<Column, Buffer>
}

/** `key.deserializer`, configured by everything that begins with `key.deserializer.`; null prints bytes as they are. */
export function deserializerOf(
  properties: ReadonlyMap<string, string>,
  name: 'key.deserializer' | 'value.deserializer' | 'headers.deserializer',
  options: DeserializerOptions,
): Deserialize | null {
  const className = properties.get(name)
  if (className === undefined) return null
  const prefix = `${name}.`
  const own = [...properties].filter(([key]) => key.startsWith(prefix) && key.length > prefix.length)
  const configuration = new Map(own.map(([key, value]) => [key.slice(prefix.length), value]))
  const deserialize = createDeserializer(className.trim(), configuration, name === 'key.deserializer')
  if (deserialize === null) options.onUnknownDeserializer?.(className)
  return deserialize === unchanged ? null : deserialize
}
