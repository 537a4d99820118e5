/**
 * Request and response headers and frames (protocol guide, "Headers"). A frame is a 4-byte size, a header, a body.
 *
 * Version notes: request header v1 has a client id, v2 a tag section behind it (KIP-482); v2 goes with every flexible
 * body. Response header v1 is v0 and a tag section; ApiVersions is always answered with v0, so that a client which does
 * not know the broker yet can read the answer (KIP-511).
 */
import { Reader, Writer } from '../base/bytes.ts'
import { ProtocolError } from '../base/errors.ts'
import { ApiKey, apiKeyName } from './api-keys.ts'
import { decode, encode } from './codec.ts'
import {
  type Api,
  includesVersion,
  type RequestInput,
  type ResponseInput,
  type ResponseOf,
  type Schema,
  type SchemaInput,
} from './schema.ts'

export interface RequestHeader {
  readonly apiKey: number
  readonly apiVersion: number
  readonly correlationId: number
  readonly clientId: string | null
}

/**
 * First flexible version of each key, so that a header can be read without loading its message. Keys that are not here
 * have none. A test holds this against the declarations.
 */
const FIRST_FLEXIBLE: Readonly<Record<number, number>> = {
  0: 9,
  1: 12,
  2: 6,
  3: 9,
  8: 8,
  9: 6,
  10: 3,
  11: 6,
  12: 4,
  13: 4,
  14: 4,
  15: 5,
  16: 3,
  18: 3,
  19: 5,
  20: 4,
  21: 2,
  22: 2,
  23: 4,
  24: 3,
  25: 3,
  26: 3,
  27: 1,
  28: 3,
  29: 2,
  30: 2,
  31: 2,
  32: 4,
  33: 2,
  34: 2,
  35: 2,
  36: 2,
  37: 2,
  38: 2,
  39: 2,
  40: 2,
  41: 2,
  42: 2,
  43: 2,
  44: 1,
  45: 0,
  46: 0,
  48: 1,
  49: 1,
  50: 0,
  51: 0,
  52: 0,
  53: 1,
  54: 1,
  55: 0,
  56: 0,
  57: 0,
  58: 0,
  59: 0,
  60: 0,
  61: 0,
  62: 0,
  63: 0,
  64: 0,
  65: 0,
  66: 0,
  67: 0,
  68: 0,
  69: 0,
  70: 0,
  71: 0,
  72: 0,
  73: 0,
  74: 0,
  75: 0,
  76: 0,
  77: 0,
  78: 0,
  79: 0,
  80: 0,
  81: 0,
  82: 0,
  83: 0,
  84: 0,
  85: 0,
  86: 0,
  87: 0,
  88: 0,
  89: 0,
  90: 0,
  91: 0,
  92: 0,
}

/** True when the body of `apiVersion` is flexible, and its headers therefore end with tags. */
export function isFlexible(apiKey: number, apiVersion: number): boolean {
  const first = FIRST_FLEXIBLE[apiKey]
  return first !== undefined && apiVersion >= first
}

/** The frame of a request, size included, as pieces for one gathering write: large `records` are not copied. */
export function encodeRequest<A extends Api>(
  api: A,
  version: number,
  correlationId: number,
  clientId: string | null,
  input: RequestInput<A>,
): Buffer[] {
  const writer = new Writer()
  writer.int32(0)
  writer.int16(api.key)
  writer.int16(version)
  writer.int32(correlationId)
  // Not compact even in header v2, so that a broker can read it before it knows the version.
  writer.string(clientId, false)
  if (includesVersion(api.flexibleVersions, version)) writer.uvarint(0)
  encode(api.request, version, input as SchemaInput<Schema>, writer)
  return framed(writer)
}

/** The frame of a response, size included, as pieces for one gathering write. */
export function encodeResponse<A extends Api>(
  api: A,
  version: number,
  correlationId: number,
  input: ResponseInput<A>,
): Buffer[] {
  const writer = new Writer()
  writer.int32(0)
  writer.int32(correlationId)
  if (hasResponseTags(api, version)) writer.uvarint(0)
  encode(api.response, version, input as SchemaInput<Schema>, writer)
  return framed(writer)
}

/** Fills in the size that was left open at the front. */
function framed(writer: Writer): Buffer[] {
  const size = writer.size - 4
  const chunks = writer.chunks()
  chunks[0]!.writeInt32BE(size, 0)
  return chunks
}

function hasResponseTags(api: Api, version: number): boolean {
  return api.key !== ApiKey.apiVersions && includesVersion(api.flexibleVersions, version)
}

/**
 * Reads a request's header; the body follows at the reader's position. The reader starts behind the size. An unknown key
 * or version is not an error here: the caller decides (ApiVersions is answered even then). Throws ProtocolError when the
 * bytes are no header.
 */
export function decodeRequestHeader(reader: Reader): RequestHeader {
  const apiKey = reader.int16()
  const apiVersion = reader.int16()
  try {
    const correlationId = reader.int32()
    const length = reader.int16()
    const clientId = length < 0 ? null : reader.string(length)
    if (isFlexible(apiKey, apiVersion)) skipTags(reader)
    return { apiKey, apiVersion, correlationId, clientId }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new ProtocolError(`header of ${apiKeyName(apiKey)} v${apiVersion}: ${message}`, { cause: error })
  }
}

/** Headers define no tags yet; what others put there is stepped over. */
function skipTags(reader: Reader): void {
  const count = reader.uvarint()
  for (let i = 0; i < count; i++) {
    reader.uvarint()
    reader.skip(reader.uvarint())
  }
}

export interface DecodedResponse<A extends Api> {
  readonly correlationId: number
  readonly body: ResponseOf<A>
}

/** Reads a response (without its size). To match the correlation id is the caller's business. Throws ProtocolError. */
export function decodeResponse<A extends Api>(api: A, version: number, frame: Buffer | Reader): DecodedResponse<A> {
  const reader = frame instanceof Reader ? frame : new Reader(frame)
  const correlationId = reader.int32()
  if (hasResponseTags(api, version)) skipTags(reader)
  return { correlationId, body: decode(api.response, version, reader) as ResponseOf<A> }
}
