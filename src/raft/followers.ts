/** Following a leader: its announcements, its farewell, what it sends; and our own place among the voters (KIP-853). */

import { assert } from '../base/errors.ts'
import { followHint, isMeantForUs, judgeAnswer, reply, voterOnlyError } from './answers.ts'
import {
  andThen,
  type FollowerRole,
  isLocalVoter,
  keyOf,
  type MembershipAction,
  mayStand,
  type RaftInput,
  type RaftState,
  type StepResult,
  unchanged,
} from './state.ts'
import { fetchTimer, membershipTimer, setTimer } from './timers.ts'
import { becomeProspective, localVoterDiffers } from './transitions.ts'
import { matches, type ReplicaKey } from './voters.ts'

type Input<T extends RaftInput['type']> = Extract<RaftInput, { type: T }>

export function beginEpochRequest(state: RaftState, request: Input<'begin-epoch-request'>): StepResult {
  const error = voterOnlyError(state, request.leaderId ?? -1, request.epoch)
  if (error !== null) return reply(unchanged(state), error)
  const result = followHint(state, request)
  return reply(result, isMeantForUs(state, request.voter) ? 'NONE' : 'INVALID_VOTER_KEY')
}

export function endEpochRequest(state: RaftState, request: Input<'end-epoch-request'>): StepResult {
  const error = voterOnlyError(state, request.leaderId ?? -1, request.epoch)
  if (error !== null) return reply(unchanged(state), error)
  return reply(
    andThen(followHint(state, request), (now) => standAfter(now, request)),
    'NONE',
  )
}

/** The leader is going: the one that has most of its log stands at once, the others later and later. */
function standAfter(state: RaftState, request: Input<'end-epoch-request'>): StepResult {
  const { role } = state
  if (role.kind !== 'follower' || state.leaderId !== request.leaderId || !mayStand(state)) return unchanged(state)
  const delayMs = successionDelayMs(state, request.successors)
  if (delayMs === 0 && !state.stopping) return becomeProspective(state)
  // Whoever stands before us may count on our vote: this leader has given up.
  return unchanged({ ...state, role: { ...role, hasFetched: false } }, setTimer('fetch', delayMs))
}

function successionDelayMs({ local, timeouts }: RaftState, successors: readonly ReplicaKey[]): number {
  const { electionBackoffMaxMs } = timeouts
  const found = successors.findIndex((successor) => matches(successor, local))
  const position = found < 0 ? successors.length : found
  if (position === 0) return 0
  if (position >= successors.length) return electionBackoffMaxMs
  const baseMs = Math.floor(electionBackoffMaxMs / 2 ** (successors.length - 1))
  return Math.min(electionBackoffMaxMs, baseMs * 2 ** (position - 1))
}

export function fetchAnswered(state: RaftState, answer: Input<'fetch-answer'>): StepResult {
  const judged = judgeAnswer(state, answer.error, answer.hint)
  const learned = judged.state.epoch !== state.epoch || judged.state.leaderId !== state.leaderId
  if (judged.verdict !== 'proceed') {
    // Asking again at once helps only when the answer told us something.
    return learned ? judged : andThen(judged, (now) => unchanged(now, { type: 'back-off-fetch' }))
  }
  const { role } = judged.state
  if (role.kind !== 'follower' || answer.content.type === 'none') {
    return andThen(judged, (now) => unchanged(now, { type: 'back-off-fetch' }))
  }
  return andThen(judged, (now) => takeFetched(now, role))
}

function takeFetched(state: RaftState, role: FollowerRole): StepResult {
  const next: RaftState = role.hasFetched ? state : { ...state, role: { ...role, hasFetched: true } }
  const timer = mayStand(state) ? [fetchTimer(state)] : []
  return unchanged(next, ...timer, { type: 'take-fetched' })
}

/** A follower knows a record as committed when the leader says so and it has it itself. */
export function followHighWatermark(state: RaftState, leaderHighWatermark: number): StepResult {
  if (state.role.kind !== 'follower') return unchanged(state)
  const offset = Math.min(leaderHighWatermark, state.logEndOffset)
  if (offset <= state.highWatermark) return unchanged(state)
  return unchanged({ ...state, highWatermark: offset }, { type: 'advance-high-watermark', offset })
}

/** The log of a follower changed; new voters may be among what it brought. */
export function followLog(state: RaftState, input: Input<'log-changed'>): StepResult {
  const { endOffset, lastEpoch, quorum } = input
  assert(endOffset >= state.highWatermark, `log end ${endOffset} below the high watermark ${state.highWatermark}`)
  const stood = mayStand(state)
  const next: RaftState = { ...state, logEndOffset: endOffset, logEpoch: lastEpoch, quorum }
  if (state.role.kind !== 'follower' || stood === mayStand(next)) return unchanged(next)
  return unchanged(next, stood ? { type: 'cancel-timer', timer: 'fetch' } : fetchTimer(next))
}

/** Looks whether the voters know us as we are, or at all. */
export function checkMembership(state: RaftState): StepResult {
  const { role } = state
  if (role.kind !== 'follower' || state.stopping) return unchanged(state)
  const action = membershipAction(state, role)
  const timer = membershipTimer(state)
  return unchanged(state, ...(action === null ? [] : [{ type: 'update-membership', action } as const]), timer)
}

function membershipAction(state: RaftState, role: FollowerRole): MembershipAction | null {
  const { local, quorum } = state
  if (isLocalVoter(state)) {
    // Without kraft.version 1 no record says where voters are: each tells every new leader, for the day it is raised.
    const tells =
      quorum.kraftVersion === 0 ? !role.hasUpdatedLeader && local.endpoints.length > 0 : localVoterDiffers(state)
    return tells ? { type: 'update' } : null
  }
  if (quorum.kraftVersion === 0 || !local.autoJoin) return null
  const former = quorum.voters.get(local.id)
  return former === undefined ? { type: 'add' } : { type: 'remove', voter: keyOf(former) }
}

export function leaderUpdated(state: RaftState): StepResult {
  const { role } = state
  if (role.kind !== 'follower') return unchanged(state)
  const next: RaftState = { ...state, role: { ...role, hasUpdatedLeader: true } }
  return unchanged(next, ...(mayStand(state) ? [fetchTimer(state)] : []))
}
