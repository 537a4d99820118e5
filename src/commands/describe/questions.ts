import type { Clock } from '../../base/clock.ts'
import { KtError } from '../../base/errors.ts'
import { within } from '../../client/retry.ts'

/** How long a part of one picture may take that the picture can do without. */
const PICTURE_PATIENCE_MS = 4_000
/** The same while watching: a broker that hangs must not hold up what can be seen of the others. */
const FRAME_PATIENCE_MS = 700

/**
 * Asks for what is worth having and never worth failing or waiting for: sizes, offsets, lags. A broker may be down, may
 * hang, may not allow the question. One that has not answered yet is not asked the same thing again.
 */
export class Questions {
  readonly #clock: Clock
  readonly #patienceMs: number
  readonly #open = new Set<string>()

  constructor(clock: Clock, isWatching: boolean) {
    this.#clock = clock
    this.#patienceMs = isWatching ? FRAME_PATIENCE_MS : PICTURE_PATIENCE_MS
  }

  /** The answer, or null when there is none in time. `key` names whom is asked what. Defects of ours are thrown. */
  async ask<T>(key: string, question: () => Promise<T>): Promise<T | null> {
    if (this.#open.has(key)) return null
    this.#open.add(key)
    let answer: T | null = null
    let defect: unknown
    const asked = question().then(
      (value) => {
        answer = value
      },
      (error: unknown) => {
        if (!(error instanceof KtError) || error.kind === 'internal') defect = error
      },
    )
    await within(
      this.#clock,
      this.#patienceMs,
      asked.finally(() => this.#open.delete(key)),
    )
    if (defect !== undefined) throw defect
    return answer
  }
}
