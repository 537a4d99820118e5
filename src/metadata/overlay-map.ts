/**
 * A large immutable map that differs from another in a few entries: the big base is shared, the differences lie over it.
 * Without it a cluster of ten thousand topics would copy ten thousand entries to change one.
 */

/** Below this size a plain copy is cheaper than looking in two places. */
const SMALL = 256

/** An entry of the base that is gone. */
const GONE = Symbol('gone')

export type Changes<K, V> = ReadonlyMap<K, V | typeof GONE>

export { GONE }

class OverlayMap<K, V> implements ReadonlyMap<K, V> {
  readonly base: ReadonlyMap<K, V>
  readonly changes: Changes<K, V>
  readonly size: number

  constructor(base: ReadonlyMap<K, V>, changes: Changes<K, V>) {
    this.base = base
    this.changes = changes
    let size = base.size
    for (const [key, value] of changes) {
      const had = base.has(key)
      if (value === GONE) size -= had ? 1 : 0
      else size += had ? 0 : 1
    }
    this.size = size
  }

  get(key: K): V | undefined {
    const change = this.changes.get(key)
    if (change === undefined) return this.base.get(key)
    return change === GONE ? undefined : change
  }

  has(key: K): boolean {
    const change = this.changes.get(key)
    return change === undefined ? this.base.has(key) : change !== GONE
  }

  /** Entries of the base keep their place, new ones follow: the order of a plain map with the same history. */
  *entries(): MapIterator<[K, V]> {
    for (const [key, value] of this.base) {
      const change = this.changes.get(key)
      if (change === undefined) yield [key, value]
      else if (change !== GONE) yield [key, change]
    }
    for (const [key, change] of this.changes) {
      if (change !== GONE && !this.base.has(key)) yield [key, change]
    }
  }

  *keys(): MapIterator<K> {
    for (const [key] of this.entries()) yield key
  }

  *values(): MapIterator<V> {
    for (const [, value] of this.entries()) yield value
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries()
  }

  forEach(callback: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const [key, value] of this.entries()) callback(value, key, this)
  }
}

/** The differences a base may carry before they are merged: balances copying them against copying the base. */
const limitFor = (size: number): number => Math.ceil(Math.sqrt(2 * size))

function flatten<K, V>(base: ReadonlyMap<K, V>, changes: Changes<K, V>): Map<K, V> {
  const merged = new Map(base)
  for (const [key, change] of changes) {
    if (change === GONE) merged.delete(key)
    else merged.set(key, change)
  }
  return merged
}

/** `map` with `changes`; neither is modified. Keeps no reference to `changes` that the caller may still change. */
export function withChanges<K, V>(map: ReadonlyMap<K, V>, changes: Changes<K, V>): ReadonlyMap<K, V> {
  if (changes.size === 0) return map
  const [base, before] = map instanceof OverlayMap ? [map.base, map.changes] : [map, new Map<K, V>()]
  const all = new Map<K, V | typeof GONE>(before)
  for (const [key, change] of changes) {
    // What the base never had need not be remembered as gone; putting it back at the end keeps the order right.
    if (change === GONE && !base.has(key)) all.delete(key)
    else all.set(key, change)
  }
  if (base.size < SMALL || all.size > limitFor(base.size)) return flatten(base, all)
  return new OverlayMap<K, V>(base, all)
}
