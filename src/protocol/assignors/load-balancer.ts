/**
 * Members of a topic between two ends: those with the fewest partitions, which take, and those with the most, which give.
 * Both ends take turns among equals; they are as far apart as the counts that they have reached.
 */

const NOBODY = -1

export class LoadBalancer {
  readonly #counts: readonly number[]
  #members: number[] = []
  /** Members [0, leastEnd) are the ones that take, `leastCount` partitions each when their turn began. */
  #leastEnd = 0
  #leastCount = 0
  #nextLeast = 0
  /** Members [mostStart, mostEnd) give; those behind have nothing of this topic. */
  #mostStart = 0
  #mostEnd = 0
  #mostCount = 0
  #nextMost = 0

  /** `counts`: partitions of each member, kept up to date by the caller. */
  constructor(counts: readonly number[]) {
    this.#counts = counts
  }

  /** Begins with the readers of another topic; how far the one with most is from the one with fewest. */
  begin(members: readonly number[]): number {
    this.#members = [...members].sort((a, b) => this.#countOf(a) - this.#countOf(b) || a - b)
    const fewest = this.#countOf(this.#members[0]!)
    const most = this.#countOf(this.#members.at(-1)!)
    this.#leastEnd = 0
    this.#leastCount = fewest - 1
    this.#nextLeast = 0
    this.#mostStart = this.#members.length
    this.#mostEnd = this.#members.length
    this.#mostCount = most + 1
    this.#nextMost = this.#members.length - 1
    return most - fewest
  }

  #countOf(member: number): number {
    return this.#counts[member]!
  }

  /** Who takes the next partition. */
  nextLeast(): number {
    if (this.#nextLeast >= this.#leastEnd) {
      this.#leastCount++
      while (
        this.#leastEnd < this.#members.length &&
        this.#countOf(this.#members[this.#leastEnd]!) === this.#leastCount
      ) {
        this.#leastEnd++
      }
      this.#nextLeast = 0
    }
    return this.#members[this.#nextLeast++]!
  }

  /** Who gives the next partition; -1 when nobody is left. */
  nextMost(): number {
    if (this.#nextMost < this.#mostStart) {
      const isEmpty = this.#mostEnd <= this.#mostStart && this.#mostStart > 0
      this.#mostCount = isEmpty ? this.#countOf(this.#members[this.#mostStart - 1]!) : this.#mostCount - 1
      while (this.#mostStart > 0 && this.#countOf(this.#members[this.#mostStart - 1]!) === this.#mostCount) {
        this.#mostStart--
      }
      this.#nextMost = this.#mostEnd - 1
    }
    return this.#nextMost < 0 ? NOBODY : this.#members[this.#nextMost--]!
  }

  /** The one that `nextMost` named has nothing to give. */
  excludeMost(): void {
    const at = this.#nextMost + 1
    const end = this.#mostEnd - 1
    const excluded = this.#members[at]!
    this.#members[at] = this.#members[end]!
    this.#members[end] = excluded
    this.#mostEnd--
  }

  get isBalanced(): boolean {
    return this.#mostCount - this.#leastCount <= 1
  }
}
