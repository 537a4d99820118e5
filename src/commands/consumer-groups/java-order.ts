/**
 * The order in which Kafka's scripts print what they keep in a `java.util.HashMap`: it looks random and is not, so
 * that output piped into a diff stays the same. Keys are placed by their hash, spread over a power-of-two table.
 */
import type { TopicPartition } from '../../client/admin-types.ts'

/** `String.hashCode`. */
export function stringHash(text: string): number {
  let hash = 0
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0
  return hash
}

/** `TopicPartition.hashCode`. */
export function topicPartitionHash({ topic, partition }: TopicPartition): number {
  return (Math.imul(31, (31 + partition) | 0) + stringHash(topic)) | 0
}

const INITIAL_BUCKETS = 16
const LOAD_FACTOR = 0.75

/** The items as a HashMap would iterate over them; keys are distinct. */
export function hashMapOrder<T>(items: Iterable<T>, hashOf: (item: T) => number): T[] {
  const list = [...items]
  let buckets = INITIAL_BUCKETS
  while (list.length > buckets * LOAD_FACTOR) buckets *= 2
  const bucketOf = (item: T): number => {
    const hash = hashOf(item)
    return (hash ^ (hash >>> 16)) & (buckets - 1)
  }
  // sort is stable: items of one bucket keep the order in which they were added.
  return list.sort((a, b) => bucketOf(a) - bucketOf(b))
}

/** Texts in HashMap order. */
export function stringsInHashOrder(texts: Iterable<string>): string[] {
  return hashMapOrder(new Set(texts), stringHash)
}
