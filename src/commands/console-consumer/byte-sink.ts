const INITIAL_CAPACITY_BYTES = 64 * 1024

/** Bytes on their way out: one growing buffer that is filled, handed over and filled again. */
export class ByteSink {
  #bytes = Buffer.allocUnsafe(INITIAL_CAPACITY_BYTES)
  #length = 0

  get length(): number {
    return this.#length
  }

  bytes(source: Uint8Array): void {
    this.#reserve(source.length)
    this.#bytes.set(source, this.#length)
    this.#length += source.length
  }

  range(source: Buffer, start: number, length: number): void {
    this.#reserve(length)
    source.copy(this.#bytes, this.#length, start, start + length)
    this.#length += length
  }

  /** Text as UTF-8. */
  text(text: string): void {
    this.#reserve(text.length * 3)
    this.#length += this.#bytes.write(text, this.#length)
  }

  /** What was written so far; valid until the next write. The sink is empty afterwards. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length)
    this.#length = 0
    return taken
  }

  #reserve(length: number): void {
    const wanted = this.#length + length
    if (wanted <= this.#bytes.length) return
    const next = Buffer.allocUnsafe(Math.max(wanted, this.#bytes.length * 2))
    this.#bytes.copy(next, 0, 0, this.#length)
    this.#bytes = next
  }
}
