/** The timers of the algorithm, and how long each runs. */
import type { RaftEffect, RaftState, TimerName } from './state.ts'

/** The leader gives its followers this much more than a fetch timeout before it doubts its majority. */
const CHECK_QUORUM_FACTOR = 1.5

export function setTimer(timer: TimerName, delayMs: number, jitterMs = 0): RaftEffect {
  return { type: 'set-timer', timer, delayMs, jitterMs }
}

export function cancelTimer(timer: TimerName): RaftEffect {
  return { type: 'cancel-timer', timer }
}

/** Between one and two election timeouts, so that not everybody stands at once. */
export function electionTimer(state: RaftState): RaftEffect {
  const { electionTimeoutMs } = state.timeouts
  return setTimer('election', electionTimeoutMs, electionTimeoutMs)
}

export function fetchTimer(state: RaftState): RaftEffect {
  return setTimer('fetch', state.timeouts.fetchTimeoutMs)
}

/** Often enough that no follower's fetch timeout passes before it hears of its leader. */
export function beginEpochTimer(state: RaftState): RaftEffect {
  return setTimer('begin-epoch', state.timeouts.fetchTimeoutMs / 2)
}

export function checkQuorumTimer(state: RaftState): RaftEffect {
  return setTimer('check-quorum', state.timeouts.fetchTimeoutMs * CHECK_QUORUM_FACTOR)
}

export function membershipTimer(state: RaftState): RaftEffect {
  return setTimer('membership', 2 * state.timeouts.fetchTimeoutMs)
}
