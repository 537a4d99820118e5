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

export interface Followed {
  readonly partition: Partition
  readonly log: FollowedLog
  readonly state: FollowerFetchState
  /** What the leader sent: `bytes at end, high watermark, log start`. */
  readonly appended: string[]
  /** Thrown by the next append, as a log does. */
  failWith: unknown
}

/** Each byte of what is appended is one record. */
export function followedPartition(topic: string, index: number, log = new FollowedLog(), leaderEpoch = 4): Followed {
  const topicId = `${topic.charAt(0).toUpperCase()}AAAAAAAAAAAAAAAAAAABQ`
  const appended: string[] = []
  const partition = {
    ...{ topic, index, topicId, log, leaderEpoch },
    name: `${topic}-${index}`,
    appendAsFollower(records: Buffer, epoch: number, leader: { highWatermark: number; logStartOffset: number }): void {
      const failure = followed.failWith
      followed.failWith = null
      if (failure !== null) throw failure
      appended.push(`${records.length} at ${log.logEndOffset}, ${leader.highWatermark}, ${leader.logStartOffset}`)
      log.logEndOffset += records.length
      if (records.length > 0 && log.latestEpoch !== epoch) log.epochs.push([epoch, log.logEndOffset - records.length])
      log.highWatermark = Math.min(leader.highWatermark, log.logEndOffset)
    },
    truncateTo: (offset: number) => log.truncateTo(offset),
    truncateFullyAndStartAt: (offset: number) =>
      Object.assign(log, { logStartOffset: offset, logEndOffset: offset, epochs: [] }),
  } as unknown as Partition
  const followed: Followed = { partition, log, state: new FollowerFetchState(partition), appended, failWith: null }
  return followed
}
