import { beforeEach, describe, expect, it } from 'vitest'
import type { FollowerFetchState } from '../../src/broker/follower-fetch.ts'
import { FollowerSession, sessionlessRequest } from '../../src/broker/follower-session.ts'
import { ErrorCode } from '../../src/protocol/error-codes.ts'
import type { FetchResponse } from '../../src/protocol/messages/01-fetch.ts'
import { followedPartition } from '../support/followed-partition.ts'

const MAX_BYTES = 1000

let session: FollowerSession
let states: FollowerFetchState[]

beforeEach(() => {
  session = new FollowerSession(MAX_BYTES)
  states = [followedPartition('a', 0), followedPartition('a', 1), followedPartition('b', 0)].map(({ state }) => state)
})

const answer = (sessionId: number, errorCode = 0) => session.onResponse({ sessionId, errorCode } as FetchResponse)

/** `topic id:partition,...` */
const named = (topics: readonly { topicId?: string; partitions?: readonly unknown[] }[] | undefined): string[] =>
  (topics ?? []).map(({ topicId, partitions }) => {
    const indexes = partitions!.map((each) => (each as { partition?: number }).partition ?? each)
    return `${topicId}:${indexes}`
  })

/** The session is made, and knows all partitions. */
function established(): void {
  session.next(states)
  answer(77)
}

describe('the session of a follower', () => {
  it('begins by naming every partition, each as it is', () => {
    const [first, , other] = states as [FollowerFetchState, FollowerFetchState, FollowerFetchState]
    const request = session.next(states)
    expect([request.sessionId, request.sessionEpoch]).toEqual([0, 0])
    expect(named(request.topics)).toEqual([`${first.topicId}:0,1`, `${other.topicId}:0`])
    expect(request.topics![0]!.partitions![0]).toEqual({
      partition: 0,
      currentLeaderEpoch: first.leaderEpoch,
      fetchOffset: BigInt(first.fetchOffset),
      lastFetchedEpoch: first.lastFetchedEpoch,
      logStartOffset: 0n,
      partitionMaxBytes: MAX_BYTES,
    })
    expect(states.some(({ hasChanged }) => hasChanged)).toBe(false)
  })

  it('names afterwards what has changed, one epoch after another', () => {
    established()
    expect(session.isFull).toBe(false)
    const second = session.next([])
    expect(second).toEqual({ sessionId: 77, sessionEpoch: 1, topics: [], forgottenTopicsData: [] })
    answer(77)
    const third = session.next([states[1]!])
    expect([third.sessionEpoch, named(third.topics)]).toEqual([2, [`${states[1]!.topicId}:1`]])
  })

  it('takes back what is no longer wanted, once', () => {
    established()
    session.forget(states[0]!)
    session.forget(states[2]!)
    const request = session.next([])
    expect(named(request.forgottenTopicsData)).toEqual([`${states[0]!.topicId}:0`, `${states[2]!.topicId}:0`])
    answer(77)
    expect(session.next([]).forgottenTopicsData).toEqual([])
  })

  it('takes nothing back that the leader never had, or that is wanted again', () => {
    established()
    const late = followedPartition('c', 0).state
    session.forget(late)
    session.forget(states[0]!)
    const request = session.next([states[0]!])
    expect([named(request.topics), request.forgottenTopicsData]).toEqual([[`${states[0]!.topicId}:0`], []])
  })

  it('goes on at epoch 1 after the last one there is', () => {
    established()
    Object.assign(session, { epoch: 2 ** 31 - 1 })
    answer(77)
    expect(session.next([]).sessionEpoch).toBe(1)
  })

  it('stays full where the leader makes no session', () => {
    session.next(states)
    expect(answer(0)).toBe('accepted')
    expect([session.isFull, session.next(states).sessionEpoch]).toEqual([true, 0])
  })
})

describe('a session that is lost', () => {
  it('is made anew when the leader does not know it', () => {
    established()
    expect(answer(0, ErrorCode.FETCH_SESSION_ID_NOT_FOUND)).toBe('renewed')
    expect(session.isFull).toBe(true)
    expect(session.next(states)).toMatchObject({ sessionId: 0, sessionEpoch: 0 })
  })

  it.each(['INVALID_FETCH_SESSION_EPOCH', 'FETCH_SESSION_TOPIC_ID_ERROR'] as const)(
    'is replaced by its name when the leader answers %s, so that the old one goes',
    (error) => {
      established()
      expect(answer(0, ErrorCode[error])).toBe('renewed')
      expect(session.next(states)).toMatchObject({ sessionId: 77, sessionEpoch: 0 })
    },
  )

  it('is replaced after an answer that never came, or an error of another kind', () => {
    established()
    session.onError()
    expect(session.next(states)).toMatchObject({ sessionId: 77, sessionEpoch: 0 })
    answer(78)
    expect(answer(0, ErrorCode.UNKNOWN_SERVER_ERROR)).toBe('refused')
    expect(session.isFull).toBe(true)
  })

  it('takes nothing back: a new one knows of nothing', () => {
    established()
    session.forget(states[0]!)
    session.onError()
    session.forget(states[1]!)
    expect(session.next([states[2]!]).forgottenTopicsData).toEqual([])
    answer(79)
    expect(session.next([]).forgottenTopicsData).toEqual([])
  })
})

describe('a request without a session', () => {
  it('asks for what it names and leaves no trace', () => {
    const request = sessionlessRequest([states[0]!], MAX_BYTES)
    expect(request).toMatchObject({ sessionId: 0, sessionEpoch: -1, forgottenTopicsData: [] })
    expect(named(request.topics)).toEqual([`${states[0]!.topicId}:0`])
    expect(states[0]!.sent).toBeNull()
  })
})
