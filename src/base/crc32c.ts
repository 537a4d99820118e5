/**
 * CRC-32C (Castagnoli), the checksum of record batches and producer snapshots. Long inputs go to the native library
 * (hardware instructions); short ones are done faster in JavaScript than the call into native code takes, and where the
 * native library cannot be loaded everything is done here.
 */
import { createRequire } from 'node:module'

/** Reflected form of the Castagnoli polynomial 0x1EDC6F41. */
const POLYNOMIAL = 0x82f63b78
const SLICES = 8
/** Below this many bytes JavaScript wins; measured on x86-64, Node 20. */
const NATIVE_FROM_BYTES = 128

type Crc32c = (buffer: Buffer, initial?: number) => number

/** Table k, entry b: the checksum of byte b followed by k zero bytes; eight tables digest eight bytes a step. */
const TABLES = makeTables()

function makeTables(): Uint32Array[] {
  const tables = Array.from({ length: SLICES }, () => new Uint32Array(256))
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1
    tables[0]![byte] = crc
  }
  for (let slice = 1; slice < SLICES; slice++) {
    for (let byte = 0; byte < 256; byte++) {
      const previous = tables[slice - 1]![byte]!
      tables[slice]![byte] = (previous >>> 8) ^ tables[0]![previous & 0xff]!
    }
  }
  return tables
}

const [T0, T1, T2, T3, T4, T5, T6, T7] = TABLES as [
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
]

/** In JavaScript alone, slicing by eight. `initial` is the checksum of what came before. */
export function crc32cJs(bytes: Uint8Array, start = 0, end = bytes.length, initial = 0): number {
  let crc = ~initial
  let at = start
  for (const last = end - 8; at <= last; at += 8) {
    crc ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
    crc =
      T7[crc & 0xff]! ^
      T6[(crc >>> 8) & 0xff]! ^
      T5[(crc >>> 16) & 0xff]! ^
      T4[crc >>> 24]! ^
      T3[bytes[at + 4]!]! ^
      T2[bytes[at + 5]!]! ^
      T1[bytes[at + 6]!]! ^
      T0[bytes[at + 7]!]!
  }
  for (; at < end; at++) crc = (crc >>> 8) ^ T0[(crc ^ bytes[at]!) & 0xff]!
  return ~crc >>> 0
}

let native: Crc32c | null | undefined

/** Loaded when first needed; null where the platform has no build of it. */
function loadNative(): Crc32c | null {
  try {
    return (createRequire(import.meta.url)('@node-rs/crc32') as { crc32c: Crc32c }).crc32c
  } catch {
    return null
  }
}

/**
 * CRC-32C of `bytes[start, end)` as an unsigned number; `initial` is the checksum of what came before, so that pieces
 * can be chained.
 */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length, initial = 0): number {
  if (end - start < NATIVE_FROM_BYTES) return crc32cJs(bytes, start, end, initial)
  if (native === undefined) native = loadNative()
  if (native === null) return crc32cJs(bytes, start, end, initial)
  return native(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start), initial)
}
