/** From one role to another: what is forgotten, what is kept, which timers run. Legal transitions stand at `Role`. */

import { assert } from '../base/errors.ts'
import { newProgress, successors } from './replicas.ts'
import {
  andThen,
  isLocalVoter,
  keyOf,
  type LeaderRole,
  localKey,
  mayStand,
  otherVoters,
  type PeerMessage,
  type RaftEffect,
  type RaftState,
  type StepResult,
} from './state.ts'
import { beginEpochTimer, cancelTimer, checkQuorumTimer, electionTimer, fetchTimer, membershipTimer } from './timers.ts'
import { isOnlyVoter, majority, sameVoter, type Voter, type VoterEndpoint, type VoterSet, withVoter } from './voters.ts'

export function hasElectionTimer({ role }: RaftState): boolean {
  return role.kind !== 'follower' && role.kind !== 'leader'
}

/** Ends what belongs to the present role, except the election timer, which the next role may keep. */
export function leaveRole(state: RaftState): RaftEffect[] {
  const { role } = state
  if (role.kind === 'follower') {
    return [cancelTimer('fetch'), cancelTimer('membership'), { type: 'abandon-fetch' }]
  }
  if (role.kind === 'unattached') return [{ type: 'abandon-fetch' }]
  if (role.kind !== 'leader') return []
  const effects: RaftEffect[] = [cancelTimer('check-quorum'), cancelTimer('begin-epoch'), { type: 'leadership-lost' }]
  if (role.change !== null) {
    const { requestId } = role.change
    effects.push(cancelTimer('voter-change'), {
      type: 'answer-voter-change',
      requestId,
      error: 'NOT_LEADER_OR_FOLLOWER',
      message: null,
    })
  }
  return effects
}

/**
 * A later epoch in which nobody leads yet or, from prospective, the same epoch. An election timer that runs goes on: news
 * of another's election must not put ours off for ever.
 */
export function becomeUnattached(state: RaftState, epoch: number, leaderId: number | null): StepResult {
  const { role } = state
  assert(epoch > state.epoch || role.kind === 'prospective', `unattached in epoch ${epoch} from ${role.kind}`)
  const effects = leaveRole(state)
  const next: RaftState = {
    ...state,
    epoch,
    leaderId,
    leaderEndpoints: [],
    // The vote of an epoch is kept as long as the epoch: nobody votes twice.
    voted: epoch === state.epoch ? state.voted : null,
    role: { kind: 'unattached' },
  }
  const lost = role.kind === 'prospective' && isRejected(role.rejected.size, state.quorum.voters)
  if (!mayStand(state)) effects.push(cancelTimer('election'))
  else if (!hasElectionTimer(state) || lost) effects.push(electionTimer(state))
  return { state: next, effects }
}

/** Without a way to reach the leader there is nothing to follow: then we ask around for it. */
export function becomeFollower(
  state: RaftState,
  epoch: number,
  leaderId: number,
  endpoints: readonly VoterEndpoint[],
): StepResult {
  assert(leaderId !== state.local.id, 'following itself')
  assert(epoch >= state.epoch && !(epoch === state.epoch && state.role.kind === 'leader'), `follower in epoch ${epoch}`)
  const known = endpoints.length > 0 ? endpoints : (state.quorum.voters.get(leaderId)?.endpoints ?? [])
  if (known.length === 0) return knowLeader(state, epoch, leaderId)
  const next: RaftState = {
    ...state,
    epoch,
    leaderId,
    leaderEndpoints: known,
    voted: epoch === state.epoch ? state.voted : null,
    role: { kind: 'follower', hasFetched: false, hasUpdatedLeader: false },
  }
  const effects = leaveRole(state)
  if (hasElectionTimer(state)) effects.push(cancelTimer('election'))
  if (mayStand(state)) effects.push(fetchTimer(state))
  if (state.local.canVote) effects.push(membershipTimer(state))
  return { state: next, effects }
}

function knowLeader(state: RaftState, epoch: number, leaderId: number): StepResult {
  if (epoch > state.epoch) return becomeUnattached(state, epoch, leaderId)
  return { state, effects: [] }
}

/** We vote for ourselves; of one that is being removed the vote does not count. */
export function ownVote(state: RaftState): ReadonlySet<number> {
  return new Set(isLocalVoter(state) ? [state.local.id] : [])
}

/** Would a majority vote for us? Nobody's epoch changes by asking (KIP-996). */
export function becomeProspective(state: RaftState): StepResult {
  assert(mayStand(state), 'only voters stand')
  const granted = ownVote(state)
  const next: RaftState = { ...state, role: { kind: 'prospective', granted, rejected: new Set() } }
  const result: StepResult = { state: next, effects: leaveRole(state) }
  if (isOnlyVoter(state.quorum.voters, state.local)) return andThen(result, becomeCandidate)
  return { state: next, effects: [...result.effects, electionTimer(state), ...voteRequests(next, otherVoters(next))] }
}

/** A new epoch and a vote for ourselves. */
export function becomeCandidate(state: RaftState): StepResult {
  assert(state.role.kind === 'prospective', `candidate from ${state.role.kind}`)
  const granted = ownVote(state)
  const next: RaftState = {
    ...state,
    epoch: state.epoch + 1,
    leaderId: null,
    leaderEndpoints: [],
    voted: localKey(state),
    role: { kind: 'candidate', granted, rejected: new Set() },
  }
  if (isOnlyVoter(state.quorum.voters, state.local)) return becomeLeader(next, granted)
  return { state: next, effects: [electionTimer(state), ...voteRequests(next, otherVoters(next))] }
}

export function isRejected(rejections: number, voters: VoterSet): boolean {
  return voters.size - rejections < majority(voters)
}

export function voteMessage(state: RaftState): PeerMessage {
  const preVote = state.role.kind === 'prospective'
  return { type: 'vote', epoch: state.epoch, preVote, lastEpoch: state.logEpoch, lastOffset: state.logEndOffset }
}

function voteRequests(state: RaftState, voters: readonly Voter[]): RaftEffect[] {
  return voters.map((voter) => ({ type: 'send', to: keyOf(voter), message: voteMessage(state) }))
}

export function becomeLeader(state: RaftState, granted: ReadonlySet<number>): StepResult {
  const { epoch, local, quorum } = state
  assert(state.role.kind === 'candidate', `leader from ${state.role.kind}`)
  assert(granted.size >= majority(quorum.voters), 'elected without a majority')
  const others = otherVoters(state)
  const role: LeaderRole = {
    kind: 'leader',
    epochStartOffset: state.logEndOffset,
    flushedOffset: 0,
    followers: new Map(others.map((voter) => [voter.id, newProgress(voter)])),
    observers: new Map(),
    fetched: new Set(),
    change: null,
    volatileVoters: quorum.kraftVersion === 0 ? withVoter(quorum.voters, asVoter(state)) : null,
  }
  const next: RaftState = { ...state, leaderId: local.id, leaderEndpoints: local.endpoints, voted: null, role }
  const effects: RaftEffect[] = others.length > 0 ? [cancelTimer('election'), checkQuorumTimer(state)] : []
  effects.push({ type: 'append-leader-change', epoch, granting: [...granted], voters: votersToWrite(state) })
  for (const other of others) effects.push({ type: 'send', to: keyOf(other), message: { type: 'begin-epoch', epoch } })
  if (others.length > 0) effects.push(beginEpochTimer(state))
  return { state: next, effects }
}

export function asVoter({ local }: RaftState): Voter {
  const { id, directoryId, endpoints, kraftVersions } = local
  return { id, directoryId, endpoints, kraftVersions }
}

/** The voters know us by other endpoints or versions than we have now. */
export function localVoterDiffers(state: RaftState): boolean {
  const known = state.quorum.voters.get(state.local.id)
  if (known === undefined || state.local.endpoints.length === 0) return false
  return isLocalVoter(state) && !sameVoter(known, asVoter(state))
}

function votersToWrite(state: RaftState): VoterSet | null {
  const { voters, votersOffset, kraftVersion } = state.quorum
  if (kraftVersion === 0) return null
  if (localVoterDiffers(state)) return withVoter(voters, asVoter(state))
  // Known from the bootstrap snapshot only, which is never replicated.
  return votersOffset === null || votersOffset < 0 ? voters : null
}

export function becomeResigned(state: RaftState): StepResult {
  const { role, epoch } = state
  assert(role.kind === 'leader', `resigned from ${role.kind}`)
  const preferred = successors(role)
  const others = otherVoters(state)
  const unacknowledged = new Set(others.map(({ id }) => id))
  const next: RaftState = { ...state, role: { kind: 'resigned', successors: preferred, unacknowledged } }
  const message: PeerMessage = { type: 'end-epoch', epoch, successors: preferred }
  const effects = leaveRole(state)
  // Then others have had their chance, and we stand again in the next epoch.
  if (!state.stopping) effects.push(electionTimer(state))
  for (const other of others) effects.push({ type: 'send', to: keyOf(other), message })
  return { state: next, effects }
}
