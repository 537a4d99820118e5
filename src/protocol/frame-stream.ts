/**
 * Cuts a byte stream into frames (a 4-byte size, then that many bytes) without holding them: for who passes bytes on while
 * it looks at them. Whoever wants whole frames takes those of `client` and `network`.
 */
import { ProtocolError } from '../base/errors.ts'

const SIZE_BYTES = 4

/** Told of frames as they come. */
export interface FrameSink {
  /** A frame of this many bytes begins; the size was checked. */
  begin(sizeInBytes: number): void
  /** The next bytes of the frame, a view of what arrived. */
  data(piece: Buffer): void
  /** The frame is complete. */
  end(): void
}

export class FrameStream {
  readonly #maxFrameBytes: number
  readonly #sink: FrameSink
  readonly #size = Buffer.alloc(SIZE_BYTES)
  #sizeFilled = 0
  #left = 0
  #isInFrame = false

  constructor(maxFrameBytes: number, sink: FrameSink) {
    this.#maxFrameBytes = maxFrameBytes
    this.#sink = sink
  }

  /** In the middle of a frame, or of its size. */
  get isMidFrame(): boolean {
    return this.#isInFrame || this.#sizeFilled > 0
  }

  /** Takes the next bytes of the stream. Throws `ProtocolError` for a size that cannot be. */
  push(chunk: Buffer): void {
    let at = 0
    while (at < chunk.length) at = this.#isInFrame ? this.#pass(chunk, at) : this.#fillSize(chunk, at)
  }

  #fillSize(chunk: Buffer, at: number): number {
    const taken = chunk.copy(this.#size, this.#sizeFilled, at, at + SIZE_BYTES - this.#sizeFilled)
    this.#sizeFilled += taken
    if (this.#sizeFilled === SIZE_BYTES) {
      this.#sizeFilled = 0
      const size = this.#size.readInt32BE(0)
      if (size < SIZE_BYTES || size > this.#maxFrameBytes) {
        throw new ProtocolError(`a frame of ${size} bytes was announced, ${this.#maxFrameBytes} are allowed`)
      }
      this.#left = size
      this.#isInFrame = true
      this.#sink.begin(size)
    }
    return at + taken
  }

  #pass(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#left)
    this.#left -= end - at
    this.#sink.data(at === 0 && end === chunk.length ? chunk : chunk.subarray(at, end))
    if (this.#left === 0) {
      this.#isInFrame = false
      this.#sink.end()
    }
    return end
  }
}
