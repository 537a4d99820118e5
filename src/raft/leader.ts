/** Leading: how far the others have come, what is committed, and whether a majority still follows. */

import { assert } from '../base/errors.ts'
import { judgeAnswer } from './answers.ts'
import { countFetched, forgetObservers, observersWith, progressed, reconcileReplicas } from './replicas.ts'
import {
  andThen,
  keyOf,
  type LeaderRole,
  type PeerMessage,
  type RaftInput,
  type RaftState,
  type StepResult,
  unchanged,
} from './state.ts'
import { beginEpochTimer, cancelTimer, checkQuorumTimer } from './timers.ts'
import { becomeResigned } from './transitions.ts'
import { committedVoterChange } from './voter-changes.ts'
import { majority, matches, type ReplicaKey } from './voters.ts'

type Input<T extends RaftInput['type']> = Extract<RaftInput, { type: T }>

/** The log of a leader grew by what it appended. */
export function leadLog(state: RaftState, role: LeaderRole, input: Input<'log-changed'>): StepResult {
  const { endOffset, lastEpoch, quorum } = input
  assert(endOffset >= state.logEndOffset, 'the log of a leader never shrinks')
  const next: RaftState = { ...state, logEndOffset: endOffset, logEpoch: lastEpoch, quorum }
  if (quorum.voters === state.quorum.voters) return unchanged(next)
  const known = quorum.kraftVersion === 0 ? role : { ...role, volatileVoters: null }
  const reconciled = reconcileReplicas(known, next)
  const had = role.followers.size > 0
  const has = reconciled.followers.size > 0
  const timers = has
    ? [checkQuorumTimer(state), beginEpochTimer(state)]
    : [cancelTimer('check-quorum'), cancelTimer('begin-epoch')]
  return andThen(unchanged({ ...next, role: reconciled }, ...(had === has ? [] : timers)), advance)
}

export function leaderFlushed(state: RaftState, role: LeaderRole, endOffset: number): StepResult {
  assert(endOffset <= state.logEndOffset, 'flushed more than there is')
  const flushedOffset = Math.max(role.flushedOffset, endOffset)
  return advance({ ...state, role: { ...role, flushedOffset } })
}

/** A fetch from an offset tells that everything below it is on the other's disk. */
export function replicaFetched(state: RaftState, input: Input<'replica-fetched'>): StepResult {
  const { role } = state
  const { replica, offset, nowMs } = input
  // A negative id is a consumer's, not a replica's.
  if (role.kind !== 'leader' || replica.id < 0 || replica.id === state.local.id) return unchanged(state)
  assert(offset <= state.logEndOffset, `replica ${replica.id} has more than the leader`)
  const follower = role.followers.get(replica.id)
  if (follower !== undefined && matches(follower.key, replica)) {
    const followers = new Map(role.followers).set(replica.id, progressed(follower, offset, nowMs, state.logEndOffset))
    const moved: RaftState = { ...state, role: { ...role, followers } }
    return andThen(countFetched(moved, replica.id), advance)
  }
  return unchanged({ ...state, role: { ...role, observers: observersWith(state, role, input) } })
}

/** Loading a snapshot is following, too. */
export function replicaLoadsSnapshot(state: RaftState, replica: ReplicaKey): StepResult {
  const { role } = state
  if (role.kind !== 'leader') return unchanged(state)
  const follower = role.followers.get(replica.id)
  return follower !== undefined && matches(follower.key, replica) ? countFetched(state, replica.id) : unchanged(state)
}

/** The high watermark is what a majority has on disk, once that reaches into our own epoch (Raft paper, 5.4.2). */
function advance(state: RaftState): StepResult {
  const role = state.role as LeaderRole
  const { local, quorum, highWatermark } = state
  const ends = [...quorum.voters.keys()].map((id) =>
    id === local.id ? role.flushedOffset : (role.followers.get(id)?.endOffset ?? -1),
  )
  ends.sort((a, b) => b - a)
  const committed = ends[majority(quorum.voters) - 1]!
  if (committed <= role.epochStartOffset || committed <= highWatermark) return unchanged(state)
  const next: RaftState = { ...state, highWatermark: committed }
  return andThen(unchanged(next, { type: 'advance-high-watermark', offset: committed }), (now) =>
    committedVoterChange(now, now.role as LeaderRole),
  )
}

export function checkQuorumTimeout(state: RaftState): StepResult {
  const { role } = state
  if (role.kind !== 'leader' || role.followers.size === 0) return unchanged(state)
  const message = `resigning from epoch ${state.epoch}: no majority of the voters has fetched in time`
  return andThen(unchanged(state, { type: 'warn', message }), becomeResigned)
}

/** Voters that are silent may not know of this epoch. */
export function beginEpochTimeout(state: RaftState, nowMs: number): StepResult {
  const { role, epoch, timeouts } = state
  if (role.kind !== 'leader' || role.followers.size === 0) return unchanged(state)
  const silent = [...role.followers.values()].filter(
    ({ lastFetchMs }) => nowMs - lastFetchMs >= timeouts.fetchTimeoutMs / 2,
  )
  const message: PeerMessage = { type: 'begin-epoch', epoch }
  const sends = silent.map(({ key }) => ({ type: 'send', to: keyOf(key), message }) as const)
  return unchanged(forgetObservers(state, role, nowMs), ...sends, beginEpochTimer(state))
}

/** Answers to BeginQuorumEpoch and EndQuorumEpoch. */
export function epochAnswered(state: RaftState, answer: Input<'peer-answer'>): StepResult {
  const judged = judgeAnswer(state, answer.error, answer.hint)
  const { role } = judged.state
  if (judged.verdict !== 'proceed' || answer.to.type !== 'end-epoch' || role.kind !== 'resigned') return judged
  const unacknowledged = new Set(role.unacknowledged)
  unacknowledged.delete(answer.from.id)
  return { state: { ...judged.state, role: { ...role, unacknowledged } }, effects: judged.effects }
}

/** Who resigns tells every voter; BeginQuorumEpoch has its own timer. */
export function retryEndEpoch(state: RaftState, to: ReplicaKey, message: PeerMessage): StepResult {
  const { role } = state
  const wanted = role.kind === 'resigned' && message.epoch === state.epoch && role.unacknowledged.has(to.id)
  return wanted ? unchanged(state, { type: 'send', to, message }) : unchanged(state)
}
