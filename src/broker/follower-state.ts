/** When a follower last asked within one fetch session: one value for all partitions the session carries silently. */
export interface FetchRounds {
  /** Monotonic milliseconds of the last fetch, whether or not it named a given partition. */
  readonly lastRoundMs: number
}

const UNKNOWN_OFFSET = -1

export interface FollowerFetch {
  /** The follower has everything below this. */
  readonly fetchOffset: number
  readonly logStartOffset: number
  /** Monotonic milliseconds. */
  readonly nowMs: number
  /** The leader's log end when the fetch came. */
  readonly leaderEndOffset: number
  /** Of the follower's registration; -1: it does not say. */
  readonly brokerEpoch: number
  readonly rounds: FetchRounds | null
}

/**
 * What the leader knows of one follower (KAFKA `Replica`, `ReplicaState`): how far its log reaches and when it had last
 * caught up. A partition at rest in a fetch session is not named by the follower's fetches and not touched here; the
 * times it has missed are caught up on when the leader appends, from the session's rounds.
 */
export class FollowerState {
  readonly replicaId: number
  private endOffset = UNKNOWN_OFFSET
  private startOffset = UNKNOWN_OFFSET
  private leaderEndAtLastFetch = 0
  private lastFetchMs = 0
  private caughtUpMs = Number.NEGATIVE_INFINITY
  private epoch: number | null = null
  private rounds: FetchRounds | null = null
  private fetched = false

  constructor(replicaId: number) {
    this.replicaId = replicaId
  }

  /** -1 before its first fetch from this leader. */
  get logEndOffset(): number {
    return this.endOffset
  }
  get logStartOffset(): number {
    return this.startOffset
  }
  /** Broker epoch its last fetch told; null before the first. */
  get brokerEpoch(): number | null {
    return this.epoch
  }
  /** The session whose rounds speak for the follower without naming this partition; null: none. */
  get carrier(): FetchRounds | null {
    return this.rounds
  }
  /** It has fetched since this leader epoch began. */
  get hasFetched(): boolean {
    return this.fetched
  }
  /** Monotonic milliseconds of when its log end was last the leader's. */
  get lastCaughtUpMs(): number {
    return this.caughtUpMs
  }

  /**
   * A fetch says where the follower is. One that reaches the end the leader had at the fetch before had caught up then:
   * otherwise a follower that is always a little behind a busy leader would never count as caught up.
   */
  onFetch(fetch: FollowerFetch): void {
    const { fetchOffset, nowMs, leaderEndOffset } = fetch
    if (fetchOffset >= leaderEndOffset) this.caughtUpMs = Math.max(this.caughtUpMs, nowMs)
    else if (fetchOffset >= this.leaderEndAtLastFetch) this.caughtUpMs = Math.max(this.caughtUpMs, this.lastFetchMs)
    this.endOffset = fetchOffset
    this.startOffset = fetch.logStartOffset
    this.leaderEndAtLastFetch = Math.max(leaderEndOffset, this.leaderEndAtLastFetch)
    this.lastFetchMs = nowMs
    this.epoch = fetch.brokerEpoch
    this.rounds = fetch.rounds
    this.fetched = true
  }

  /** The leader's log is about to grow from `leaderEndOffset`: until now a follower at that offset was caught up. */
  beforeAppend(leaderEndOffset: number): void {
    if (this.rounds === null || this.endOffset < leaderEndOffset) return
    this.lastFetchMs = Math.max(this.lastFetchMs, this.rounds.lastRoundMs)
    this.caughtUpMs = Math.max(this.caughtUpMs, this.lastFetchMs)
  }

  /** The session no longer carries this partition. */
  leaveSession(rounds: FetchRounds, leaderEndOffset: number): void {
    if (this.rounds !== rounds) return
    this.beforeAppend(leaderEndOffset)
    this.rounds = null
  }

  isCaughtUp(leaderEndOffset: number, nowMs: number, maxLagMs: number): boolean {
    return this.endOffset === leaderEndOffset || nowMs - this.caughtUpMs <= maxLagMs
  }

  /**
   * A new leader epoch starts. Members of the ISR are given the time of one lag to show themselves; the others must not
   * hold the high watermark back before they have.
   */
  reset(start: { nowMs: number; leaderEndOffset: number; isNewLeader: boolean; isInSync: boolean }): void {
    const { nowMs, isNewLeader, isInSync } = start
    this.caughtUpMs = isInSync ? nowMs : Number.NEGATIVE_INFINITY
    this.rounds = null
    this.fetched = false
    if (isNewLeader) {
      this.endOffset = UNKNOWN_OFFSET
      this.startOffset = UNKNOWN_OFFSET
      this.leaderEndAtLastFetch = UNKNOWN_OFFSET
      this.lastFetchMs = Number.NEGATIVE_INFINITY
      this.epoch = null
      return
    }
    this.leaderEndAtLastFetch = start.leaderEndOffset
    this.lastFetchMs = isInSync ? nowMs : Number.NEGATIVE_INFINITY
  }
}
