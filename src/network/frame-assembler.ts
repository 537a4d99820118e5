import { ProtocolError } from '../base/errors.ts'

/** The int32 before every request and response (protocol guide, "Common Request and Response Structure"). */
export const SIZE_PREFIX_BYTES = 4

/**
 * First allocation for a frame that lies in several chunks. A frame that claims more gets the rest by doubling as its
 * bytes arrive, so a lie about the size costs the liar's own bandwidth, not our memory.
 */
const INITIAL_FRAME_BYTES = 128 * 1024

/**
 * Cuts a byte stream into size-prefixed frames. A frame that lies within one chunk is handed out as a view of it; one
 * that spans chunks is copied once into a buffer of its own.
 */
export class FrameAssembler {
  private readonly maxFrameBytes: number
  /** Chunks not looked at yet, the first one from `chunkOffset` on. Only whole frames and one partial tail live here. */
  private chunks: Buffer[] = []
  private chunkOffset = 0
  private queuedBytes = 0
  /** Frame being put together; its size prefix has been read already. */
  private partial: Buffer | null = null
  private partialBytes = 0
  /** Size of the frame in `partial`; -1 while its prefix has not been read. */
  private frameBytes = -1

  constructor(maxFrameBytes: number) {
    this.maxFrameBytes = maxFrameBytes
  }

  /** Bytes received and not handed out yet. */
  get bufferedBytes(): number {
    return this.queuedBytes + this.partialBytes
  }

  /** Takes what arrived. The assembler owns the chunk from now on. */
  push(chunk: Buffer): void {
    if (chunk.length === 0) return
    this.chunks.push(chunk)
    this.queuedBytes += chunk.length
  }

  /** The next whole frame without its size, or null until more arrives. Throws `ProtocolError` for an absurd size. */
  next(): Buffer | null {
    if (this.frameBytes < 0) {
      if (this.queuedBytes < SIZE_PREFIX_BYTES) {
        this.joinTinyChunks()
        return null
      }
      this.frameBytes = this.checkedSize(this.readPrefix())
    }
    if (this.partial === null) {
      const whole = this.takeFromFirstChunk(this.frameBytes)
      if (whole !== null) return whole
    }
    return this.fillPartial()
  }

  private checkedSize(size: number): number {
    if (size <= 0 || size > this.maxFrameBytes) {
      throw new ProtocolError(`frame of ${size} bytes, the limit is ${this.maxFrameBytes}`)
    }
    return size
  }

  private readPrefix(): number {
    const first = this.chunks[0]!
    if (first.length - this.chunkOffset >= SIZE_PREFIX_BYTES) {
      const size = first.readInt32BE(this.chunkOffset)
      this.consume(SIZE_PREFIX_BYTES)
      return size
    }
    const prefix = Buffer.allocUnsafe(SIZE_PREFIX_BYTES)
    this.copyOut(prefix, 0, SIZE_PREFIX_BYTES)
    return prefix.readInt32BE(0)
  }

  private takeFromFirstChunk(length: number): Buffer | null {
    const first = this.chunks[0]
    if (first === undefined || first.length - this.chunkOffset < length) return null
    const frame = first.subarray(this.chunkOffset, this.chunkOffset + length)
    this.consume(length)
    this.frameBytes = -1
    return frame
  }

  /** Moves queued bytes into the partial frame, so that many tiny chunks never pile up as many small buffers. */
  private fillPartial(): Buffer | null {
    const wanted = Math.min(this.frameBytes - this.partialBytes, this.queuedBytes)
    this.growPartial(this.partialBytes + wanted)
    this.copyOut(this.partial!, this.partialBytes, wanted)
    this.partialBytes += wanted
    if (this.partialBytes < this.frameBytes) return null
    const frame = this.partial!
    this.partial = null
    this.partialBytes = 0
    this.frameBytes = -1
    return frame
  }

  private growPartial(needed: number): void {
    const capacity = this.partial?.length ?? 0
    if (needed <= capacity && capacity > 0) return
    const next = Math.min(this.frameBytes, Math.max(INITIAL_FRAME_BYTES, capacity * 2, needed))
    const grown = Buffer.allocUnsafe(next)
    this.partial?.copy(grown, 0, 0, this.partialBytes)
    this.partial = grown
  }

  private copyOut(target: Buffer, at: number, length: number): void {
    let position = at
    let rest = length
    while (rest > 0) {
      const first = this.chunks[0]!
      const taken = Math.min(rest, first.length - this.chunkOffset)
      first.copy(target, position, this.chunkOffset, this.chunkOffset + taken)
      this.consume(taken)
      position += taken
      rest -= taken
    }
  }

  /** Moves past `length` bytes of the first chunk. */
  private consume(length: number): void {
    this.chunkOffset += length
    this.queuedBytes -= length
    if (this.chunkOffset < this.chunks[0]!.length) return
    this.chunks.shift()
    this.chunkOffset = 0
  }

  /** Less than a size prefix is left: at most three chunks of one byte, nothing to join but the view of a big one. */
  private joinTinyChunks(): void {
    if (this.queuedBytes === 0) return
    const rest = Buffer.allocUnsafe(this.queuedBytes)
    this.copyOut(rest, 0, rest.length)
    this.chunks = [rest]
    this.chunkOffset = 0
    this.queuedBytes = rest.length
  }
}
