import { describe, expect, it } from 'vitest'
import { type FetchRounds, FollowerState } from '../../src/broker/follower-state.ts'

const MAX_LAG_MS = 10_000

function fetchAt(nowMs: number, fetchOffset: number, leaderEndOffset: number, rounds: FetchRounds | null = null) {
  return { nowMs, fetchOffset, leaderEndOffset, logStartOffset: 0, brokerEpoch: 5, rounds }
}

/** In sync at time 0 with the leader's end at 10, as after an election. */
function newFollower(isInSync = true, isNewLeader = true): FollowerState {
  const follower = new FollowerState(2)
  follower.reset({ nowMs: 0, leaderEndOffset: 10, isNewLeader, isInSync })
  return follower
}

describe('FollowerState', () => {
  it('gives a member of the ISR the time of one lag to show itself, and nobody else', () => {
    expect(newFollower().isCaughtUp(10, MAX_LAG_MS, MAX_LAG_MS)).toBe(true)
    expect(newFollower().isCaughtUp(10, MAX_LAG_MS + 1, MAX_LAG_MS)).toBe(false)
    expect(newFollower(false).isCaughtUp(10, 1, MAX_LAG_MS)).toBe(false)
  })

  it('has caught up when it fetches from the leader’s end, for as long as the end stays', () => {
    const follower = newFollower(false)
    follower.onFetch(fetchAt(100, 10, 10))
    expect(follower.lastCaughtUpMs).toBe(100)
    expect(follower.isCaughtUp(10, 1_000_000, MAX_LAG_MS)).toBe(true)
    expect(follower.isCaughtUp(11, 100 + MAX_LAG_MS, MAX_LAG_MS)).toBe(true)
    expect(follower.isCaughtUp(11, 101 + MAX_LAG_MS, MAX_LAG_MS)).toBe(false)
  })

  it('counts as caught up at its last fetch when it now reaches the end the leader had then', () => {
    const follower = newFollower(false)
    follower.onFetch(fetchAt(100, 5, 10))
    expect(follower.lastCaughtUpMs).toBe(Number.NEGATIVE_INFINITY)
    // A busy leader is always further on; the follower keeps its pace.
    follower.onFetch(fetchAt(200, 10, 20))
    expect(follower.lastCaughtUpMs).toBe(100)
    follower.onFetch(fetchAt(300, 15, 30))
    expect(follower.lastCaughtUpMs).toBe(100)
    follower.onFetch(fetchAt(400, 30, 40))
    expect(follower.lastCaughtUpMs).toBe(300)
  })

  it('does not count as caught up with every fetch when it only crawls', () => {
    const follower = newFollower()
    for (let at = 1; at <= 5; at++) follower.onFetch(fetchAt(at * 3_000, at, 100 * at))
    expect(follower.isCaughtUp(500, 15_000, MAX_LAG_MS)).toBe(false)
  })

  it('is caught up until the leader appends, however long its session did not name the partition', () => {
    const rounds = { lastRoundMs: 100 }
    const follower = newFollower(false)
    follower.onFetch(fetchAt(100, 10, 10, rounds))
    rounds.lastRoundMs = 60_000
    follower.beforeAppend(10)
    expect(follower.lastCaughtUpMs).toBe(60_000)
    // It was behind already: its rounds prove nothing.
    rounds.lastRoundMs = 70_000
    follower.beforeAppend(11)
    expect(follower.lastCaughtUpMs).toBe(60_000)
  })

  it('is not kept alive by the session once that has let the partition go', () => {
    const rounds = { lastRoundMs: 100 }
    const follower = newFollower(false)
    follower.onFetch(fetchAt(100, 10, 10, rounds))
    rounds.lastRoundMs = 500
    follower.leaveSession({ lastRoundMs: 900 }, 10)
    follower.leaveSession(rounds, 10)
    rounds.lastRoundMs = 1_000
    follower.beforeAppend(10)
    expect(follower.lastCaughtUpMs).toBe(500)
  })

  it('forgets where it was under an earlier leader, and not under an earlier epoch of the same', () => {
    const follower = newFollower()
    follower.onFetch(fetchAt(100, 10, 10))
    follower.reset({ nowMs: 200, leaderEndOffset: 10, isNewLeader: false, isInSync: true })
    expect([follower.logEndOffset, follower.brokerEpoch, follower.hasFetched]).toEqual([10, 5, false])
    follower.reset({ nowMs: 300, leaderEndOffset: 10, isNewLeader: true, isInSync: true })
    expect([follower.logEndOffset, follower.brokerEpoch, follower.hasFetched]).toEqual([-1, null, false])
  })
})
