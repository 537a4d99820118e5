/** What an answer tells of the leader, also to a node that has lost more than it knows. */
import { describe, expect, it } from 'vitest'
import { DEFAULT_TIMEOUTS, type RaftInput, type RaftState } from '../../src/raft/state.ts'
import { initialState, step } from '../../src/raft/step.ts'
import { voter } from './support.ts'

const LEADER = 101

/** An observer whose log is gone: quorum-state still names the leader, no record names the voters. */
function observerWithoutLog(): RaftState {
  return initialState({
    local: { ...voter(1), canVote: false, autoJoin: false },
    timeouts: DEFAULT_TIMEOUTS,
    quorum: { voters: new Map(), votersOffset: null, formerVoters: null, kraftVersion: 0 },
    stored: { epoch: 3, leaderId: LEADER, voted: null },
    logEpoch: 0,
    logEndOffset: 0,
  })
}

const answer = (endpoints = voter(LEADER).endpoints, leaderId = LEADER): RaftInput => ({
  type: 'fetch-answer',
  error: 'NONE',
  hint: { epoch: 3, leaderId, endpoints },
  content: { type: 'records' },
})

describe('an observer that knows its leader by id alone', () => {
  const started = step(observerWithoutLog(), { type: 'start' }).state

  it('has nobody to follow at first', () => {
    expect([started.role.kind, started.leaderId]).toEqual(['unattached', LEADER])
  })

  it('follows, and takes the records, once an answer says where the leader is', () => {
    const { state, effects } = step(started, answer())
    expect(state.role).toMatchObject({ kind: 'follower', hasFetched: true })
    expect(state.leaderEndpoints).toEqual(voter(LEADER).endpoints)
    expect(effects.map(({ type }) => type)).toContain('take-fetched')
  })

  it('does not take another for the leader of the same epoch', () => {
    const { state, effects } = step(started, answer(voter(7).endpoints, 7))
    expect([state.role.kind, state.leaderId]).toEqual(['unattached', LEADER])
    expect(effects.map(({ type }) => type)).toEqual(['warn', 'back-off-fetch'])
  })

  it('asks again later when the answer has no endpoints', () => {
    const { state, effects } = step(started, answer([]))
    expect(state.role.kind).toBe('unattached')
    expect(effects.map(({ type }) => type)).toEqual(['back-off-fetch'])
  })
})
