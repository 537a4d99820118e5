import type { Timeline, TimelineFact } from '../../src/base/timeline.ts'

/** Keeps what a node tells; watched unless told otherwise. */
export class MemoryTimeline implements Timeline {
  isWatched = true
  readonly facts: TimelineFact[] = []

  tell(fact: TimelineFact): void {
    this.facts.push(fact)
  }

  /** What was told since the last call. */
  take(): TimelineFact[] {
    return this.facts.splice(0)
  }
}
