/**
 * Snappy, in the framing of snappy-java that Kafka's Java clients use (a header, then blocks of 32 KiB, each with its
 * length), and raw as other clients send it. In plain JavaScript: no package to install, every length is checked.
 */
import { KafkaError } from '../error-codes.ts'
import { copyMatch, copyRange, Output, tooLarge } from './output.ts'

/** `\x82SNAPPY\0`, version 1, compatible with version 1. */
const FRAME_HEADER = Buffer.from('82534e415050590000000001' + '00000001', 'hex')
/** The first four bytes of the header as a block length: another header follows (concatenated streams). */
const HEADER_AS_LENGTH = FRAME_HEADER.readInt32BE(0)
const BLOCK_BYTES = 32 * 1024
/** A copy element of three bytes yields at most 64: no honest length is further from the input's. */
const MAX_EXPANSION = 32

const MIN_MATCH = 4
const MATCH_START_MARGIN = 15
const HASH_BITS = 13
const SKIP_SHIFT = 5

const table = new Int32Array(1 << HASH_BITS)

function corrupt(reason: string): KafkaError {
  return new KafkaError('INVALID_RECORD', `snappy: ${reason}`)
}

/** Compresses with snappy-java's framing. */
export function snappyCompress(input: Buffer): Buffer {
  const blocks = Math.ceil(input.length / BLOCK_BYTES)
  const output = Buffer.allocUnsafe(FRAME_HEADER.length + input.length + (input.length >>> 5) + blocks * 40)
  let at = FRAME_HEADER.copy(output, 0)
  for (let start = 0; start < input.length; start += BLOCK_BYTES) {
    const end = compressBlock(input, start, Math.min(start + BLOCK_BYTES, input.length), output, at + 4)
    output.writeInt32BE(end - at - 4, at)
    at = end
  }
  return output.subarray(0, at)
}

/** Compresses `input[start, end)` as one raw block and returns the position behind it. */
function compressBlock(input: Buffer, start: number, end: number, output: Buffer, outputStart: number): number {
  const view = new DataView(input.buffer, input.byteOffset, input.length)
  const matchLimit = end - MATCH_START_MARGIN
  let at = writeLength(output, outputStart, end - start)
  let anchor = start
  table.fill(-1)
  for (let position = start, misses = 0; position <= matchLimit; ) {
    const word = view.getInt32(position, true)
    const slot = Math.imul(word, 0x1e35a7bd) >>> (32 - HASH_BITS)
    const candidate = table[slot]!
    table[slot] = position
    if (candidate < 0 || view.getInt32(candidate, true) !== word) {
      position += 1 + (misses++ >>> SKIP_SHIFT)
      continue
    }
    misses = 0
    if (position > anchor) at = writeLiteral(input, anchor, position, output, at)
    let length = MIN_MATCH
    while (position + length < end && input[candidate + length] === input[position + length]) length++
    at = writeCopies(output, at, position - candidate, length)
    position += length
    anchor = position
  }
  return anchor < end ? writeLiteral(input, anchor, end, output, at) : at
}

function writeLength(output: Buffer, start: number, length: number): number {
  let at = start
  let rest = length
  for (; rest > 0x7f; rest >>>= 7) output[at++] = (rest & 0x7f) | 0x80
  output[at++] = rest
  return at
}

/** Tag 00: length - 1 in the tag, or in the one or two bytes behind it (a block has at most 32 KiB). */
function writeLiteral(input: Buffer, start: number, end: number, output: Buffer, outputStart: number): number {
  const n = end - start - 1
  let at = outputStart
  if (n < 60) output[at++] = n << 2
  else if (n < 256) {
    output[at++] = 60 << 2
    output[at++] = n
  } else {
    output[at++] = 61 << 2
    output[at++] = n & 0xff
    output[at++] = n >>> 8
  }
  copyRange(input, start, end, output, at)
  return at + n + 1
}

/** Copies of at most 64 bytes; the last but one is shortened so that none is below the four that tag 01 needs. */
function writeCopies(output: Buffer, start: number, distance: number, length: number): number {
  let at = start
  let rest = length
  for (; rest >= 68; rest -= 64) at = writeLongCopy(output, at, distance, 64)
  if (rest > 64) {
    at = writeLongCopy(output, at, distance, 60)
    rest -= 60
  }
  if (rest >= 12 || distance >= 2048) return writeLongCopy(output, at, distance, rest)
  output[at++] = ((distance >>> 8) << 5) | ((rest - 4) << 2) | 1
  output[at++] = distance & 0xff
  return at
}

/** Tag 10: six bits of length - 1, two bytes of distance. */
function writeLongCopy(output: Buffer, start: number, distance: number, length: number): number {
  output[start] = ((length - 1) << 2) | 2
  output[start + 1] = distance & 0xff
  output[start + 2] = distance >>> 8
  return start + 3
}

/** Reads both framings; throws KafkaError: INVALID_RECORD for what is not snappy, MESSAGE_TOO_LARGE above `maxBytes`. */
export function snappyDecompress(input: Buffer, maxBytes: number): Buffer {
  const output = new Output(Math.min(input.length * 3, maxBytes), maxBytes)
  const framed = input.length >= FRAME_HEADER.length && input.compare(FRAME_HEADER, 0, 8, 0, 8) === 0
  if (!framed) {
    decompressBlock(input, 0, input.length, output)
    return output.finish()
  }
  for (let at = FRAME_HEADER.length; at < input.length; ) {
    if (input.length - at < 4) throw corrupt('block length cut short')
    const length = input.readInt32BE(at)
    if (length === HEADER_AS_LENGTH) {
      at += FRAME_HEADER.length
      continue
    }
    at += 4
    if (length < 0 || length > input.length - at) throw corrupt(`a block of ${length} bytes`)
    decompressBlock(input, at, at + length, output)
    at += length
  }
  return output.finish()
}

function decompressBlock(input: Buffer, start: number, end: number, output: Output): void {
  let length = 0
  let at = start
  for (let shift = 0; ; shift += 7) {
    if (at >= end || shift > 28) throw corrupt('no length')
    const byte = input[at++]!
    length += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) break
  }
  if (length > output.maxBytes - output.position) throw tooLarge(output.maxBytes)
  if (length > (end - start) * MAX_EXPANSION) throw corrupt(`${length} bytes cannot come out of ${end - start}`)
  output.ensure(length)
  if (readElements(input, at, end, output.bytes, output.position, output.position + length) !== length) {
    throw corrupt('a block of another length than it says')
  }
  output.position += length
}

/** Fills `bytes[start, limit)` from the elements in `input[at, end)`; returns how many bytes came out. */
function readElements(input: Buffer, from: number, end: number, bytes: Buffer, start: number, limit: number): number {
  let at = from
  let to = start
  while (at < end) {
    const tag = input[at++]!
    if ((tag & 3) === 0) {
      let length = (tag >>> 2) + 1
      const extra = length - 60
      if (extra > 0) {
        if (extra > end - at) throw corrupt('literal cut short')
        length = input.readUIntLE(at, extra) + 1
        at += extra
      }
      if (length > end - at || length > limit - to) throw corrupt('literal too long')
      copyRange(input, at, at + length, bytes, to)
      at += length
      to += length
      continue
    }
    const distanceBytes = COPY_DISTANCE_BYTES[tag & 3]!
    if (distanceBytes > end - at) throw corrupt('copy cut short')
    const isShort = distanceBytes === 1
    const length = isShort ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1
    let distance = input[at]!
    if (isShort) distance |= (tag >>> 5) << 8
    else if (distanceBytes === 2) distance |= input[at + 1]! << 8
    else distance = input.readUInt32LE(at)
    at += distanceBytes
    if (distance === 0 || distance > to - start || length > limit - to) throw corrupt('copy out of range')
    copyMatch(bytes, to, distance, length)
    to += length
  }
  return to - start
}

/** By tag: 01 one byte and three bits of the tag, 10 two bytes, 11 four. */
const COPY_DISTANCE_BYTES = [0, 1, 2, 4]
