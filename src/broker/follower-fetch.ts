/** What a fetcher knows of one partition it replicates (KAFKA `PartitionFetchState`), and what it has told the leader of it. */
import type { Uuid } from '../base/uuid.ts'
import type { EpochEndOffset, Log } from '../log/types.ts'
import type { Partition } from './partition.ts'

const UNKNOWN_EPOCH = -1

/** As the leader's fetch session holds it. */
export interface SentState {
  readonly version: number
  readonly fetchOffset: number
  readonly logStartOffset: number
  readonly lastFetchedEpoch: number
}

export class FollowerFetchState {
  readonly partition: Partition
  /** The epoch this replica follows; another one is another state. */
  readonly leaderEpoch: number
  fetchOffset: number
  lastFetchedEpoch: number
  /** Null: the leader's session does not have it. */
  sent: SentState | null = null
  /** Not fetched until the pause is over. */
  isPaused = false
  /** Grows whenever the log has grown or was cut. An offset may be reached twice, by different histories. */
  version = 0
  /** The leader has committed more than is here. */
  isBehind = false
  /** Errors since the last success, for growing pauses. */
  failures = 0

  constructor(partition: Partition) {
    const { log, leaderEpoch } = partition
    this.partition = partition
    this.leaderEpoch = leaderEpoch
    // Without any epoch divergence cannot be noticed: only what was committed is certain (KIP-101).
    const hasEpochs = log.latestEpoch !== null
    if (!hasEpochs && log.logEndOffset > log.highWatermark) partition.truncateTo(log.highWatermark)
    this.fetchOffset = log.logEndOffset
    this.lastFetchedEpoch = log.latestEpoch ?? UNKNOWN_EPOCH
  }

  get topicId(): Uuid {
    return this.partition.topicId
  }
  get index(): number {
    return this.partition.index
  }
  get key(): string {
    return fetchKey(this.partition.topicId, this.partition.index)
  }

  /** Whether the leader's session has to be told. */
  get hasChanged(): boolean {
    const { sent } = this
    return (
      sent === null ||
      sent.fetchOffset !== this.fetchOffset ||
      sent.lastFetchedEpoch !== this.lastFetchedEpoch ||
      sent.logStartOffset !== this.partition.log.logStartOffset
    )
  }

  markSent(): void {
    const { version, fetchOffset, lastFetchedEpoch } = this
    this.sent = { version, fetchOffset, lastFetchedEpoch, logStartOffset: this.partition.log.logStartOffset }
  }

  /** The log has grown or was cut: goes on where it ends. */
  followLog(): void {
    const { log } = this.partition
    this.version++
    this.fetchOffset = log.logEndOffset
    this.lastFetchedEpoch = log.latestEpoch ?? UNKNOWN_EPOCH
  }
}

export function fetchKey(topicId: Uuid, index: number): string {
  return `${topicId}:${index}`
}

/**
 * Where to cut a log whose history left the leader's at `leader` (KIP-279): at the end of the last epoch both know, or
 * earlier; the next fetch shows whether that was enough.
 */
export function truncationOffset(log: Log, leader: EpochEndOffset): number {
  const own = log.endOffsetForEpoch(leader.leaderEpoch)
  const upTo = Math.min(leader.endOffset, log.logEndOffset)
  if (own.endOffset < 0) return upTo
  return own.leaderEpoch === leader.leaderEpoch
    ? Math.min(own.endOffset, upTo)
    : Math.min(own.endOffset, log.logEndOffset)
}
