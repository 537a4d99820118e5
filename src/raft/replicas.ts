/** The leader's account of the other replicas: how far each has come and when it fetched last. */
import {
  isLocalVoter,
  keyOf,
  type LeaderRole,
  otherVoters,
  type RaftInput,
  type RaftState,
  type ReplicaProgress,
  replicaName,
  type StepResult,
  unchanged,
} from './state.ts'
import { checkQuorumTimer } from './timers.ts'
import { majority, matches, type ReplicaKey } from './voters.ts'

/** An observer that has not fetched for so long is gone. */
const OBSERVER_SESSION_TIMEOUT_MS = 300_000
/** Replicas that are no voters and still are kept account of; more than any cluster has brokers. */
const MAX_OBSERVERS = 10_000

const NO_PROGRESS = { endOffset: -1, lastFetchMs: -1, lastCaughtUpMs: -1, lastFetchLeaderEnd: -1 } as const

export function newProgress(key: ReplicaKey): ReplicaProgress {
  return { key: keyOf(key), ...NO_PROGRESS }
}

export function progressed(before: ReplicaProgress, offset: number, nowMs: number, leaderEnd: number): ReplicaProgress {
  const { lastFetchMs, lastFetchLeaderEnd } = before
  let { lastCaughtUpMs } = before
  // Caught up now, or with all there was when it last fetched.
  if (offset >= leaderEnd) lastCaughtUpMs = Math.max(lastCaughtUpMs, nowMs)
  else if (lastFetchLeaderEnd > 0 && offset >= lastFetchLeaderEnd)
    lastCaughtUpMs = Math.max(lastCaughtUpMs, lastFetchMs)
  return {
    key: before.key,
    endOffset: offset,
    lastFetchMs: Math.max(lastFetchMs, nowMs),
    lastCaughtUpMs,
    lastFetchLeaderEnd: leaderEnd,
  }
}

export function observersWith(
  state: RaftState,
  role: LeaderRole,
  { replica, offset, nowMs }: Extract<RaftInput, { type: 'replica-fetched' }>,
): ReadonlyMap<string, ReplicaProgress> {
  const name = replicaName(replica)
  const before = role.observers.get(name) ?? newProgress(replica)
  const observers = new Map(role.observers).set(name, progressed(before, offset, nowMs, state.logEndOffset))
  if (observers.size > MAX_OBSERVERS) observers.delete(observers.keys().next().value!)
  return observers
}

/** Once a majority, we included, has fetched, the count begins anew. */
export function countFetched(state: RaftState, voterId: number): StepResult {
  const role = state.role as LeaderRole
  const fetched = new Set(role.fetched).add(voterId)
  const needed = majority(state.quorum.voters) - (isLocalVoter(state) ? 1 : 0)
  if (fetched.size < needed) return unchanged({ ...state, role: { ...role, fetched } })
  return unchanged({ ...state, role: { ...role, fetched: new Set() } }, checkQuorumTimer(state))
}

/** Voters and observers change places as the voters do; what is known of their progress stays. */
export function reconcileReplicas(role: LeaderRole, state: RaftState): LeaderRole {
  const observers = new Map(role.observers)
  const followers = new Map<number, ReplicaProgress>()
  for (const voter of otherVoters(state)) {
    const before = role.followers.get(voter.id)
    const known = before !== undefined && matches(before.key, voter) ? before : observers.get(replicaName(voter))
    observers.delete(replicaName(voter))
    followers.set(voter.id, known === undefined ? newProgress(voter) : { ...known, key: keyOf(voter) })
  }
  for (const [id, before] of role.followers) {
    const now = followers.get(id)
    if (now === undefined || !matches(before.key, now.key)) observers.set(replicaName(before.key), before)
  }
  const fetched = new Set([...role.fetched].filter((id) => followers.has(id)))
  return { ...role, followers, observers, fetched }
}

/** The next to lead, best first: who has most of our log needs to fetch least. */
export function successors({ followers }: LeaderRole): ReplicaKey[] {
  const list = [...followers.values()]
  list.sort((a, b) => b.endOffset - a.endOffset || a.key.id - b.key.id)
  return list.map(({ key }) => key)
}

export function forgetObservers(state: RaftState, role: LeaderRole, nowMs: number): RaftState {
  const gone = [...role.observers].filter(([, { lastFetchMs }]) => nowMs - lastFetchMs >= OBSERVER_SESSION_TIMEOUT_MS)
  if (gone.length === 0) return state
  const observers = new Map(role.observers)
  for (const [name] of gone) observers.delete(name)
  return { ...state, role: { ...role, observers } }
}

/** Observers that still fetch, for DescribeQuorum. */
export function activeObservers(role: LeaderRole, nowMs: number): ReplicaProgress[] {
  return [...role.observers.values()].filter(({ lastFetchMs }) => nowMs - lastFetchMs < OBSERVER_SESSION_TIMEOUT_MS)
}
