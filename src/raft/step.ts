/**
 * The quorum's algorithm without I/O (KIP-595, KIP-630, KIP-853, KIP-996): a step takes an input and the state, and gives
 * the next state and what is to be done, in order. The driver (`raft-node.ts`) does it and reports back with further
 * inputs. No clock, no disk, no network, no randomness: times come in with inputs, timers go out as effects.
 *
 * Here is only which input goes where; elections, followers, leader and voter changes have a file each.
 */

import { assert } from '../base/errors.ts'
import { electionTimeout, fetchTimeout, retryVote, voteAnswered, voteRequest } from './elections.ts'
import {
  beginEpochRequest,
  checkMembership,
  endEpochRequest,
  fetchAnswered,
  followHighWatermark,
  followLog,
  leaderUpdated,
} from './followers.ts'
import {
  beginEpochTimeout,
  checkQuorumTimeout,
  epochAnswered,
  leaderFlushed,
  leadLog,
  replicaFetched,
  replicaLoadsSnapshot,
  retryEndEpoch,
} from './leader.ts'
import type { ElectionState } from './quorum-state-file.ts'
import {
  electionState,
  type LocalReplica,
  mayStand,
  otherVoters,
  type QuorumConfiguration,
  type RaftEffect,
  type RaftInput,
  type RaftState,
  type RaftTimeouts,
  type Role,
  type StepResult,
  unchanged,
  visibleLeader,
} from './state.ts'
import { electionTimer, fetchTimer, membershipTimer } from './timers.ts'
import { becomeProspective, becomeResigned, ownVote, voteMessage } from './transitions.ts'
import { changeVoters, voterChangeTimeout, voterProbed, votersAppended } from './voter-changes.ts'
import { isOnlyVoter, matches } from './voters.ts'

export interface InitialState {
  readonly local: LocalReplica
  readonly timeouts: RaftTimeouts
  readonly quorum: QuorumConfiguration
  /** What the quorum-state file says, null when there is none. */
  readonly stored: ElectionState | null
  /** Epoch of the last record in log or snapshot, 0 for none. */
  readonly logEpoch: number
  readonly logEndOffset: number
}

/** State of a node that has read its quorum state and its log. */
export function initialState(options: InitialState): RaftState {
  const { local, timeouts, quorum, logEpoch, logEndOffset } = options
  // A lost quorum-state file must not take the node back to an epoch its log has left.
  const behind = (options.stored?.epoch ?? 0) < logEpoch
  const stored = behind || options.stored === null ? { epoch: logEpoch, leaderId: null, voted: null } : options.stored
  const state: RaftState = {
    ...{ local, timeouts, quorum, logEpoch, logEndOffset },
    epoch: stored.epoch,
    leaderId: stored.leaderId,
    leaderEndpoints: [],
    voted: stored.voted,
    role: { kind: 'unattached' },
    highWatermark: -1,
    stopping: false,
  }
  const role = firstRole(state)
  const leaderEndpoints = role.kind === 'follower' ? quorum.voters.get(stored.leaderId!)!.endpoints : []
  return { ...state, role, leaderEndpoints }
}

/** What we were when we stopped, as far as it can be gone on with. */
function firstRole(state: RaftState): Role {
  const { local, leaderId, voted, quorum } = state
  if (leaderId === local.id) {
    // Records of this epoch may be lost that others have: its offsets must not be given again by us.
    const unacknowledged = new Set(otherVoters(state).map(({ id }) => id))
    return { kind: 'resigned', successors: [], unacknowledged }
  }
  if (leaderId === null && voted !== null && matches(voted, local) && mayStand(state)) {
    return { kind: 'candidate', granted: ownVote(state), rejected: new Set() }
  }
  const endpoints = leaderId === null ? [] : (quorum.voters.get(leaderId)?.endpoints ?? [])
  if (endpoints.length > 0) return { kind: 'follower', hasFetched: false, hasUpdatedLeader: false }
  return { kind: 'unattached' }
}

export function step(before: RaftState, input: RaftInput): StepResult {
  const { state, effects } = dispatch(before, input)
  return { state, effects: [...persisted(before, state), ...effects, ...announced(before, state)] }
}

/** Epoch, leader and vote are on disk before anything is done with them. */
function persisted(before: RaftState, after: RaftState): RaftEffect[] {
  const same = before.epoch === after.epoch && before.leaderId === after.leaderId && before.voted === after.voted
  return same ? [] : [{ type: 'write-quorum-state', state: electionState(after) }]
}

function announced(before: RaftState, after: RaftState): RaftEffect[] {
  const leaderId = visibleLeader(after)
  if (before.epoch === after.epoch && visibleLeader(before) === leaderId) return []
  return [{ type: 'leader-changed', leaderId, epoch: after.epoch }]
}

function dispatch(state: RaftState, input: RaftInput): StepResult {
  switch (input.type) {
    case 'start':
      return start(state)
    case 'timeout':
      return timeout(state, input)
    case 'vote-request':
      return voteRequest(state, input)
    case 'begin-epoch-request':
      return beginEpochRequest(state, input)
    case 'end-epoch-request':
      return endEpochRequest(state, input)
    case 'peer-answer':
      return input.to.type === 'vote' ? voteAnswered(state, input) : epochAnswered(state, input)
    case 'peer-failed':
      return input.message.type === 'vote'
        ? retryVote(state, input.to, input.message)
        : retryEndEpoch(state, input.to, input.message)
    case 'fetch-answer':
      return fetchAnswered(state, input)
    case 'replica-fetched':
      return replicaFetched(state, input)
    case 'replica-loads-snapshot':
      return replicaLoadsSnapshot(state, input.replica)
    case 'log-changed':
      return state.role.kind === 'leader' ? leadLog(state, state.role, input) : followLog(state, input)
    case 'flushed':
      return state.role.kind === 'leader' ? leaderFlushed(state, state.role, input.endOffset) : unchanged(state)
    case 'leader-high-watermark':
      return followHighWatermark(state, input.offset)
    case 'change-voters':
      return changeVoters(state, input)
    case 'voter-probed':
      return voterProbed(state, input)
    case 'voters-appended':
      return votersAppended(state, input)
    case 'leader-updated':
      return leaderUpdated(state)
    case 'stop':
      return stop(state)
  }
}

function timeout(state: RaftState, { timer, nowMs }: Extract<RaftInput, { type: 'timeout' }>): StepResult {
  switch (timer) {
    case 'election':
      return electionTimeout(state)
    case 'fetch':
      return fetchTimeout(state)
    case 'check-quorum':
      return checkQuorumTimeout(state)
    case 'begin-epoch':
      return beginEpochTimeout(state, nowMs)
    case 'voter-change':
      return voterChangeTimeout(state)
    case 'membership':
      return checkMembership(state)
  }
}

function start(state: RaftState): StepResult {
  const { role } = state
  assert(role.kind !== 'leader' && role.kind !== 'prospective', 'started twice')
  if (state.local.canVote && isOnlyVoter(state.quorum.voters, state.local)) return becomeProspective(state)
  const others = otherVoters(state).map(({ id, directoryId }) => ({ id, directoryId }))
  const timer = mayStand(state) ? [electionTimer(state)] : []
  switch (role.kind) {
    case 'candidate':
      return unchanged(
        state,
        ...timer,
        ...others.map((to) => ({ type: 'send', to, message: voteMessage(state) }) as const),
      )
    case 'resigned': {
      const message = { type: 'end-epoch', epoch: state.epoch, successors: [] } as const
      return unchanged(state, electionTimer(state), ...others.map((to) => ({ type: 'send', to, message }) as const))
    }
    case 'follower': {
      const membership = state.local.canVote ? [membershipTimer(state)] : []
      return unchanged(state, ...(mayStand(state) ? [fetchTimer(state)] : []), ...membership)
    }
    default:
      return unchanged(state, ...timer)
  }
}

function stop(state: RaftState): StepResult {
  const stopping: RaftState = { ...state, stopping: true }
  return stopping.role.kind === 'leader' ? becomeResigned(stopping) : unchanged(stopping)
}
