/** What was typed. Lines that begin with a blank are not kept, nor a line that is the same as the one before. */

/** As many lines as Kafka's shell keeps. */
const MAX_LINES = 500

export class LineHistory {
  /** Number of the oldest line that is kept. */
  first = 0
  readonly #lines: string[] = []

  get lines(): readonly string[] {
    return this.#lines
  }

  add(typed: string): void {
    const line = typed.trimEnd()
    if (line === '' || /^\s/.test(line) || line === this.#lines.at(-1)) return
    this.#lines.push(line)
    if (this.#lines.length <= MAX_LINES) return
    this.#lines.shift()
    this.first += 1
  }
}
