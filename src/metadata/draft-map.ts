/** A map to be changed: copied from an immutable base at the first change, or never. */
export class DraftMap<K, V> {
  private readonly base: ReadonlyMap<K, V>
  private copy: Map<K, V> | null = null

  constructor(base: ReadonlyMap<K, V>) {
    this.base = base
  }

  /** The map as it is now. After this it must not be changed through the draft any more. */
  finish(): ReadonlyMap<K, V> {
    return this.copy ?? this.base
  }
  get changed(): boolean {
    return this.copy !== null
  }
  get current(): ReadonlyMap<K, V> {
    return this.copy ?? this.base
  }
  get(key: K): V | undefined {
    return this.current.get(key)
  }
  set(key: K, value: V): void {
    this.copy ??= new Map(this.base)
    this.copy.set(key, value)
  }
  delete(key: K): void {
    if (!this.current.has(key)) return
    this.copy ??= new Map(this.base)
    this.copy.delete(key)
  }
}
