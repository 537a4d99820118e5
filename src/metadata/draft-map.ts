/** A map to be changed: remembers what is different from an immutable base, which may be large. */
import { GONE, withChanges } from './overlay-map.ts'

export class DraftMap<K, V> {
  private readonly base: ReadonlyMap<K, V>
  private readonly changes = new Map<K, V | typeof GONE>()

  constructor(base: ReadonlyMap<K, V>) {
    this.base = base
  }

  /** The map as it is now: the base itself when nothing changed. */
  finish(): ReadonlyMap<K, V> {
    return withChanges(this.base, this.changes)
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

  set(key: K, value: V): void {
    this.changes.set(key, value)
  }

  delete(key: K): void {
    if (this.has(key)) this.changes.set(key, GONE)
  }
}
