/** Keys and values without a schema: numbers, base64, hex, JSON laid out for reading (`--key-as`, `--value-as`). */
import { UsageError } from '../../cli/options.ts'
import { exactText } from '../record-json.ts'
import type { Deserialize } from './deserializers.ts'
import { FormatError } from './formatter.ts'
import { compactJson, isJson, prettyJson } from './json-text.ts'

interface Codec {
  readonly decode: Deserialize
  /** The bytes that print as this text; null when there are none. */
  readonly encode: (text: string) => Buffer | null
}

const SIGNED_64 = [-(2n ** 63n), 2n ** 63n - 1n] as const

/** `int32`, `uint16le`: size in bytes, signed, little-endian. */
function integerCodec(name: string, size: number, signed: boolean, little: boolean): Codec {
  const [least, most] = signed
    ? [-(2n ** BigInt(size * 8 - 1)), 2n ** BigInt(size * 8 - 1) - 1n]
    : [0n, 2n ** BigInt(size * 8) - 1n]
  const inOrder = (data: Buffer): Buffer => (little ? Buffer.from(data).reverse() : data)
  const read = (data: Buffer): string => {
    expectSize(data, size, name)
    const raw = BigInt(`0x${inOrder(data).toString('hex')}`)
    return String(signed ? BigInt.asIntN(size * 8, raw) : raw)
  }
  const encode = (text: string): Buffer | null => {
    if (!/^[-+]?\d{1,20}$/.test(text)) return null
    const value = BigInt(text.replace('+', ''))
    if (value < least || value > most) return null
    const hex = BigInt.asUintN(size * 8, value)
      .toString(16)
      .padStart(size * 2, '0')
    return inOrder(Buffer.from(hex, 'hex'))
  }
  return { decode: decoder(read, read), encode }
}

function floatCodec(name: string, size: 4 | 8, little: boolean): Codec {
  const read = (data: Buffer): number => {
    expectSize(data, size, name)
    if (size === 4) return little ? data.readFloatLE() : data.readFloatBE()
    return little ? data.readDoubleLE() : data.readDoubleBE()
  }
  // JSON has no word for what is no number.
  const json = (data: Buffer): string => {
    const value = read(data)
    return Number.isFinite(value) ? String(value) : JSON.stringify(String(value))
  }
  return { decode: decoder((data) => String(read(data)), json), encode: (text) => floatBytes(text, size, little) }
}

function floatBytes(text: string, size: 4 | 8, little: boolean): Buffer | null {
  const value = Number(text)
  if (text.trim() === '' || Number.isNaN(value)) return null
  const bytes = Buffer.alloc(size)
  if (size === 4) bytes.writeFloatBE(value)
  else bytes.writeDoubleBE(value)
  return little ? bytes.reverse() : bytes
}

function expectSize(data: Buffer, size: number, name: string): void {
  if (data.length === size) return
  throw new FormatError(`${data.length} bytes are no ${name}, which has ${size}`)
}

function decoder(text: (data: Buffer) => string, json: (data: Buffer) => string): Deserialize {
  return Object.assign((data: Buffer) => text(data), { json, leavesNulls: true })
}

const quoted = (text: (data: Buffer) => string): Deserialize => decoder(text, (data) => JSON.stringify(text(data)))

/** JSON laid out in lines; what is no JSON stays as it is, so that a mixed topic can be read. */
const json: Codec = {
  decode: Object.assign(
    (data: Buffer): string | Buffer => {
      const text = exactText(data)
      return text !== null && isJson(text) ? prettyJson(text) : data
    },
    {
      leavesNulls: true,
      json: (data: Buffer): string => {
        const text = exactText(data)
        return text !== null && isJson(text) ? compactJson(text) : JSON.stringify(data.toString('utf8'))
      },
    },
  ),
  encode: (text) => Buffer.from(text),
}

const UUID_BYTES = 16

function uuidText(data: Buffer): string {
  expectSize(data, UUID_BYTES, 'uuid')
  return data.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

function hexBytes(text: string, length?: number): Buffer | null {
  const digits = text.replaceAll(/[\s:-]/g, '')
  if (!/^(?:[0-9a-f]{2})*$/i.test(digits) || (length !== undefined && digits.length !== length * 2)) return null
  return Buffer.from(digits, 'hex')
}

function codecs(): Record<string, Codec> {
  const all: Record<string, Codec> = {
    text: { decode: quoted((data) => data.toString('utf8')), encode: (text) => Buffer.from(text) },
    json,
    hex: { decode: quoted((data) => data.toString('hex')), encode: (text) => hexBytes(text) },
    base64: { decode: quoted((data) => data.toString('base64')), encode: (text) => Buffer.from(text, 'base64') },
    uuid: { decode: quoted(uuidText), encode: (text) => hexBytes(text, UUID_BYTES) },
  }
  for (const [suffix, little] of [
    ['', false],
    ['le', true],
  ] as const) {
    for (const size of [1, 2, 4, 8]) {
      if (size === 1 && little) continue
      for (const signed of [true, false]) {
        const name = `${signed ? 'int' : 'uint'}${size * 8}${suffix}`
        all[name] = integerCodec(name, size, signed, little)
      }
    }
    all[`float${suffix}`] = floatCodec(`float${suffix}`, 4, little)
    all[`double${suffix}`] = floatCodec(`double${suffix}`, 8, little)
  }
  return all
}

const CODECS = codecs()
/** What `--key-as` and `--value-as` take. Numbers are big-endian as Java writes them, with `le` behind little-endian. */
export const DECODER_NAMES: readonly string[] = Object.keys(CODECS)

function codecOf(name: string, option: string): Codec {
  const word = name.toLowerCase()
  if (Object.hasOwn(CODECS, word)) return CODECS[word]!
  throw new UsageError(`--${option}: '${name}' is not known`, { facts: [`known are ${DECODER_NAMES.join(', ')}`] })
}

/** How `--key-as NAME` prints bytes. Throws `UsageError` for another name. */
export function decoderNamed(name: string, option: string): Deserialize {
  return codecOf(name, option).decode
}

/** The bytes whose `--key-as NAME` is `text`. Throws `UsageError`. */
export function encodeNamed(name: string, text: string, option: string): Buffer {
  const bytes = codecOf(name, option).encode(text)
  if (bytes !== null) return bytes
  const [least, most] = SIGNED_64
  const facts = /^u?int/.test(name) ? [`whole numbers that fit, within ${least} and ${most} at most`] : []
  throw new UsageError(`--${option}: '${text}' is no ${name}`, { facts })
}
