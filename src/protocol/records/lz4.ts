/**
 * LZ4 frames as Kafka writes them (KIP-57): independent blocks of 64 KiB, no content size, no content checksum. In plain
 * JavaScript: no package to install, and every length is checked against the bytes that are really there.
 *
 * Not implemented: the slower "high compression" levels; every level compresses like Kafka's default.
 */
import { xxhash32 } from '../../base/xxhash32.ts'
import { KafkaError } from '../error-codes.ts'
import { copyMatch, copyRange, Output, tooLarge } from './output.ts'

const MAGIC = 0x184d2204
const FLAGS = 0x60 // version 1, blocks independent
const BLOCK_64_KIB = 0x40
const BLOCK_BYTES = 64 * 1024
const STORED = 0x80000000
/** Frame header without content size: magic, flags, block descriptor, header checksum. */
const HEADER_BYTES = 7

const MIN_MATCH = 4
/** A match may not begin in the last 12 bytes nor end in the last 5 (LZ4 block format, "End of block conditions"). */
const MATCH_START_MARGIN = 12
const LAST_LITERALS = 5
const MAX_DISTANCE = 65535
const HASH_BITS = 14
/** After 2^6 positions without a match the search steps faster and faster: incompressible data costs little. */
const SKIP_SHIFT = 6

const table = new Int32Array(1 << HASH_BITS)

function corrupt(reason: string): KafkaError {
  return new KafkaError('INVALID_RECORD', `lz4: ${reason}`)
}

/** Compresses to one frame. */
export function lz4Compress(input: Buffer): Buffer {
  const blocks = Math.ceil(input.length / BLOCK_BYTES)
  const output = Buffer.allocUnsafe(HEADER_BYTES + input.length + Math.ceil(input.length / 255) + blocks * 20 + 4)
  output.writeUInt32LE(MAGIC, 0)
  output[4] = FLAGS
  output[5] = BLOCK_64_KIB
  output[6] = (xxhash32(output, 4, 6) >>> 8) & 0xff
  let at = HEADER_BYTES
  for (let start = 0; start < input.length; start += BLOCK_BYTES) {
    at = writeBlock(input, start, Math.min(start + BLOCK_BYTES, input.length), output, at)
  }
  output.writeUInt32LE(0, at)
  return output.subarray(0, at + 4)
}

/** A block that does not get smaller is stored as it is. */
function writeBlock(input: Buffer, start: number, end: number, output: Buffer, at: number): number {
  const compressedEnd = compressBlock(input, start, end, output, at + 4)
  const length = compressedEnd - at - 4
  if (length < end - start) {
    output.writeUInt32LE(length, at)
    return compressedEnd
  }
  output.writeUInt32LE((STORED | (end - start)) >>> 0, at)
  copyRange(input, start, end, output, at + 4)
  return at + 4 + end - start
}

function compressBlock(input: Buffer, start: number, end: number, output: Buffer, outputStart: number): number {
  const view = new DataView(input.buffer, input.byteOffset, input.length)
  const matchLimit = end - MATCH_START_MARGIN
  let at = outputStart
  let anchor = start
  table.fill(-1)
  for (let position = start, misses = 0; position <= matchLimit; ) {
    const word = view.getInt32(position, true)
    const slot = Math.imul(word, 0x9e3779b1) >>> (32 - HASH_BITS)
    const candidate = table[slot]!
    table[slot] = position
    if (candidate < 0 || position - candidate > MAX_DISTANCE || view.getInt32(candidate, true) !== word) {
      position += 1 + (misses++ >>> SKIP_SHIFT)
      continue
    }
    misses = 0
    const length = matchLength(view, candidate, position, end - LAST_LITERALS)
    at = writeSequence(input, anchor, position, output, at, position - candidate, length)
    position += length
    anchor = position
  }
  return writeSequence(input, anchor, end, output, at, 0, MIN_MATCH)
}

/** How far the bytes at both positions agree, before `limit`; at least the four that are known to. */
function matchLength(view: DataView, candidate: number, position: number, limit: number): number {
  let length = MIN_MATCH
  while (position + length + 4 <= limit) {
    if (view.getInt32(candidate + length, true) !== view.getInt32(position + length, true)) break
    length += 4
  }
  while (position + length < limit && view.getUint8(candidate + length) === view.getUint8(position + length)) length++
  return length
}

/** Literals and the match behind them; a distance of 0 ends the block with literals alone. */
function writeSequence(
  input: Buffer,
  literalStart: number,
  literalEnd: number,
  output: Buffer,
  start: number,
  distance: number,
  length: number,
): number {
  const literals = literalEnd - literalStart
  const extra = length - MIN_MATCH
  output[start] = (Math.min(literals, 15) << 4) | Math.min(extra, 15)
  let at = writeLength(output, start + 1, literals)
  copyRange(input, literalStart, literalEnd, output, at)
  at += literals
  if (distance === 0) return at
  output[at] = distance & 0xff
  output[at + 1] = distance >>> 8
  return writeLength(output, at + 2, extra)
}

/** What a nibble of 15 leaves over: bytes of 255 and the rest. */
function writeLength(output: Buffer, start: number, length: number): number {
  let at = start
  if (length < 15) return at
  let rest = length - 15
  for (; rest >= 255; rest -= 255) output[at++] = 255
  output[at++] = rest
  return at
}

/** Reads one frame; throws KafkaError: INVALID_RECORD for what is no frame, MESSAGE_TOO_LARGE above `maxBytes`. */
export function lz4Decompress(input: Buffer, maxBytes: number): Buffer {
  const frame = readHeader(input)
  const output = new Output(input.length * 3, maxBytes)
  let at = frame.headerBytes
  for (;;) {
    if (at + 4 > input.length) throw corrupt('stream ended prematurely')
    const word = input.readUInt32LE(at)
    at += 4
    if (word === 0) break
    const length = word & 0x7fffffff
    if (length > frame.blockBytes) throw corrupt(`block size ${length} exceeded max: ${frame.blockBytes}`)
    if (length > input.length - at) throw corrupt('stream ended prematurely')
    if (word >= STORED) output.append(input, at, at + length)
    else decompressBlock(input, at, at + length, output, frame.blockBytes)
    if (frame.blockChecksum) checkBlock(input, at, at + length)
    at += length + (frame.blockChecksum ? 4 : 0)
  }
  return output.finish()
}

function checkBlock(input: Buffer, start: number, end: number): void {
  if (end + 4 > input.length) throw corrupt('stream ended prematurely')
  if (input.readUInt32LE(end) !== xxhash32(input, start, end)) throw corrupt('block checksum mismatch')
}

interface FrameHeader {
  readonly headerBytes: number
  readonly blockBytes: number
  readonly blockChecksum: boolean
}

function readHeader(input: Buffer): FrameHeader {
  if (input.length < HEADER_BYTES || input.readUInt32LE(0) !== MAGIC) throw corrupt('no frame (invalid magic bytes)')
  const flags = input[4]!
  const sizeCode = (input[5]! >>> 4) & 7
  if (flags >>> 6 !== 1 || (flags & 0x20) === 0 || (flags & 0x03) !== 0) throw corrupt('unsupported frame flags')
  if (sizeCode < 4 || (input[5]! & 0x8f) !== 0) throw corrupt('unsupported block size')
  const descriptorEnd = flags & 0x08 ? 14 : 6
  if (descriptorEnd >= input.length) throw corrupt('stream ended prematurely')
  if (input[descriptorEnd] !== ((xxhash32(input, 4, descriptorEnd) >>> 8) & 0xff)) {
    throw corrupt('stream frame descriptor corrupted')
  }
  return {
    headerBytes: descriptorEnd + 1,
    blockBytes: 1 << (2 * sizeCode + 8),
    blockChecksum: (flags & 0x10) !== 0,
  }
}

/** Appends one block's content; blocks are independent, so a match never reaches before the block. */
function decompressBlock(input: Buffer, start: number, end: number, output: Output, blockBytes: number): void {
  const blockStart = output.position
  const limit = Math.min(blockStart + blockBytes, output.maxBytes)
  output.ensure(Math.min(limit - blockStart, (end - start) * 255))
  const { bytes } = output
  const capacity = Math.min(limit, bytes.length)
  let at = start
  let to = blockStart
  while (at < end) {
    const token = input[at++]!
    let literals = token >>> 4
    if (literals === 15) {
      let byte: number
      do {
        if (at >= end) throw corrupt('block cut short')
        byte = input[at++]!
        literals += byte
      } while (byte === 255)
    }
    if (literals > end - at) throw corrupt('block cut short')
    if (literals > capacity - to) throw overflow(limit, output)
    copyRange(input, at, at + literals, bytes, to)
    at += literals
    to += literals
    if (at === end) break
    if (end - at < 2) throw corrupt('block cut short')
    const distance = input[at]! | (input[at + 1]! << 8)
    at += 2
    if (distance === 0 || distance > to - blockStart) throw corrupt('match before the block')
    let length = (token & 15) + MIN_MATCH
    if (length === 15 + MIN_MATCH) {
      let byte: number
      do {
        if (at >= end) throw corrupt('block cut short')
        byte = input[at++]!
        length += byte
      } while (byte === 255)
    }
    if (length > capacity - to) throw overflow(limit, output)
    copyMatch(bytes, to, distance, length)
    to += length
  }
  output.position = to
}

function overflow(limit: number, output: Output): KafkaError {
  return limit === output.maxBytes ? tooLarge(output.maxBytes) : corrupt('a block larger than the frame allows')
}
