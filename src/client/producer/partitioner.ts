/** Where a record without a partition goes (KIP-794): by key with murmur2, otherwise sticky, or round robin. */
import { partitionForKey } from '../../base/murmur2.ts'
import type { Random } from '../../base/random.ts'

/** What the partitioner may know about a topic. */
export interface TopicLoad {
  readonly partitionCount: number
  /** Batches waiting, by partition; -1 for a partition without a leader. */
  queueLengths(): readonly number[]
}

/**
 * Stays with one partition until a batch size worth of bytes went there, then chooses the next at random, those with
 * shorter queues more often. Switching with a half-full batch waits, up to twice the batch size, so that batches fill.
 */
export class StickyPartitioner {
  private readonly batchSizeBytes: number
  private readonly random: Random
  private current = -1
  private producedBytes = 0

  constructor(batchSizeBytes: number, random: Random) {
    this.batchSizeBytes = batchSizeBytes
    this.random = random
  }

  partition(load: TopicLoad): number {
    if (this.current === -1 || this.current >= load.partitionCount) this.switchTo(load)
    return this.current
  }

  /** Counts bytes appended to the current partition. `mayChange`: no batch of it is half full. True when it switched. */
  appended(bytes: number, mayChange: boolean, load: TopicLoad): boolean {
    this.producedBytes += bytes
    const enough = this.producedBytes >= this.batchSizeBytes && mayChange
    if (!enough && this.producedBytes < this.batchSizeBytes * 2) return false
    this.switchTo(load)
    return true
  }

  private switchTo(load: TopicLoad): void {
    this.current = weightedPartition(load.queueLengths(), this.random.next())
    this.producedBytes = 0
  }
}

/**
 * A partition drawn with weight (longest queue + 1 - its queue). Partitions without a leader are left out unless there
 * are no others. `draw` is in [0, 1).
 */
export function weightedPartition(queueLengths: readonly number[], draw: number): number {
  const longest = Math.max(...queueLengths)
  if (longest < 0) return Math.floor(draw * queueLengths.length)
  const weights = queueLengths.map((length) => (length < 0 ? 0 : longest + 1 - length))
  let left = draw * weights.reduce((sum, weight) => sum + weight, 0)
  let last = 0
  for (const [partition, weight] of weights.entries()) {
    if (weight === 0) continue
    last = partition
    left -= weight
    if (left < 0) return partition
  }
  return last
}

/** One partition after the other, skipping those without a leader while others have one. */
export class RoundRobinPartitioner {
  private counter = 0

  partition(load: TopicLoad): number {
    const lengths = load.queueLengths()
    const available = lengths.flatMap((length, partition) => (length < 0 ? [] : [partition]))
    const at = this.counter++
    return available.length > 0 ? available[at % available.length]! : at % lengths.length
  }
}

/** Kafka's hash of the key. */
export function keyPartition(key: Uint8Array, partitionCount: number): number {
  return partitionForKey(key, partitionCount)
}
