import { KtError } from '../../base/errors.ts'

/** No record comes near this: a longer line means stdin is not text, and keeping it would take the memory away. */
export const MAX_LINE_BYTES = 512 * 1024 * 1024

const LF = 0x0a
const CR = 0x0d
const EMPTY = Buffer.alloc(0)

/**
 * Cuts a byte stream into lines as `BufferedReader.readLine` does: `\n`, `\r` and `\r\n` end a line, a last line needs
 * no terminator, and an empty line is a line. Bytes stay bytes: nothing is decoded, so nothing can be damaged.
 *
 * A cursor: `push` a chunk, then call `next` until it says no; the line is `bytes[start, end)`, valid until then.
 */
export class LineSplitter {
  bytes: Buffer = EMPTY
  start = 0
  end = 0
  #chunk: Buffer = EMPTY
  /** Where the next line of the chunk begins. */
  #position = 0
  /** Next terminators at or after the position; -1 where the chunk has none. */
  #nextFeed = -1
  #nextReturn = -1
  /** Pieces of a line whose end has not come yet. */
  #pending: Buffer[] = []
  #pendingBytes = 0
  /** The previous byte was `\r`: a `\n` that follows belongs to it. */
  #afterReturn = false

  /** Takes the next bytes, once the lines of the last ones have been read. Unfinished lines are copied. */
  push(chunk: Buffer): void {
    this.#chunk = chunk
    this.#position = this.#afterReturn && chunk[0] === LF ? 1 : 0
    if (chunk.length > 0) this.#afterReturn = false
    // Looked for only once where there is none: most input has no carriage return at all.
    this.#nextReturn = chunk.indexOf(CR, this.#position)
    this.#nextFeed = chunk.indexOf(LF, this.#position)
  }

  /** Moves to the next line. False when the chunk holds no further line end; what is left of it is kept. */
  next(): boolean {
    const isReturn = this.#nextReturn >= 0 && (this.#nextFeed < 0 || this.#nextReturn < this.#nextFeed)
    const end = isReturn ? this.#nextReturn : this.#nextFeed
    if (end < 0) return this.#keepRest()
    this.#setLine(end)
    this.#position = end + 1
    if (isReturn) this.#stepOverReturn()
    else this.#nextFeed = this.#chunk.indexOf(LF, this.#position)
    return true
  }

  /** The stream has ended: true when a last line without terminator is there. */
  last(): boolean {
    if (this.#pendingBytes === 0) return false
    this.#takePending()
    return true
  }

  #setLine(end: number): void {
    if (this.#pendingBytes === 0) {
      this.bytes = this.#chunk
      this.start = this.#position
      this.end = end
      return
    }
    if (end > this.#position) this.#keep(this.#chunk.subarray(this.#position, end))
    this.#takePending()
  }

  #stepOverReturn(): void {
    if (this.#position === this.#chunk.length) this.#afterReturn = true
    else if (this.#nextFeed === this.#position) {
      this.#position++
      this.#nextFeed = this.#chunk.indexOf(LF, this.#position)
    }
    this.#nextReturn = this.#chunk.indexOf(CR, this.#position)
  }

  #keepRest(): boolean {
    if (this.#position < this.#chunk.length) this.#keep(this.#chunk.subarray(this.#position))
    this.#chunk = EMPTY
    this.#position = 0
    return false
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

  #takePending(): void {
    this.bytes = this.#pending.length === 1 ? this.#pending[0]! : Buffer.concat(this.#pending, this.#pendingBytes)
    this.start = 0
    this.end = this.bytes.length
    this.#pending = []
    this.#pendingBytes = 0
  }
}
