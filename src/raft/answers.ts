/** What every message of another node may say: that there is a later epoch, or who leads this one. */

import { ZERO_UUID } from '../base/uuid.ts'
import type { ErrorName } from '../protocol/error-codes.ts'
import { andThen, type LeaderHint, type RaftState, type StepResult, unchanged } from './state.ts'
import { becomeFollower, becomeUnattached } from './transitions.ts'
import type { ReplicaKey } from './voters.ts'

/**
 * `handled`: nothing more to do with the answer. `proceed`: it is for the state we are in now. `back-off`: ask again, but
 * not at once.
 */
export type Verdict = 'handled' | 'proceed' | 'back-off'

export interface Judged extends StepResult {
  readonly verdict: Verdict
}

/** Whether `hint` can be true beside what we know: one leader per epoch, and we know ourselves whether we lead. */
function isConsistent(state: RaftState, { epoch, leaderId }: LeaderHint): boolean {
  if (leaderId === null || epoch < state.epoch) return true
  if (leaderId === state.local.id) return state.leaderId === leaderId && epoch === state.epoch
  return epoch !== state.epoch || state.leaderId === null || state.leaderId === leaderId
}

/** Follows the leader of a later epoch, or of ours when we did not know it; never goes back. */
export function followHint(state: RaftState, hint: LeaderHint): StepResult {
  const { epoch, leaderId, endpoints } = hint
  if (epoch < state.epoch) return unchanged(state)
  if (!isConsistent(state, hint)) {
    const message = `another node says ${leaderId} leads epoch ${epoch}, but here ${state.leaderId} leads ${state.epoch}`
    return unchanged(state, { type: 'warn', message })
  }
  if (epoch > state.epoch) {
    if (leaderId === null) return becomeUnattached(state, epoch, null)
    return becomeFollower(state, epoch, leaderId, endpoints)
  }
  const known = state.leaderId !== null && state.leaderEndpoints.length >= endpoints.length
  if (leaderId === null || leaderId === state.local.id || known) return unchanged(state)
  return becomeFollower(state, epoch, leaderId, endpoints)
}

/** A leader we did not know, or knew by its id alone: quorum-state has no endpoints, and the voters may be lost. */
function isNewLeader(state: RaftState, { leaderId, endpoints }: LeaderHint): boolean {
  if (state.leaderId === null) return true
  return state.role.kind === 'unattached' && state.leaderId === leaderId && endpoints.length > 0
}

/** The part of an answer that is the same for all requests between voters. */
export function judgeAnswer(state: RaftState, error: ErrorName, hint: LeaderHint): Judged {
  const { epoch, leaderId } = hint
  if (epoch < state.epoch || error === 'UNKNOWN_LEADER_EPOCH') return { state, effects: [], verdict: 'handled' }
  const news = epoch > state.epoch || (leaderId !== null && isNewLeader(state, hint))
  if (news || error === 'FENCED_LEADER_EPOCH' || error === 'NOT_LEADER_OR_FOLLOWER') {
    const result = followHint(state, hint)
    // An observer may find the leader by the very answer that brings its first records.
    const goesOn = news && epoch === state.epoch && error === 'NONE' && result.state.leaderId === leaderId
    return { ...result, verdict: goesOn ? 'proceed' : 'handled' }
  }
  if (!isConsistent(state, hint)) return { ...followHint(state, hint), verdict: 'back-off' }
  return { state, effects: [], verdict: error === 'NONE' ? 'proceed' : 'back-off' }
}

/** A request that only a candidate or a leader sends: refused when it comes from the past. */
export function voterOnlyError(state: RaftState, senderId: number, epoch: number): ErrorName | null {
  if (epoch < state.epoch) return 'FENCED_LEADER_EPOCH'
  return senderId < 0 ? 'INVALID_REQUEST' : null
}

/** A request that only the leader of `epoch` can serve. */
export function leaderOnlyError(state: RaftState, epoch: number): ErrorName | null {
  if (epoch < state.epoch) return 'FENCED_LEADER_EPOCH'
  if (epoch > state.epoch) return 'UNKNOWN_LEADER_EPOCH'
  return state.role.kind === 'leader' ? null : 'NOT_LEADER_OR_FOLLOWER'
}

/** Whether a request was meant for this very replica; versions that do not say mean whoever gets it. */
export function isMeantForUs(state: RaftState, voter: ReplicaKey | null): boolean {
  if (voter === null) return true
  const { id, directoryId } = state.local
  return voter.id === id && (voter.directoryId === ZERO_UUID || voter.directoryId === directoryId)
}

/** Adds the answer to the request that is the input of this step. */
export function reply(result: StepResult, error: ErrorName, granted = false): StepResult {
  return andThen(result, (state) => unchanged(state, { type: 'reply', error, granted }))
}
