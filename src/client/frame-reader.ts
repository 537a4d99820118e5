import { ProtocolError } from '../base/errors.ts'

const SIZE_BYTES = 4

/**
 * Cuts a stream of bytes into frames: a 4-byte big-endian length, then that many bytes (protocol guide, "Protocol").
 * A frame that lies whole inside one chunk is a view of it; one that spans chunks is gathered into its own buffer, so
 * that each byte is copied at most once.
 */
export class FrameReader {
  private readonly maxFrameBytes: number
  private readonly onFrame: (frame: Buffer) => void
  private readonly size = Buffer.alloc(SIZE_BYTES)
  private sizeFilled = 0
  private frame: Buffer | null = null
  private filled = 0

  constructor(maxFrameBytes: number, onFrame: (frame: Buffer) => void) {
    this.maxFrameBytes = maxFrameBytes
    this.onFrame = onFrame
  }

  /** Takes the next bytes of the stream. Throws `ProtocolError` for a length that cannot be. */
  push(chunk: Buffer): void {
    let at = 0
    while (at < chunk.length) {
      if (this.frame !== null) at = this.fill(this.frame, chunk, at)
      else if (this.sizeFilled === 0 && chunk.length - at >= SIZE_BYTES) at = this.startInChunk(chunk, at)
      else at = this.fillSize(chunk, at)
    }
  }

  private startInChunk(chunk: Buffer, at: number): number {
    const length = this.checked(chunk.readInt32BE(at))
    const start = at + SIZE_BYTES
    if (chunk.length - start < length) {
      this.begin(length)
      return start
    }
    this.onFrame(chunk.subarray(start, start + length))
    return start + length
  }

  private fillSize(chunk: Buffer, at: number): number {
    this.size[this.sizeFilled] = chunk[at]!
    this.sizeFilled += 1
    if (this.sizeFilled === SIZE_BYTES) {
      this.sizeFilled = 0
      this.begin(this.checked(this.size.readInt32BE(0)))
    }
    return at + 1
  }

  private begin(length: number): void {
    this.frame = Buffer.allocUnsafe(length)
    this.filled = 0
  }

  private fill(frame: Buffer, chunk: Buffer, at: number): number {
    const take = Math.min(frame.length - this.filled, chunk.length - at)
    chunk.copy(frame, this.filled, at, at + take)
    this.filled += take
    if (this.filled === frame.length) {
      this.frame = null
      this.onFrame(frame)
    }
    return at + take
  }

  /** Every response has at least a correlation id, so shorter frames are as false as negative or endless ones. */
  private checked(length: number): number {
    if (length < SIZE_BYTES || length > this.maxFrameBytes) {
      throw new ProtocolError(`a frame of ${length} bytes was announced, ${this.maxFrameBytes} are allowed`)
    }
    return length
  }
}
