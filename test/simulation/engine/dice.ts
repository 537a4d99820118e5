/** Seeded randomness with the throws a simulation makes. Each part of the world has dice of its own. */
import { type Random, seededRandom } from '../../../src/base/random.ts'

/** FNV-1a over `text`, started from `seed`: the same name under another seed gives another stream. */
function mixedSeed(seed: number, text: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0
  // Seeds that differ by one must not give streams that look alike.
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) >>> 0
  return (hash ^ (hash >>> 13)) >>> 0
}

export class Dice implements Random {
  private readonly seed: number
  private readonly random: Random

  constructor(seed: number) {
    this.seed = seed
    this.random = seededRandom(seed)
  }

  /** Dice of a part: what one part throws does not move what another gets. */
  child(name: string): Dice {
    return new Dice(mixedSeed(this.seed, name))
  }

  next(): number {
    return this.random.next()
  }

  bytes(length: number): Buffer {
    return this.random.bytes(length)
  }

  /** 0 to `end` - 1. */
  int(end: number): number {
    return Math.floor(this.random.next() * end)
  }

  /** `low` to `high`, a fraction. */
  between(low: number, high: number): number {
    return low + this.random.next() * (high - low)
  }

  chance(probability: number): boolean {
    return this.random.next() < probability
  }

  pick<T>(from: readonly T[]): T {
    if (from.length === 0) throw new RangeError('nothing to pick from')
    return from[this.int(from.length)]!
  }

  /** Mostly near zero, at times far above `mean`. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.random.next())
  }

  /** `count` different ones, in no order. */
  sample<T>(from: readonly T[], count: number): T[] {
    const left = [...from]
    const taken: T[] = []
    while (taken.length < count && left.length > 0) taken.push(...left.splice(this.int(left.length), 1))
    return taken
  }
}
