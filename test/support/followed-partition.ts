/** A partition this broker follows, as far as its fetch state looks at it: where its log starts and ends, and its epochs. */
import { FollowerFetchState } from '../../src/broker/follower-fetch.ts'
import type { Partition } from '../../src/broker/partition.ts'
import type { EpochEndOffset } from '../../src/log/types.ts'

export class FollowedLog {
  logStartOffset = 0
  highWatermark = 0
  /** Leader epoch and its first offset, ascending. */
  epochs: [number, number][]
  logEndOffset: number

  constructor(logEndOffset = 0, epochs: [number, number][] = [[3, 0]]) {
    this.logEndOffset = logEndOffset
    this.epochs = epochs
  }

  get latestEpoch(): number | null {
    return this.epochs.at(-1)?.[0] ?? null
  }

  endOffsetForEpoch(leaderEpoch: number): EpochEndOffset {
    const at = this.epochs.findLastIndex(([epoch]) => epoch <= leaderEpoch)
    if (at < 0) return { leaderEpoch: -1, endOffset: -1 }
    return { leaderEpoch: this.epochs[at]![0], endOffset: this.epochs[at + 1]?.[1] ?? this.logEndOffset }
  }

  truncateTo(offset: number): void {
    this.logEndOffset = Math.min(this.logEndOffset, offset)
    this.epochs = this.epochs.filter(([, start]) => start < offset)
  }
}

export function followedPartition(topic: string, index: number, log = new FollowedLog(), leaderEpoch = 4) {
  const topicId = `${topic.charAt(0).toUpperCase()}AAAAAAAAAAAAAAAAAAABQ`
  const name = `${topic}-${index}`
  const truncateTo = (offset: number): void => log.truncateTo(offset)
  const partition = { topic, index, topicId, name, log, leaderEpoch, truncateTo } as unknown as Partition
  return { partition, log, state: new FollowerFetchState(partition) }
}
