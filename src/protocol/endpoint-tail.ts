/**
 * Addresses behind the records of a large answer (KIP-951), replaced without holding the answer: its size goes out before
 * its end is known, so some bytes more are announced, and what the addresses do not take of them goes into tags that no
 * client knows and every client steps over (KIP-482).
 */
import { Reader, Writer } from '../base/bytes.ts'
import { ProtocolError } from '../base/errors.ts'
import { type FoundAddress, type FoundAddresses, findAddressesIn, replaceAddresses } from './endpoints.ts'
import { interpretDecode } from './interpret.ts'
import type { Api, Fields, Schema } from './schema.ts'
import { TAIL_FIELD } from './stream-decoder.ts'

/** How much larger an answer may become: some brokers whose names are shorter than the proxy's. */
export const RESERVED_BYTES = 256
/** Thousands of addresses; a tail is held as a whole. */
export const MAX_TAIL_BYTES = 1024 * 1024

/** No answer has these tags; each takes one byte, as the tag does that the first can stand for. */
const HIDDEN_TAG = 0x7d
const PADDING_TAGS = [0x7e, 0x7f] as const
/** The least that a tag without a value takes. */
const TAG_BYTES = 2
const ONE_BYTE = 0x80

const schemas = new Map<string, Schema>()

/** What stands from the addresses on, as a structure of its own. */
function tailSchema({ response }: Api): Schema {
  const known = schemas.get(response.name)
  if (known !== undefined) return known
  const entries = Object.entries(response.fields)
  const from = entries.findIndex(([name]) => name === TAIL_FIELD)
  const schema = { ...response, fields: Object.fromEntries(entries.slice(from)) as Fields }
  schemas.set(response.name, schema)
  return schema
}

export interface Tail {
  readonly bytes: Buffer
  readonly found: FoundAddresses
  /** The tag section of the answer itself: where its count stands, and its first tag. */
  readonly tagsAt: number
  readonly firstTagAt: number
}

/** Reads the tail of an answer. Throws `ProtocolError` when it is none. */
export function readTail(api: Api, version: number, bytes: Buffer): Tail {
  const schema = tailSchema(api)
  let [tagsAt, firstTagAt, end] = [-1, -1, 0]
  interpretDecode(schema, version, new Reader(bytes), {
    onBytes: ({ path, part, start, end: to }) => {
      end = to
      if (path !== '') return
      if (part === 'tagCount') tagsAt = start
      if (part === 'tag' && firstTagAt < 0) firstTagAt = start
    },
  })
  if (end !== bytes.length || tagsAt < 0) throw new ProtocolError('bytes behind the answer')
  if (bytes[tagsAt]! + PADDING_TAGS.length >= ONE_BYTE)
    throw new ProtocolError('an answer with more than a hundred tags')
  return { bytes, found: findAddressesIn(schema, version, bytes, 0), tagsAt, firstTagAt }
}

/**
 * The tail with its addresses replaced, exactly `RESERVED_BYTES` longer than it was. Where they do not fit, they are left
 * out: clients ask for metadata then, as all did before KIP-951.
 */
export function fillTail(
  tail: Tail,
  replace: (address: FoundAddress) => { readonly host: string; readonly port: number } | null,
): Buffer {
  const total = tail.bytes.length + RESERVED_BYTES
  const replaced = replaceAddresses(tail.bytes, tail.found, replace)
  const fits = replaced.length + TAG_BYTES <= total
  if (!fits) return padded(...withoutAddresses(tail), total)
  // Addresses are in a tag, or before all of them.
  const tagsAt = tail.tagsAt === 0 ? 0 : tail.tagsAt + replaced.length - tail.bytes.length
  return padded(replaced, tagsAt, total)
}

function withoutAddresses({ bytes, tagsAt, firstTagAt }: Tail): [Buffer, number] {
  if (tagsAt === 0) {
    const hidden = Buffer.from(bytes)
    if (firstTagAt >= 0) hidden[firstTagAt] = HIDDEN_TAG
    return [hidden, 0]
  }
  // An array of none: the count is stored plus one.
  return [Buffer.concat([Buffer.from([1]), bytes.subarray(tagsAt)]), 1]
}

function padded(bytes: Buffer, tagsAt: number, total: number): Buffer {
  const missing = total - bytes.length
  // One tag cannot take 130 bytes: its size would need a second byte, and that one the place of a value's.
  const [first, second] = missing === ONE_BYTE + TAG_BYTES ? [TAG_BYTES, missing - TAG_BYTES] : [0, missing]
  const tags = [...(first === 0 ? [] : [paddingTag(PADDING_TAGS[0], first)]), paddingTag(PADDING_TAGS[1], second)]
  const result = Buffer.concat([bytes, ...tags])
  result[tagsAt] = bytes[tagsAt]! + tags.length
  return result
}

/** A tag of exactly `length` bytes. */
function paddingTag(tag: number, length: number): Buffer {
  const size = length - TAG_BYTES < ONE_BYTE ? length - TAG_BYTES : length - TAG_BYTES - 1
  const writer = new Writer(length)
  writer.uvarint(tag)
  writer.uvarint(size)
  return Buffer.concat([writer.toBuffer(), Buffer.alloc(size)])
}
