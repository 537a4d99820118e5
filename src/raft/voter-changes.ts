/** AddRaftVoter, RemoveRaftVoter and UpdateRaftVoter at the leader, one at a time (KIP-853). */

import type { ErrorName } from '../protocol/error-codes.ts'
import { countFetched } from './replicas.ts'
import {
  andThen,
  isLocalVoter,
  type LeaderRole,
  leaderHighWatermark,
  type RaftEffect,
  type RaftInput,
  type RaftState,
  replicaName,
  type StepResult,
  unchanged,
  type VoterChange,
} from './state.ts'
import { cancelTimer, setTimer } from './timers.ts'
import { becomeResigned } from './transitions.ts'
import { isVoter, type ReplicaKey, type VoterSet, withoutVoter, withVoter } from './voters.ts'

/** A replica that has caught up once and fetched this recently may become a voter. */
const CAUGHT_UP_WITHIN_MS = 3_600_000

type Input<T extends RaftInput['type']> = Extract<RaftInput, { type: T }>

function answer(requestId: number, error: ErrorName, message: string | null = null): RaftEffect {
  return { type: 'answer-voter-change', requestId, error, message }
}

/** Texts as Kafka has them; they reach the person who runs the command. */
function keyText({ id, directoryId }: ReplicaKey): string {
  return `ReplicaKey(id=${id}, directoryId=Optional[${directoryId}])`
}

function votersText(voters: VoterSet): string {
  return `[${[...voters.values()].map(keyText).join(', ')}]`
}

export function changeVoters(state: RaftState, input: Input<'change-voters'>): StepResult {
  const { role } = state
  const { requestId } = input
  if (role.kind !== 'leader') return unchanged(state, answer(requestId, 'NOT_LEADER_OR_FOLLOWER'))
  const refusal = refusalOf(state, role, input)
  if (refusal !== null) return unchanged(state, refusal)
  if (input.kind === 'remove') return removeVoter(state, role, input)
  const change: VoterChange = { ...changeOf(input), stage: 'probing', recordOffset: -1 }
  const { voter } = input
  const next: RaftState = { ...state, role: { ...role, change } }
  return unchanged(next, { type: 'probe-voter', requestId, voter }, changeTimer(state))
}

function changeOf({ kind, requestId, voter, answerWhenCommitted }: Input<'change-voters'>) {
  return { kind, requestId, voter, answerWhenCommitted }
}

function changeTimer(state: RaftState): RaftEffect {
  return setTimer('voter-change', state.timeouts.requestTimeoutMs)
}

/** What all changes need: nothing else under way, a known high watermark, kraft.version 1, the last change committed. */
function refusalOf(state: RaftState, role: LeaderRole, input: Input<'change-voters'>): RaftEffect | null {
  const { requestId, kind, voter } = input
  const { voters, votersOffset, kraftVersion } = state.quorum
  const refuse = (error: ErrorName, message: string) => answer(requestId, error, message)
  if (role.change !== null) {
    return refuse('REQUEST_TIMED_OUT', 'Request timed out waiting for leader to handle previous voter change request')
  }
  const highWatermark = leaderHighWatermark(state)
  if (highWatermark < 0) {
    const message = 'Request timed out waiting for leader to establish HWM and fence previous voter changes'
    return refuse('REQUEST_TIMED_OUT', message)
  }
  // An update without kraft.version 1 is remembered for the day it is raised.
  if (kraftVersion === 0 && kind === 'update') return null
  if (kraftVersion === 0) {
    const what = kind === 'add' ? 'adding' : 'removing'
    return refuse('UNSUPPORTED_VERSION', `Cluster doesn't support ${what} voter because the kraft.version feature is 0`)
  }
  if (!areVotersCommitted(state)) {
    const where = votersOffset === null ? 'Optional.empty' : `Optional[${votersOffset}]`
    const message = `Request timed out waiting for voters to commit the latest voter change at ${where} with HWM ${highWatermark}`
    return refuse('REQUEST_TIMED_OUT', message)
  }
  if (kind === 'add' && voters.has(voter.id)) {
    const message = `The voter id for ${keyText(voter)} is already part of the set of voters ${votersText(voters)}.`
    return refuse('DUPLICATE_VOTER', message)
  }
  return null
}

/** Changes build on voters that stay: those in the log, and there for good. */
function areVotersCommitted(state: RaftState): boolean {
  const { votersOffset } = state.quorum
  return votersOffset !== null && votersOffset < leaderHighWatermark(state)
}

function removeVoter(state: RaftState, role: LeaderRole, input: Input<'change-voters'>): StepResult {
  const { requestId, voter } = input
  const voters = withoutVoter(state.quorum.voters, voter)
  if (voters === null) {
    const message = `Cannot remove voter ${keyText(voter)} from the set of voters ${votersText(state.quorum.voters)}`
    return unchanged(state, answer(requestId, 'VOTER_NOT_FOUND', message))
  }
  const change: VoterChange = { ...changeOf(input), stage: 'committing', recordOffset: -1 }
  const next: RaftState = { ...state, role: { ...role, change } }
  return unchanged(next, { type: 'append-voters', requestId, voters }, changeTimer(state))
}

/** The voter answered ApiVersions, or could not be reached. */
export function voterProbed(state: RaftState, input: Input<'voter-probed'>): StepResult {
  const { role } = state
  if (role.kind !== 'leader' || role.change === null) return unchanged(state)
  const { change } = role
  if (change.requestId !== input.requestId || change.stage !== 'probing') return unchanged(state)
  const refusal = probeRefusal(state, role, change, input)
  if (refusal !== null) return endChange(state, role, refusal)
  const voter = { ...change.voter, kraftVersions: input.kraftVersions! }
  if (change.kind === 'update' && state.quorum.kraftVersion === 0) return rememberVoter(state, role, change)
  const next: VoterChange = { ...change, voter, stage: 'committing' }
  const { requestId } = change
  const voters = withVoter(state.quorum.voters, voter)
  const result = unchanged({ ...state, role: { ...role, change: next } }, { type: 'append-voters', requestId, voters })
  // A voter that updates itself helps to commit it, so it is answered before that.
  return change.answerWhenCommitted ? result : andThen(result, (now) => unchanged(now, answer(requestId, 'NONE')))
}

function probeRefusal(
  state: RaftState,
  role: LeaderRole,
  change: VoterChange,
  { error, kraftVersions, nowMs }: Input<'voter-probed'>,
): RaftEffect | null {
  const { requestId, voter, kind } = change
  const what = `Aborted add voter operation for ${keyText(voter)}`
  if (error !== 'NONE') {
    return answer(requestId, 'REQUEST_TIMED_OUT', `${what} since API_VERSIONS returned an error ${error}`)
  }
  const { kraftVersion, voters } = state.quorum
  const range = kraftVersions ?? { min: 0, max: 0 }
  if (kraftVersion < range.min || kraftVersion > range.max || kraftVersions === null) {
    const text = `(min: ${range.min}, max: ${range.max}`
    const message = `${what} since the kraft.version range ${text} doesn't support the finalized version ${kraftVersion}`
    return answer(requestId, 'INVALID_REQUEST', message)
  }
  if (kind === 'add') {
    if (isCaughtUp(role, voter, nowMs)) return null
    return answer(requestId, 'REQUEST_TIMED_OUT', `${what} since it is lagging behind`)
  }
  if (range.min !== voter.kraftVersions.min || range.max !== voter.kraftVersions.max) {
    return answer(requestId, 'INVALID_REQUEST')
  }
  // kraft.version may have been raised while the voter was asked.
  if (kraftVersion > 0 && !areVotersCommitted(state)) return answer(requestId, 'REQUEST_TIMED_OUT')
  const known = kraftVersion === 0 ? voters.has(voter.id) : isVoter(voters, voter)
  return known ? null : answer(requestId, 'VOTER_NOT_FOUND')
}

function isCaughtUp(role: LeaderRole, voter: ReplicaKey, nowMs: number): boolean {
  const progress = role.observers.get(replicaName(voter))
  if (progress === undefined) return false
  return progress.lastCaughtUpMs > 0 && progress.lastFetchMs > nowMs - CAUGHT_UP_WITHIN_MS
}

function rememberVoter(state: RaftState, role: LeaderRole, change: VoterChange): StepResult {
  const volatileVoters = withVoter(role.volatileVoters ?? state.quorum.voters, change.voter)
  const result = endChange(state, { ...role, volatileVoters }, answer(change.requestId, 'NONE'))
  return role.followers.has(change.voter.id) ? andThen(result, (now) => countFetched(now, change.voter.id)) : result
}

function endChange(state: RaftState, role: LeaderRole, effect: RaftEffect): StepResult {
  return unchanged({ ...state, role: { ...role, change: null } }, cancelTimer('voter-change'), effect)
}

export function votersAppended(state: RaftState, { requestId, offset }: Input<'voters-appended'>): StepResult {
  const { role } = state
  if (role.kind !== 'leader' || role.change?.requestId !== requestId) return unchanged(state)
  const change: VoterChange = { ...role.change, recordOffset: offset }
  return unchanged({ ...state, role: { ...role, change } })
}

/** The high watermark moved: the change may be done, and with it the leadership of one that is no voter any more. */
export function committedVoterChange(state: RaftState, role: LeaderRole): StepResult {
  const { change } = role
  const done = change !== null && change.recordOffset >= 0 && state.highWatermark > change.recordOffset
  const result = done ? endChange(state, role, answer(change.requestId, 'NONE')) : unchanged(state)
  const removed = !isLocalVoter(state) && (state.quorum.votersOffset ?? -1) < state.highWatermark
  return removed ? andThen(result, becomeResigned) : result
}

/** Not committed in time: whoever asked is told so, and the record may still be committed later. */
export function voterChangeTimeout(state: RaftState): StepResult {
  const { role } = state
  if (role.kind !== 'leader' || role.change === null) return unchanged(state)
  return endChange(state, role, answer(role.change.requestId, 'REQUEST_TIMED_OUT'))
}
