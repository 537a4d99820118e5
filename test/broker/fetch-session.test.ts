import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/base/random.ts'
import { ZERO_UUID } from '../../src/base/uuid.ts'
import {
  type FetchContext,
  type FetchPartitionOutcome,
  type FetchPartitionRequest,
  FetchSessions,
} from '../../src/broker/fetch-session.ts'
import { ErrorCode } from '../../src/protocol/error-codes.ts'
import { ManualClock } from '../support/manual-clock.ts'

const OUTCOME: FetchPartitionOutcome = {
  errorCode: 0,
  highWatermark: 10,
  logStartOffset: 0,
  recordBytes: 0,
  diverging: false,
}

function partition(index: number, fetchOffset = 0, topic = 't'): FetchPartitionRequest {
  return {
    topic,
    topicId: ZERO_UUID,
    partition: index,
    fetchOffset,
    currentLeaderEpoch: -1,
    lastFetchedEpoch: -1,
    maxBytes: 1000,
    logStartOffset: -1,
  }
}

function setup(maxSessions = 10) {
  const clock = new ManualClock()
  return { clock, sessions: new FetchSessions(maxSessions, clock, seededRandom(7)) }
}

/** Serves a context with the same outcome for all, and says which partitions were mentioned. */
function serve(context: FetchContext, outcome: Partial<FetchPartitionOutcome> = {}) {
  const outcomes = new Map<FetchPartitionRequest, FetchPartitionOutcome>()
  const mentioned: number[] = []
  for (const request of context.partitions) {
    const result = { ...OUTCOME, ...outcome }
    outcomes.set(request, result)
    if (context.mentions(request, result)) mentioned.push(request.partition)
  }
  return { mentioned, sessionId: context.finish(outcomes) }
}

const open = (sessions: FetchSessions, ...indexes: number[]): number =>
  serve(
    sessions.context(
      { sessionId: 0, sessionEpoch: 0 },
      false,
      indexes.map((index) => partition(index)),
      [],
    ),
  ).sessionId

describe('FetchSessions', () => {
  it('makes none for a client that wants none', () => {
    const { sessions } = setup()
    const context = sessions.context({ sessionId: 0, sessionEpoch: -1 }, false, [partition(0)], [])
    expect(serve(context)).toEqual({ mentioned: [0], sessionId: 0 })
    expect(sessions.size).toBe(0)
  })

  it('mentions a partition when its watermark, start, error, data or history changed', () => {
    const changes: Partial<FetchPartitionOutcome>[] = [
      { highWatermark: 11 },
      { logStartOffset: 1 },
      { errorCode: 6 },
      { recordBytes: 100 },
      { diverging: true },
    ]
    for (const change of changes) {
      const { sessions } = setup()
      const sessionId = open(sessions, 0)
      const next = (sessionEpoch: number) => sessions.context({ sessionId, sessionEpoch }, false, [], [])
      expect(serve(next(1)).mentioned).toEqual([])
      expect(serve(next(2), change).mentioned).toEqual([0])
    }
  })

  it('mentions a partition again when its error has gone', () => {
    const { sessions } = setup()
    const sessionId = open(sessions, 0)
    const next = (sessionEpoch: number) => sessions.context({ sessionId, sessionEpoch }, false, [], [])
    serve(next(1), { errorCode: 6, highWatermark: -1 })
    expect(serve(next(2)).mentioned).toEqual([0])
    expect(serve(next(3)).mentioned).toEqual([])
  })

  it('adds, changes and forgets partitions', () => {
    const { sessions } = setup()
    const sessionId = open(sessions, 0, 1)
    const forgotten = [{ topic: 't', topicId: ZERO_UUID, partition: 0 }]
    const named = [partition(1, 55), partition(2)]
    const context = sessions.context({ sessionId, sessionEpoch: 1 }, false, named, forgotten)
    expect([...context.partitions].map((each) => [each.partition, each.fetchOffset])).toEqual([
      [1, 55],
      [2, 0],
    ])
  })

  it('ends a session that has no partitions left', () => {
    const { sessions } = setup()
    const sessionId = open(sessions, 0)
    const forgotten = [{ topic: 't', topicId: ZERO_UUID, partition: 0 }]
    const context = sessions.context({ sessionId, sessionEpoch: 1 }, false, [], forgotten)
    expect(serve(context)).toEqual({ mentioned: [], sessionId: 0 })
    expect(sessions.size).toBe(0)
  })

  it('serves partitions that had data last, so that all get their turn', () => {
    const { sessions } = setup()
    const sessionId = open(sessions, 0, 1, 2)
    const first = sessions.context({ sessionId, sessionEpoch: 1 }, false, [], [])
    const [busy] = [...first.partitions]
    expect(first.mentions(busy!, { ...OUTCOME, recordBytes: 1 })).toBe(true)
    first.finish(new Map())
    const second = sessions.context({ sessionId, sessionEpoch: 2 }, false, [], [])
    expect([...second.partitions].map((each) => each.partition)).toEqual([1, 2, 0])
  })

  it('refuses unknown sessions, wrong epochs and a change between names and ids', () => {
    const { sessions } = setup()
    const sessionId = open(sessions, 0)
    const ask = (id: number, epoch: number, ids = false) =>
      sessions.context({ sessionId: id, sessionEpoch: epoch }, ids, [], []).errorCode
    expect(ask(sessionId + 1, 1)).toBe(ErrorCode.FETCH_SESSION_ID_NOT_FOUND)
    expect(ask(sessionId, 2)).toBe(ErrorCode.INVALID_FETCH_SESSION_EPOCH)
    expect(ask(sessionId, 1, true)).toBe(ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR)
    expect(ask(sessionId, 1)).toBe(0)
    expect(ask(sessionId, 1)).toBe(ErrorCode.INVALID_FETCH_SESSION_EPOCH)
  })

  it('replaces the session a client starts over from', () => {
    const { sessions } = setup()
    const sessionId = open(sessions, 0)
    const context = sessions.context({ sessionId, sessionEpoch: 0 }, false, [partition(0)], [])
    const { sessionId: next } = serve(context)
    expect(next).not.toBe(sessionId)
    expect(sessions.size).toBe(1)
  })

  it('keeps to its limit: fresh sessions stay, the stale one and then a small old one goes', async () => {
    const { sessions, clock } = setup(2)
    const small = open(sessions, 0)
    const large = open(sessions, 0, 1, 2)
    expect(open(sessions, 0, 1)).toBe(0)
    await clock.advance(120_001)
    sessions.context({ sessionId: small, sessionEpoch: 1 }, false, [], [])
    sessions.context({ sessionId: large, sessionEpoch: 1 }, false, [], [])
    expect(open(sessions, 0, 1)).toBeGreaterThan(0)
    const ask = (sessionId: number) => sessions.context({ sessionId, sessionEpoch: 2 }, false, [], []).errorCode
    expect(ask(small)).toBe(ErrorCode.FETCH_SESSION_ID_NOT_FOUND)
    expect(ask(large)).toBe(0)
    await clock.advance(120_001)
    expect(open(sessions, 0)).toBeGreaterThan(0)
    expect(sessions.size).toBe(2)
  })

  it('never holds more sessions than its limit, whatever clients do', () => {
    const action = fc.record({
      open: fc.boolean(),
      partitions: fc.nat(3),
      pick: fc.nat(),
      epoch: fc.integer({ min: -1, max: 4 }),
    })
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const { sessions } = setup(3)
        const ids: number[] = [0]
        for (const { open: opens, partitions, pick, epoch } of actions) {
          const named = Array.from({ length: partitions }, (_, index) => partition(index))
          const sessionId = opens ? 0 : ids[pick % ids.length]!
          const context = sessions.context({ sessionId, sessionEpoch: opens ? 0 : epoch }, false, named, [])
          if (context.errorCode === 0) ids.push(serve(context).sessionId)
          expect(sessions.size).toBeLessThanOrEqual(3)
        }
      }),
    )
  })
})
