/**
 * Partition of `__consumer_offsets` for a group: Java's `String.hashCode` (over UTF-16 units, 32-bit overflow) modulo
 * the number of partitions. The smallest integer has no absolute value in Java and counts as 0.
 */
export function partitionForGroup(groupId: string, partitions: number): number {
  let hash = 0
  for (let i = 0; i < groupId.length; i++) hash = (Math.imul(hash, 31) + groupId.charCodeAt(i)) | 0
  return hash === -(2 ** 31) ? 0 : Math.abs(hash) % partitions
}
