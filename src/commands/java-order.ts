/** The order in which scripts print what they keep in a `java.util.HashMap`. */
import type { TopicPartition } from '../client/admin-types.ts'
import { hashMapOrderBy, javaHashCode } from './java-text.ts'

/** What a HashMap holds unless it was made for more. */
const DEFAULT_CAPACITY = 16

/** `TopicPartition.hashCode`. */
export function topicPartitionHash({ topic, partition }: TopicPartition): number {
  return (Math.imul(31, (31 + partition) | 0) + javaHashCode(topic)) | 0
}

/** Partitions as a HashMap keyed by them iterates. */
export function partitionsInHashOrder<T extends TopicPartition>(partitions: readonly T[]): T[] {
  return hashMapOrderBy(partitions, topicPartitionHash, DEFAULT_CAPACITY)
}

/** Items as a HashMap keyed by a text of theirs iterates. */
export function inHashOrder<T>(items: Iterable<T>, keyOf: (item: T) => string): T[] {
  return hashMapOrderBy([...items], (item) => javaHashCode(keyOf(item)), DEFAULT_CAPACITY)
}

/** Numbers as a HashSet of Integers iterates, each once. */
export function distinctInHashOrder(numbers: Iterable<number>): number[] {
  return hashMapOrderBy([...new Set(numbers)], (number) => number, DEFAULT_CAPACITY)
}
