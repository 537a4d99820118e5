/** Java's hashes and the orders that follow from them: some of Kafka's output and decisions depend on both. */

/** `String.hashCode`. */
export function javaHashCode(text: string): number {
  let hash = 0
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0
  return hash
}

const DEFAULT_CAPACITY = 16

/** Buckets of a `HashMap` that was made for `initial` keys and has taken `size`: powers of two, three quarters full. */
function capacityFor(size: number, initial: number): number {
  let capacity = 1
  while (capacity < initial) capacity *= 2
  while (size > capacity * 0.75) capacity *= 2
  return capacity
}

/**
 * The order in which a Java `HashMap` gives back keys that were put in this order. Scripts print some
 * lists in it, and assignors go through members in it.
 */
export function hashMapOrderBy<T>(keys: readonly T[], hashOf: (key: T) => number, initialCapacity: number): T[] {
  const mask = capacityFor(keys.length, initialCapacity) - 1
  const bucket = (key: T): number => {
    const hash = hashOf(key)
    return (hash ^ (hash >>> 16)) & mask
  }
  // Keys of one bucket keep the order they came in: the sort is stable.
  return keys
    .map((key) => ({ key, bucket: bucket(key) }))
    .sort((a, b) => a.bucket - b.bucket)
    .map(({ key }) => key)
}

/** The same for text; left out, the capacity is Java's default. */
export function hashMapOrder(keys: readonly string[], initialCapacity: number = DEFAULT_CAPACITY): string[] {
  return hashMapOrderBy(keys, javaHashCode, initialCapacity)
}
