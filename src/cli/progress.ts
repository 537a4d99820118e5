import type { CommandContext } from './context.ts'

/** Often enough to see it move. */
const REFRESH_MS = 200
const CLEAR_LINE = '\r\x1b[2K'

/**
 * One line on stderr that is written over again and again while long work goes on. It exists for people alone: nothing is
 * written unless stdout and stderr are terminals, and nothing under a script's own name.
 */
export class ProgressLine {
  readonly #context: Pick<CommandContext, 'stderr' | 'clock'>
  readonly #isShown: boolean
  #shownAt = Number.NEGATIVE_INFINITY
  #isDirty = false

  constructor(context: Pick<CommandContext, 'stdout' | 'stderr' | 'clock' | 'asScript'>) {
    this.#context = context
    this.#isShown = context.stdout.isTerminal && context.stderr.isTerminal && !context.asScript
  }

  /** Shows what `text` gives, unless it was shown a moment ago. */
  update(text: () => string): void {
    if (!this.#isShown) return
    const now = this.#context.clock.monotonic()
    if (now - this.#shownAt < REFRESH_MS) return
    this.#shownAt = now
    this.#isDirty = true
    this.#context.stderr.write(`${CLEAR_LINE}${text().slice(0, this.#context.stderr.columns - 1)}`)
  }

  /** Takes the line away, before something else is written. */
  clear(): void {
    if (!this.#isDirty) return
    this.#isDirty = false
    this.#context.stderr.write(CLEAR_LINE)
  }
}
