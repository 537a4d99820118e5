/** How often each whole millisecond was measured: exact percentiles of any number of values in little memory. */
export class Latencies {
  readonly #counts: number[] = []
  #count = 0
  #total = 0
  #max = 0

  record(latencyMs: number, times = 1): void {
    const at = Math.max(0, Math.trunc(latencyMs))
    // Beyond the delivery timeout's minutes there is nothing to tell apart.
    const slot = Math.min(at, MAX_MS)
    while (this.#counts.length <= slot) this.#counts.push(0)
    this.#counts[slot]! += times
    this.#count += times
    this.#total += at * times
    if (at > this.#max) this.#max = at
  }

  get count(): number {
    return this.#count
  }

  /** NaN while nothing was measured, as the script prints it. */
  get average(): number {
    return this.#total / this.#count
  }

  get max(): number {
    return this.#max
  }

  /** The value below which `fraction` of all lie: the script's index into the sorted values. */
  percentile(fraction: number): number {
    let left = Math.floor(fraction * this.#count)
    for (const [ms, times] of this.#counts.entries()) {
      if (left < times) return ms
      left -= times
    }
    return this.#max
  }
}

/** Half an hour. */
const MAX_MS = 1_800_000
