import { describe, expect, it } from 'vitest'
import { truncationOffset } from '../../src/broker/follower-fetch.ts'
import type { Log } from '../../src/log/types.ts'
import { FollowedLog, followedPartition } from '../support/followed-partition.ts'

describe('where a follower begins', () => {
  it('is its log end, under the leader epoch it knows', () => {
    const { state } = followedPartition('a', 0, new FollowedLog(12, [[3, 0]]))
    expect([state.fetchOffset, state.lastFetchedEpoch, state.leaderEpoch]).toEqual([12, 3, 4])
  })

  it('is its high watermark where its log knows of no epochs: a difference could not be noticed (KIP-101)', () => {
    const log = new FollowedLog(12, [])
    log.highWatermark = 7
    const { state } = followedPartition('a', 0, log)
    expect([state.fetchOffset, state.lastFetchedEpoch, log.logEndOffset]).toEqual([7, -1, 7])
  })

  it('is nothing at all for an empty log', () => {
    const { state } = followedPartition('a', 0, new FollowedLog(0, []))
    expect([state.fetchOffset, state.lastFetchedEpoch]).toEqual([0, -1])
  })
})

describe('what the leader’s session is told', () => {
  it('is what has changed since: offset, epoch, log start', () => {
    const { state, log } = followedPartition('a', 0, new FollowedLog(5))
    expect(state.hasChanged).toBe(true)
    state.markSent()
    expect(state.hasChanged).toBe(false)
    log.logStartOffset = 2
    expect(state.hasChanged).toBe(true)
    state.markSent()
    log.logEndOffset = 6
    expect(state.hasChanged).toBe(false)
    state.followLog()
    expect([state.hasChanged, state.fetchOffset]).toEqual([true, 6])
  })

  it('is told anew when the same offset was reached by another history', () => {
    const { state, log } = followedPartition('a', 0, new FollowedLog(5))
    state.markSent()
    const { version } = state
    log.truncateTo(4)
    state.followLog()
    log.epochs.push([4, 4])
    log.logEndOffset = 5
    state.followLog()
    expect([state.fetchOffset, state.hasChanged, state.version]).toEqual([5, true, version + 2])
  })
})

describe('where a log is cut that has left the leader’s history (KIP-279)', () => {
  const cut = (log: FollowedLog, leaderEpoch: number, endOffset: number): number =>
    truncationOffset(log as unknown as Log, { leaderEpoch, endOffset })

  it('is where the leader’s epoch ended, when both know it', () => {
    const log = new FollowedLog(20, [
      [1, 0],
      [3, 10],
    ])
    expect(cut(log, 3, 15)).toBe(15)
    expect(cut(log, 1, 8)).toBe(8)
  })

  it('is where our part of that epoch ended, when we have less of it', () => {
    const log = new FollowedLog(20, [
      [1, 0],
      [3, 10],
    ])
    expect(cut(log, 1, 14)).toBe(10)
  })

  it('is the end of our last epoch before the leader’s, when we do not know that one', () => {
    const log = new FollowedLog(20, [
      [1, 0],
      [3, 10],
    ])
    // The leader’s largest epoch below ours is 2: all we have of 3 is of another history.
    expect(cut(log, 2, 14)).toBe(10)
  })

  it('is what the leader says when we know of no epoch that old, and never behind our end', () => {
    const log = new FollowedLog(20, [[3, 10]])
    expect(cut(log, 2, 6)).toBe(6)
    expect(cut(log, 2, 30)).toBe(20)
    expect(cut(log, 3, 30)).toBe(20)
  })
})
