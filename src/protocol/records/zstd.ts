/**
 * Zstandard: Node's own where it has it (22.15, 23.8 and later), the same library as WebAssembly otherwise. The frames
 * are walked first (RFC 8878, section 3.1), so that no claim about their content makes us allocate.
 */
import * as zlib from 'node:zlib'
import { KafkaError } from '../error-codes.ts'
import { inflateWithin, tooLarge } from './output.ts'

/** Kafka's default. */
const DEFAULT_LEVEL = 3
const FRAME_MAGIC = 0xfd2fb528
const SKIPPABLE_MAGIC = 0x184d2a50
const MAX_BLOCK_BYTES = 128 * 1024

/** Compression and decompression of whole buffers; decompression yields at most `maxBytes`. */
export interface ZstdLibrary {
  compress(input: Buffer, level?: number): Buffer
  decompress(input: Buffer, maxBytes: number): Buffer
}

function corrupt(reason: string): KafkaError {
  return new KafkaError('INVALID_RECORD', `zstd: ${reason}`)
}

/** What node:zlib offers from 22.15 on; the types of Node 20 do not know it. */
interface ZstdOfNode {
  zstdCompressSync(input: Buffer, options: { params: Record<number, number> }): Buffer
  zstdDecompressSync(input: Buffer, options: { maxOutputLength: number }): Buffer
  readonly constants: { readonly ZSTD_c_compressionLevel: number }
}

/** Null where this Node has no Zstandard. */
export function zstdOfNode(module: object = zlib): ZstdLibrary | null {
  if (!('zstdCompressSync' in module)) return null
  const node = module as ZstdOfNode
  return {
    compress: (input, level = DEFAULT_LEVEL) =>
      node.zstdCompressSync(input, { params: { [node.constants.ZSTD_c_compressionLevel]: level } }),
    decompress(input, maxBytes) {
      // Walked for the same answers as the other library gives: zlib takes a frame cut short for a short one.
      if (frameBounds(input).length === 0) throw corrupt('no frame')
      return inflateWithin(maxBytes, 'zstd', (maxOutputLength) => node.zstdDecompressSync(input, { maxOutputLength }))
    },
  }
}

/** The library as WebAssembly; its memory grows to what the largest batch needed and stays. */
export async function zstdOfWasm(): Promise<ZstdLibrary> {
  const wasm = await import('@bokuweb/zstd-wasm')
  await wasm.init()
  return {
    compress: (input, level = DEFAULT_LEVEL) => viewOf(wasm.compress(input, level)),
    decompress: (input, maxBytes) => decompressFrames(input, maxBytes, wasm.decompress),
  }
}

type DecompressFrame = (input: Uint8Array, options: { defaultHeapSize: number }) => Uint8Array

function decompressFrames(input: Buffer, maxBytes: number, decompressFrame: DecompressFrame): Buffer {
  const parts: Buffer[] = []
  let left = maxBytes
  const frames = frameBounds(input)
  if (frames.length === 0) throw corrupt('no frame')
  for (const { start, end, contentBytes, claimedBytes } of frames) {
    if (claimedBytes > contentBytes) throw corrupt('a content size that the blocks cannot hold')
    if (claimedBytes > left) throw tooLarge(maxBytes)
    // Room for one byte more than allowed: content that does not fit is then seen as such.
    const room = Math.min(contentBytes, left + 1)
    const part = decompressOne(input.subarray(start, end), room, decompressFrame, room > left ? maxBytes : undefined)
    if (part.length > left) throw tooLarge(maxBytes)
    left -= part.length
    parts.push(part)
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
}

/** `limitBytes`: the room was cut to this limit, so a failure may mean that the content is larger. */
function decompressOne(frame: Buffer, room: number, decompressFrame: DecompressFrame, limitBytes?: number): Buffer {
  try {
    return viewOf(decompressFrame(frame, { defaultHeapSize: room }))
  } catch (error) {
    if (limitBytes !== undefined) throw tooLarge(limitBytes)
    throw corrupt((error as Error).message)
  }
}

function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}

export interface FrameBounds {
  readonly start: number
  readonly end: number
  /** The most that the blocks can hold. */
  readonly contentBytes: number
  /** What the header says, -1 when it says nothing. */
  readonly claimedBytes: number
}

/** The frames in `input`, skippable ones left out. Throws INVALID_RECORD where the bytes are no frames. */
export function frameBounds(input: Buffer): FrameBounds[] {
  const frames: FrameBounds[] = []
  for (let at = 0; at < input.length; ) {
    if (input.length - at < 8) throw corrupt('frame cut short')
    const magic = input.readUInt32LE(at)
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC) {
      at += 8 + input.readUInt32LE(at + 4)
      if (at > input.length) throw corrupt('skippable frame cut short')
      continue
    }
    if (magic !== FRAME_MAGIC) throw corrupt('no frame (invalid magic bytes)')
    const frame = walkFrame(input, at)
    frames.push(frame)
    at = frame.end
  }
  return frames
}

function walkFrame(input: Buffer, start: number): FrameBounds {
  const descriptor = input[start + 4]!
  const singleSegment = (descriptor & 0x20) !== 0
  const sizeFlag = descriptor >>> 6
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3]!
  const sizeBytes = sizeFlag === 0 ? (singleSegment ? 1 : 0) : 1 << sizeFlag
  const sizeAt = start + 5 + (singleSegment ? 0 : 1) + dictionaryBytes
  let at = sizeAt + sizeBytes
  if (at > input.length) throw corrupt('frame cut short')
  const claimedBytes = sizeBytes === 0 ? -1 : readContentSize(input, sizeAt, sizeBytes)
  let contentBytes = 0
  for (let last = false; !last; ) {
    if (input.length - at < 3) throw corrupt('frame cut short')
    const header = input.readUIntLE(at, 3)
    last = (header & 1) === 1
    const type = (header >>> 1) & 3
    const size = header >>> 3
    if (type === 3 || size > MAX_BLOCK_BYTES) throw corrupt('invalid block')
    // Raw, run-length (one byte stands for all), compressed.
    at += 3 + (type === 1 ? 1 : size)
    contentBytes += type === 2 ? MAX_BLOCK_BYTES : size
  }
  at += descriptor & 0x04 ? 4 : 0
  if (at > input.length) throw corrupt('frame cut short')
  return { start, end: at, contentBytes, claimedBytes }
}

function readContentSize(input: Buffer, at: number, bytes: number): number {
  if (bytes === 1) return input[at]!
  if (bytes === 2) return input.readUInt16LE(at) + 256
  return bytes === 4 ? input.readUInt32LE(at) : Number(input.readBigUInt64LE(at))
}
