/** What was observed so far: it is shown as far as it has come when the time is up. */
import type { Step } from './step.ts'

export class Found {
  readonly #facts: string[] = []
  #why: string | null = null
  #next: readonly Step[] | null = null

  get facts(): readonly string[] {
    return this.#facts
  }
  /** A better reason than the general one; null when nothing was seen that tells more. */
  get why(): string | null {
    return this.#why
  }
  /** Steps that fit what was seen; null for those of the row. */
  get next(): readonly Step[] | null {
    return this.#next
  }

  fact(text: string): void {
    if (!this.#facts.includes(text)) this.#facts.push(text)
  }
  because(why: string): void {
    this.#why = why
  }
  do(...steps: readonly Step[]): void {
    this.#next = steps
  }
}
