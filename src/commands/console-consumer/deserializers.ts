/** Kafka's built-in deserializers by class name, each followed by Java's `toString`: bytes in, text out. */
import { javaDouble, javaFloat } from '../../protocol/json.ts'
import { FormatError } from './formatter.ts'

/** Text or bytes to print for `data`. Throws `FormatError`. */
export interface Deserialize {
  (data: Buffer): string | Buffer
  /** What stands in a line of JSON, where that is not the text in quotes. */
  readonly json?: (data: Buffer) => string
  /** A null is printed as its literal instead of going through here. */
  readonly leavesNulls?: boolean
}

/** Bytes that are printed as they are: text that stays UTF-8, and plain bytes. Compared by identity for the fast path. */
export const unchanged: Deserialize = (data) => data

type Configuration = ReadonlyMap<string, string>
type Factory = (configuration: Configuration, isKey: boolean) => Deserialize

const PACKAGE = 'org.apache.kafka.common.serialization.'

function sized(size: number, name: string, read: (data: Buffer) => string): Factory {
  return () => (data) => {
    if (data.length !== size) throw new FormatError(`Size of data received by ${name} is not ${size}`)
    return read(data)
  }
}

const FACTORIES: Readonly<Record<string, Factory>> = {
  StringDeserializer: stringDeserializer,
  ShortDeserializer: sized(2, 'ShortDeserializer', (data) => String(data.readInt16BE())),
  IntegerDeserializer: sized(4, 'IntegerDeserializer', (data) => String(data.readInt32BE())),
  LongDeserializer: sized(8, 'LongDeserializer', (data) => String(data.readBigInt64BE())),
  // Kafka names these two plainly `Deserializer` in the message.
  FloatDeserializer: sized(4, 'Deserializer', (data) => javaFloat(data.readFloatBE())),
  DoubleDeserializer: sized(8, 'Deserializer', (data) => javaDouble(data.readDoubleBE())),
  BooleanDeserializer: () => deserializeBoolean,
  UUIDDeserializer: () => deserializeUuid,
  BytesDeserializer: () => bytesText,
  // Java prints an array as its type and address: the bytes themselves are what was meant.
  ByteArrayDeserializer: () => unchanged,
  ByteBufferDeserializer: () => (data) => `java.nio.HeapByteBuffer[pos=0 lim=${data.length} cap=${data.length}]`,
  VoidDeserializer: () => () => {
    throw new FormatError('Data should be null for a VoidDeserializer.', 'java.lang.IllegalArgumentException')
  },
  ListDeserializer: listDeserializer,
}

/**
 * A deserializer by its class name. `configuration` holds what follows `key.deserializer.` and the like. Null for a
 * class that is not one of Kafka's own.
 */
export function createDeserializer(
  className: string,
  configuration: Configuration,
  isKey: boolean,
): Deserialize | null {
  const name = className.startsWith(PACKAGE) ? className.slice(PACKAGE.length) : className
  return Object.hasOwn(FACTORIES, name) ? FACTORIES[name]!(configuration, isKey) : null
}

/** Class names that can be given, for messages. */
export function knownDeserializers(): string[] {
  return Object.keys(FACTORIES).map((name) => `${PACKAGE}${name}`)
}

const ENCODINGS: Readonly<Record<string, string>> = {
  utf8: 'utf-8',
  usascii: 'latin1',
  iso88591: 'latin1',
  latin1: 'latin1',
  utf16: 'utf-16be',
  utf16be: 'utf-16be',
  utf16le: 'utf-16le',
  windows1252: 'windows-1252',
}

/** `key.deserializer.encoding`, `value.deserializer.encoding`, `deserializer.encoding`: UTF-8 unless told otherwise. */
function stringDeserializer(configuration: Configuration, isKey: boolean): Deserialize {
  const own = configuration.get(isKey ? 'key.deserializer.encoding' : 'value.deserializer.encoding')
  const encoding = (own ?? configuration.get('deserializer.encoding') ?? 'utf-8').trim()
  const known = ENCODINGS[encoding.toLowerCase().replaceAll(/[-_]/g, '')]
  // UTF-8 in, UTF-8 out: the bytes are printed as they are.
  if (known === 'utf-8') return unchanged
  if (known === 'latin1') return (data) => data.toString('latin1')
  if (known === 'utf-16be') return (data) => new TextDecoder(data[0] === 0xff ? 'utf-16le' : known).decode(data)
  if (known !== undefined) return (data) => new TextDecoder(known).decode(data)
  return () => {
    throw new FormatError(`Error when deserializing byte[] to string due to unsupported encoding ${encoding}`)
  }
}

function deserializeBoolean(data: Buffer): string {
  if (data.length !== 1) throw new FormatError('Size of data received by BooleanDeserializer is not 1')
  if (data[0] === 1) return 'true'
  if (data[0] === 0) return 'false'
  throw new FormatError(`Unexpected byte received by BooleanDeserializer: ${data.readInt8(0)}`)
}

const UUID = /^([0-9a-f]{1,8})-([0-9a-f]{1,4})-([0-9a-f]{1,4})-([0-9a-f]{1,4})-([0-9a-f]{1,12})$/i

/** A uuid's text, normalised as `UUID.fromString(...).toString()` does. */
function deserializeUuid(data: Buffer): string {
  const match = UUID.exec(data.toString('utf8'))
  if (match === null) throw new FormatError('Error parsing data into UUID')
  const widths = [8, 4, 4, 4, 12]
  return match
    .slice(1)
    .map((part, index) => part.toLowerCase().padStart(widths[index]!, '0'))
    .join('-')
}

const BACKSLASH = 0x5c

/** `Bytes.toString`: printable ASCII as it is, the backslash and everything else as `\xNN`. */
export function bytesText(data: Buffer): string {
  let text = ''
  for (const byte of data) {
    if (byte >= 0x20 && byte <= 0x7e && byte !== BACKSLASH) text += String.fromCharCode(byte)
    else text += `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return text
}

/** Inner types whose elements have a fixed size and are written without one (KIP-466). */
const FIXED_SIZES: Readonly<Record<string, number>> = {
  ShortDeserializer: 2,
  IntegerDeserializer: 4,
  FloatDeserializer: 4,
  LongDeserializer: 8,
  DoubleDeserializer: 8,
  UUIDDeserializer: 36,
}

/** `Serdes$StringSerde` and `StringSerde` name the deserializer of their type. */
function innerName(configured: string): string {
  const name = configured.replace(/^.*[.$]/, '')
  return name.replace(/Serde$/, 'Deserializer')
}

/** A list (KIP-466): nulls, then elements of a fixed size or each behind its own. */
function listDeserializer(configuration: Configuration, isKey: boolean): Deserialize {
  const property = isKey ? 'default.list.key.serde.inner' : 'default.list.value.serde.inner'
  const configured = configuration.get(property)
  const name = innerName(configured ?? '')
  const inner = createDeserializer(name, configuration, isKey)
  if (configured === undefined || inner === null) {
    return () => {
      const problem = configured === undefined ? 'is not set' : `names no deserializer of Kafka's: ${configured}`
      throw new FormatError(`${property} ${problem}`, 'org.apache.kafka.common.config.ConfigException')
    }
  }
  return (data) => readList(data, inner, FIXED_SIZES[name] ?? null)
}

function readList(data: Buffer, inner: Deserialize, fixedSize: number | null): string {
  try {
    const reader = new ListReader(data)
    const elements = reader.elements(fixedSize)
    return `[${elements.map((element) => (element === null ? 'null' : String(inner(element)))).join(', ')}]`
  } catch (error) {
    if (error instanceof FormatError) throw error
    throw new FormatError('Unable to deserialize into a List', 'org.apache.kafka.common.KafkaException')
  }
}

const CONSTANT_SIZE = 0
const NULL_ENTRY = -1

class ListReader {
  readonly #data: Buffer
  #at = 0

  constructor(data: Buffer) {
    this.#data = data
  }

  /** Elements in order, null among them. Throws `RangeError` where the bytes end too early. */
  elements(fixedSize: number | null): (Buffer | null)[] {
    const isConstant = this.#data.readInt8(this.#at++) === CONSTANT_SIZE
    const nulls = new Set<number>()
    if (isConstant) for (let left = this.#int(); left > 0; left--) nulls.add(this.#int())
    const count = this.#int()
    if (count < 0 || count > this.#data.length) throw new RangeError('more elements than bytes')
    const elements: (Buffer | null)[] = []
    for (let index = 0; index < count; index++) {
      if (nulls.has(index)) elements.push(null)
      else elements.push(this.#element(isConstant ? fixedSize : this.#int()))
    }
    return elements
  }

  #element(size: number | null): Buffer | null {
    if (size === null) throw new RangeError('an element without a size')
    if (size === NULL_ENTRY) return null
    const start = this.#at
    this.#at += size
    if (size < 0 || this.#at > this.#data.length) throw new RangeError('an element behind the end')
    return this.#data.subarray(start, this.#at)
  }

  #int(): number {
    const value = this.#data.readInt32BE(this.#at)
    this.#at += 4
    return value
  }
}
