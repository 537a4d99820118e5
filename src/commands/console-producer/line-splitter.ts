import { KtError } from '../../base/errors.ts'

/** Called for each line: its bytes are `bytes[start, end)`, without the terminator; valid only during the call. */
export type LineSink = (bytes: Buffer, start: number, end: number) => void

/** No record comes near this: a longer line means stdin is not text, and keeping it would take the memory away. */
export const MAX_LINE_BYTES = 512 * 1024 * 1024

const LF = 0x0a
const CR = 0x0d

/**
 * Cuts a byte stream into lines as `BufferedReader.readLine` does: `\n`, `\r` and `\r\n` end a line, a last line needs
 * no terminator, and an empty line is a line. Bytes stay bytes: nothing is decoded, so nothing can be damaged.
 */
export class LineSplitter {
  readonly #sink: LineSink
  /** Pieces of a line whose end has not come yet. */
  #pending: Buffer[] = []
  #pendingBytes = 0
  /** The previous byte was `\r`: a `\n` that follows belongs to it. */
  #afterCarriageReturn = false

  constructor(sink: LineSink) {
    this.#sink = sink
  }

  /** Takes the next bytes; unfinished lines are copied, so the caller may reuse the chunk. */
  push(chunk: Buffer): void {
    let start = 0
    if (this.#afterCarriageReturn && chunk.length > 0) {
      this.#afterCarriageReturn = false
      if (chunk[0] === LF) start = 1
    }
    // Looked for only once where there is none: most input has no carriage return at all.
    let nextReturn = chunk.indexOf(CR, start)
    let nextFeed = chunk.indexOf(LF, start)
    while (nextFeed >= 0 || nextReturn >= 0) {
      const isReturn = nextReturn >= 0 && (nextFeed < 0 || nextReturn < nextFeed)
      const end = isReturn ? nextReturn : nextFeed
      this.#line(chunk, start, end)
      start = end + 1
      if (isReturn) {
        if (start === chunk.length) this.#afterCarriageReturn = true
        else if (nextFeed === start) start++
        nextReturn = chunk.indexOf(CR, start)
      }
      if (nextFeed >= 0 && nextFeed < start) nextFeed = chunk.indexOf(LF, start)
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start))
  }

  /** The stream has ended: what is pending is the last line. */
  end(): void {
    if (this.#pendingBytes === 0) return
    const line = this.#takePending()
    this.#sink(line, 0, line.length)
  }

  #line(chunk: Buffer, start: number, end: number): void {
    if (this.#pendingBytes === 0) {
      this.#sink(chunk, start, end)
      return
    }
    if (end > start) this.#keep(chunk.subarray(start, end))
    const line = this.#takePending()
    this.#sink(line, 0, line.length)
  }

  #keep(piece: Buffer): void {
    this.#pendingBytes += piece.length
    if (this.#pendingBytes > MAX_LINE_BYTES) {
      throw new KtError('usage', `A line is longer than ${MAX_LINE_BYTES} bytes`, {
        facts: ['standard input holds no line break for that long: it does not look like text'],
      })
    }
    this.#pending.push(Buffer.from(piece))
  }

  #takePending(): Buffer {
    const line = this.#pending.length === 1 ? this.#pending[0]! : Buffer.concat(this.#pending, this.#pendingBytes)
    this.#pending = []
    this.#pendingBytes = 0
    return line
  }
}
