/** Standing for election and voting (KIP-595, KIP-853, KIP-996). */
import { isMeantForUs, judgeAnswer, reply, voterOnlyError } from './answers.ts'
import {
  andThen,
  keyOf,
  mayStand,
  type NomineeRole,
  type RaftInput,
  type RaftState,
  type StepResult,
  unchanged,
  type VoteRequest,
} from './state.ts'
import { electionTimer } from './timers.ts'
import {
  becomeCandidate,
  becomeFollower,
  becomeLeader,
  becomeProspective,
  becomeUnattached,
  isRejected,
  voteMessage,
} from './transitions.ts'
import { majority, matches, type ReplicaKey } from './voters.ts'

type PeerAnswer = Extract<RaftInput, { type: 'peer-answer' }>

export function electionTimeout(state: RaftState): StepResult {
  const { role } = state
  if (state.stopping) return unchanged(state)
  switch (role.kind) {
    case 'unattached':
    case 'candidate':
      return mayStand(state) ? becomeProspective(state) : unchanged(state)
    case 'prospective':
      return waitOn(giveUp(state))
    case 'resigned':
      // Our own epoch is over: in the next one others may not take us for its leader.
      return waitOn(becomeUnattached(state, state.epoch + 1, null))
    default:
      return unchanged(state)
  }
}

/** The timer that has just fired does not run on by itself: without another nobody might ever stand again. */
function waitOn(result: StepResult): StepResult {
  const { state, effects } = result
  const isSet = effects.some((effect) => effect.type === 'set-timer' && effect.timer === 'election')
  if (state.role.kind !== 'unattached' || isSet || !mayStand(state)) return result
  return { state, effects: [...effects, electionTimer(state)] }
}

export function fetchTimeout(state: RaftState): StepResult {
  const stands = state.role.kind === 'follower' && mayStand(state) && !state.stopping
  return stands ? becomeProspective(state) : unchanged(state)
}

/** Back to the leader we had, or to waiting for one. */
function giveUp(state: RaftState): StepResult {
  const { epoch, leaderId, leaderEndpoints } = state
  if (leaderId === null || leaderEndpoints.length === 0) return becomeUnattached(state, epoch, leaderId)
  return becomeFollower(state, epoch, leaderId, leaderEndpoints)
}

export function voteRequest(state: RaftState, request: VoteRequest): StepResult {
  const { epoch, candidate, lastEpoch, lastOffset, preVote } = request
  // A candidate has raised its epoch above its log's; a prospective voter may have records of its own epoch.
  const impossible = preVote ? lastEpoch > epoch : lastEpoch >= epoch
  if (lastOffset < 0 || lastEpoch < 0 || impossible) return reply(unchanged(state), 'INVALID_REQUEST')
  const error = voterOnlyError(state, candidate.id, epoch)
  if (error !== null) return reply(unchanged(state), error)
  const seen = epoch > state.epoch ? becomeUnattached(state, epoch, null) : unchanged(state)
  if (!isMeantForUs(state, request.voter)) return reply(seen, 'INVALID_VOTER_KEY')
  const granted = grants(seen.state, request)
  const voted = granted && !preVote ? andThen(seen, (now) => voteFor(now, candidate)) : seen
  return reply(voted, 'NONE', granted)
}

function grants(state: RaftState, { candidate, lastEpoch, lastOffset, preVote }: VoteRequest): boolean {
  const { role, voted, logEpoch, logEndOffset } = state
  const upToDate = lastEpoch > logEpoch || (lastEpoch === logEpoch && lastOffset >= logEndOffset)
  if (preVote) return upToDate && role.kind !== 'leader' && !(role.kind === 'follower' && role.hasFetched)
  if (role.kind !== 'unattached' && role.kind !== 'prospective') return false
  if (voted !== null) return matches(voted, candidate)
  return state.leaderId === null && upToDate
}

/** Who gets our vote has as good a chance as we have: our own election waits. */
function voteFor(state: RaftState, candidate: ReplicaKey): StepResult {
  if (state.voted !== null) return unchanged(state)
  const next: RaftState = { ...state, voted: keyOf(candidate) }
  return unchanged(next, ...(mayStand(state) ? [electionTimer(state)] : []))
}

export function voteAnswered(state: RaftState, answer: PeerAnswer): StepResult {
  const { from, to, error, granted, hint } = answer
  const judged = judgeAnswer(state, error, hint)
  const { role } = judged.state
  if (to.type !== 'vote' || !isOurElection(judged.state, to)) return judged
  if (judged.verdict === 'proceed') return andThen(judged, (now) => count(now, role as NomineeRole, from.id, granted))
  // Somebody else lives at that address: not a vote we can get.
  if (error === 'INVALID_VOTER_KEY') return andThen(judged, (now) => count(now, role as NomineeRole, from.id, false))
  return judged
}

function isOurElection(state: RaftState, { epoch, preVote }: { epoch: number; preVote: boolean }): boolean {
  const { role } = state
  return epoch === state.epoch && role.kind === (preVote ? 'prospective' : 'candidate')
}

function count(state: RaftState, role: NomineeRole, voterId: number, vote: boolean): StepResult {
  const { voters } = state.quorum
  if (!voters.has(voterId)) return unchanged(state)
  const granted = new Set(role.granted)
  const rejected = new Set(role.rejected)
  if (vote) granted.add(voterId)
  else if (!granted.has(voterId)) rejected.add(voterId)
  const next: RaftState = { ...state, role: { ...role, granted, rejected } }
  if (granted.size >= majority(voters)) {
    return role.kind === 'prospective' ? becomeCandidate(next) : becomeLeader(next, granted)
  }
  // A candidate waits for the rest of its time: somebody else may have been elected.
  if (role.kind === 'prospective' && isRejected(rejected.size, voters)) return giveUp(next)
  return unchanged(next)
}

/** A vote request that did not get through is sent again while it can still help. */
export function retryVote(state: RaftState, to: ReplicaKey, request: { epoch: number; preVote: boolean }): StepResult {
  const { role, quorum } = state
  if (!isOurElection(state, request)) return unchanged(state)
  const { granted, rejected } = role as NomineeRole
  const wanted = quorum.voters.has(to.id) && !granted.has(to.id) && !rejected.has(to.id)
  if (!wanted || isRejected(rejected.size, quorum.voters)) return unchanged(state)
  return unchanged(state, { type: 'send', to, message: voteMessage(state) })
}
