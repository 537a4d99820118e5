/**
 * What a node of the quorum knows and decides with: its state, what can happen to it (inputs) and what is to be done about
 * it (effects). `step.ts` takes one input to the next state; the driver (`raft-node.ts`) performs the effects in order.
 */
import type { Uuid } from '../base/uuid.ts'
import type { ErrorName } from '../protocol/error-codes.ts'
import type { ElectionState } from './quorum-state-file.ts'
import type { SnapshotId } from './types.ts'
import { isVoter, type ReplicaKey, type Voter, type VoterEndpoint, type VoterSet } from './voters.ts'

/** Settings `controller.quorum.*`, in Kafka's words. */
export interface RaftTimeouts {
  readonly electionTimeoutMs: number
  readonly electionBackoffMaxMs: number
  readonly fetchTimeoutMs: number
  readonly requestTimeoutMs: number
  readonly retryBackoffMs: number
  readonly fetchMaxBytes: number
  readonly fetchSnapshotMaxBytes: number
}

/** Kafka's defaults (`QuorumConfig`). */
export const DEFAULT_TIMEOUTS: RaftTimeouts = {
  electionTimeoutMs: 1_000,
  electionBackoffMaxMs: 1_000,
  fetchTimeoutMs: 2_000,
  requestTimeoutMs: 2_000,
  retryBackoffMs: 20,
  fetchMaxBytes: 1024 * 1024,
  fetchSnapshotMaxBytes: 1024 * 1024,
}

/** The newest voters and kraft.version of snapshot and log, committed or not (KIP-853). */
export interface QuorumConfiguration {
  readonly voters: VoterSet
  /** Offset of the record that names them; -1: only the bootstrap snapshot does; null: configured, in no record. */
  readonly votersOffset: number | null
  /** The voters before that record, null when there is none before it in snapshot and log. */
  readonly formerVoters: VoterSet | null
  readonly kraftVersion: number
}

/** This node, as its configuration has it. */
export interface LocalReplica extends Voter {
  /** False: a broker, which follows and never stands. */
  readonly canVote: boolean
  /** controller.quorum.auto.join.enable */
  readonly autoJoin: boolean
}

/** How far another replica has come, seen by the leader. */
export interface ReplicaProgress {
  readonly key: ReplicaKey
  /** End of what it has on its disk, -1 while it has not fetched from us. */
  readonly endOffset: number
  /** Wall clock in ms, -1 for never. */
  readonly lastFetchMs: number
  readonly lastCaughtUpMs: number
  /** Our log end when it fetched last: what it had to reach to be caught up then. */
  readonly lastFetchLeaderEnd: number
}

/** A change of the voters on its way; there is one at a time (KIP-853). */
export interface VoterChange {
  readonly kind: 'add' | 'remove' | 'update'
  readonly requestId: number
  readonly voter: Voter
  /** `probing`: the voter is asked which versions it speaks; then its record waits for its commit. */
  readonly stage: 'probing' | 'committing'
  /** Offset of the Voters record, -1 while probing. */
  readonly recordOffset: number
  readonly answerWhenCommitted: boolean
}

export interface LeaderRole {
  readonly kind: 'leader'
  /** Offset of this epoch's first record; the high watermark counts only past it. */
  readonly epochStartOffset: number
  /** End of what we have on our own disk. */
  readonly flushedOffset: number
  /** The other voters by id. */
  readonly followers: ReadonlyMap<number, ReplicaProgress>
  /** Others that fetch, by `replicaName`. */
  readonly observers: ReadonlyMap<string, ReplicaProgress>
  /** Voters that fetched since a majority was last counted. */
  readonly fetched: ReadonlySet<number>
  readonly change: VoterChange | null
  /** With kraft.version 0: the voters as they told us of themselves, to be written when it is raised to 1. */
  readonly volatileVoters: VoterSet | null
}

/**
 * Transitions:
 *   unattached  -> prospective  election timeout
 *   prospective -> candidate    a majority would vote for us (KIP-996); at once when we are the only voter
 *   prospective -> unattached or, when a leader is known, follower: election timeout or a majority would not
 *   candidate   -> leader       a majority voted for us
 *   candidate   -> prospective  election timeout
 *   follower    -> prospective  fetch timeout
 *   leader      -> resigned     no majority fetches, asked to stop, or no longer a voter
 *   resigned    -> unattached   election timeout, in the next epoch
 *   any         -> unattached   a later epoch without a leader
 *   any         -> follower     the leader of this or a later epoch is known
 * Who is not a voter is unattached or a follower, and has no election and no fetch timeout.
 */
export type Role =
  | { readonly kind: 'unattached' }
  | NomineeRole
  | FollowerRole
  | LeaderRole
  | {
      readonly kind: 'resigned'
      readonly successors: readonly ReplicaKey[]
      readonly unacknowledged: ReadonlySet<number>
    }

export interface NomineeRole {
  readonly kind: 'prospective' | 'candidate'
  readonly granted: ReadonlySet<number>
  readonly rejected: ReadonlySet<number>
}

export interface FollowerRole {
  readonly kind: 'follower'
  /** A follower that has heard from its leader helps nobody to depose it (KIP-996). */
  readonly hasFetched: boolean
  /** With kraft.version 0: this leader knows our endpoints and versions. */
  readonly hasUpdatedLeader: boolean
}

export interface RaftState {
  readonly local: LocalReplica
  readonly timeouts: RaftTimeouts
  readonly quorum: QuorumConfiguration
  readonly epoch: number
  readonly leaderId: number | null
  readonly leaderEndpoints: readonly VoterEndpoint[]
  /** Our vote in this epoch for somebody else or, as a candidate, for ourselves. */
  readonly voted: ReplicaKey | null
  readonly role: Role
  /** End of the local log, whether on disk or not. */
  readonly logEndOffset: number
  /** Epoch of its last record, 0 for none. */
  readonly logEpoch: number
  /** -1: not known yet. Never goes back. */
  readonly highWatermark: number
  /** Asked to stop: stands in no election any more. */
  readonly stopping: boolean
}

/** What a message of another node says about who leads; endpoints may be unknown. */
export interface LeaderHint {
  readonly epoch: number
  readonly leaderId: number | null
  readonly endpoints: readonly VoterEndpoint[]
}

export type PeerMessage =
  | {
      readonly type: 'vote'
      readonly epoch: number
      readonly preVote: boolean
      readonly lastEpoch: number
      readonly lastOffset: number
    }
  | { readonly type: 'begin-epoch'; readonly epoch: number }
  | { readonly type: 'end-epoch'; readonly epoch: number; readonly successors: readonly ReplicaKey[] }

export type TimerName = 'election' | 'fetch' | 'check-quorum' | 'begin-epoch' | 'voter-change' | 'membership'

export interface VoteRequest {
  readonly epoch: number
  readonly candidate: ReplicaKey
  /** The replica that was meant; null in versions that do not say. */
  readonly voter: ReplicaKey | null
  readonly lastEpoch: number
  readonly lastOffset: number
  readonly preVote: boolean
}

export type RaftInput =
  /** Once, after the log has been recovered. */
  | { readonly type: 'start' }
  | { readonly type: 'timeout'; readonly timer: TimerName; readonly nowMs: number }
  | ({ readonly type: 'vote-request' } & VoteRequest)
  | ({ readonly type: 'begin-epoch-request'; readonly voter: ReplicaKey | null } & LeaderHint)
  | ({ readonly type: 'end-epoch-request'; readonly successors: readonly ReplicaKey[] } & LeaderHint)
  /** The answer to what we sent to `from`. */
  | {
      readonly type: 'peer-answer'
      readonly from: ReplicaKey
      readonly to: PeerMessage
      readonly error: ErrorName
      readonly hint: LeaderHint
      readonly granted: boolean
    }
  /** It did not reach `to`, or no answer came; the retry backoff has passed. */
  | { readonly type: 'peer-failed'; readonly to: ReplicaKey; readonly message: PeerMessage }
  /** The answer to a Fetch or FetchSnapshot of ours. */
  | {
      readonly type: 'fetch-answer'
      readonly error: ErrorName
      readonly hint: LeaderHint
      readonly content: FetchContent
    }
  /** A replica fetched from `offset` on, which the leader's log agrees with. */
  | { readonly type: 'replica-fetched'; readonly replica: ReplicaKey; readonly offset: number; readonly nowMs: number }
  /** A replica fetched a part of a snapshot. */
  | { readonly type: 'replica-loads-snapshot'; readonly replica: ReplicaKey }
  /** The log grew, was truncated or starts anew behind a snapshot. */
  | {
      readonly type: 'log-changed'
      readonly endOffset: number
      readonly lastEpoch: number
      readonly quorum: QuorumConfiguration
    }
  /** Everything below `endOffset` is on the local disk. */
  | { readonly type: 'flushed'; readonly endOffset: number }
  /** What the leader says is committed. */
  | { readonly type: 'leader-high-watermark'; readonly offset: number }
  | {
      readonly type: 'change-voters'
      readonly kind: VoterChange['kind']
      readonly requestId: number
      readonly voter: Voter
      readonly answerWhenCommitted: boolean
    }
  /** What ApiVersions of the voter said of kraft.version; null when it could not be asked. */
  | {
      readonly type: 'voter-probed'
      readonly requestId: number
      readonly error: ErrorName
      readonly kraftVersions: { readonly min: number; readonly max: number } | null
      readonly nowMs: number
    }
  | { readonly type: 'voters-appended'; readonly requestId: number; readonly offset: number }
  /** The leader took our UpdateRaftVoter, or cannot use it. */
  | { readonly type: 'leader-updated' }
  | { readonly type: 'stop' }

export type FetchContent =
  | { readonly type: 'records' }
  | { readonly type: 'diverging'; readonly epoch: number; readonly endOffset: number }
  | { readonly type: 'snapshot'; readonly id: SnapshotId }
  | { readonly type: 'snapshot-part' }
  | { readonly type: 'snapshot-gone' }
  | { readonly type: 'none' }

export type RaftEffect =
  /** Must be durable before the next effect. */
  | { readonly type: 'write-quorum-state'; readonly state: ElectionState }
  | { readonly type: 'send'; readonly to: ReplicaKey; readonly message: PeerMessage }
  /** What the request that is the input of this step is answered with. */
  | { readonly type: 'reply'; readonly error: ErrorName; readonly granted: boolean }
  /** After `delayMs` and up to `jitterMs` more, chosen at random; replaces a running timer of that name. */
  | { readonly type: 'set-timer'; readonly timer: TimerName; readonly delayMs: number; readonly jitterMs: number }
  | { readonly type: 'cancel-timer'; readonly timer: TimerName }
  /** Append the leader change record of `epoch` and flush it. */
  | {
      readonly type: 'append-leader-change'
      readonly epoch: number
      readonly granting: readonly number[]
      /** Voters to write behind it: they are in no log yet, or our own entry has changed. */
      readonly voters: VoterSet | null
    }
  | { readonly type: 'append-voters'; readonly requestId: number; readonly voters: VoterSet }
  | { readonly type: 'advance-high-watermark'; readonly offset: number }
  | { readonly type: 'leader-changed'; readonly leaderId: number | null; readonly epoch: number }
  /** We lead no more: whoever waits for data is sent away, appends not yet committed fail. */
  | { readonly type: 'leadership-lost' }
  /** What is being fetched is of no use any more. */
  | { readonly type: 'abandon-fetch' }
  /** What the fetch answer that is the input of this step brought is good: store it, load it, cut back to it. */
  | { readonly type: 'take-fetched' }
  /** The answer was of no use; ask again after the retry backoff. */
  | { readonly type: 'back-off-fetch' }
  | { readonly type: 'probe-voter'; readonly requestId: number; readonly voter: Voter }
  | {
      readonly type: 'answer-voter-change'
      readonly requestId: number
      readonly error: ErrorName
      readonly message: string | null
    }
  | { readonly type: 'update-membership'; readonly action: MembershipAction }
  /** Something another node said cannot be; for the log. */
  | { readonly type: 'warn'; readonly message: string }

/** What a follower asks of the leader about its own place among the voters. */
export type MembershipAction =
  | { readonly type: 'update' }
  | { readonly type: 'add' }
  | { readonly type: 'remove'; readonly voter: ReplicaKey }

export interface StepResult {
  readonly state: RaftState
  readonly effects: readonly RaftEffect[]
}

/** The effects of `first`, then what `next` makes of its state. */
export function andThen(first: StepResult, next: (state: RaftState) => StepResult): StepResult {
  const second = next(first.state)
  return { state: second.state, effects: [...first.effects, ...second.effects] }
}

export function unchanged(state: RaftState, ...effects: readonly RaftEffect[]): StepResult {
  return { state, effects }
}

export function localKey(state: RaftState): ReplicaKey {
  const { id, directoryId } = state.local
  return { id, directoryId }
}

/** True while we have a vote; a broker never has, whatever its id. */
export function isLocalVoter(state: RaftState): boolean {
  return state.local.canVote && isVoter(state.quorum.voters, state.local)
}

/**
 * Voters stand, and so does one whose removal may not be committed: what it has of the log may be more than those have who
 * are left, and without it nobody might ever be elected (Raft dissertation, 4.2.2; Kafka does not do this).
 */
export function mayStand(state: RaftState): boolean {
  const { local, quorum, highWatermark } = state
  if (isLocalVoter(state)) return true
  const { formerVoters, votersOffset } = quorum
  if (!local.canVote || formerVoters === null || votersOffset === null) return false
  return votersOffset >= highWatermark && isVoter(formerVoters, local)
}

export function otherVoters(state: RaftState): Voter[] {
  return [...state.quorum.voters.values()].filter(({ id }) => id !== state.local.id)
}

export function keyOf({ id, directoryId }: ReplicaKey): ReplicaKey {
  return { id, directoryId }
}

export function replicaName({ id, directoryId }: { readonly id: number; readonly directoryId: Uuid }): string {
  return `${id}-${directoryId}`
}

/** The high watermark as the leader tells it: -1 until a record of its own epoch is committed. */
export function leaderHighWatermark(state: RaftState): number {
  const { role, highWatermark } = state
  return role.kind === 'leader' && highWatermark > role.epochStartOffset ? highWatermark : -1
}

/** What must survive a restart (KIP-595). */
export function electionState({ epoch, leaderId, voted }: RaftState): ElectionState {
  return { epoch, leaderId, voted }
}

/** The leader as listeners are told: one that resigned leads no more, though nobody else may lead its epoch. */
export function visibleLeader(state: RaftState): number | null {
  return state.role.kind === 'resigned' ? null : state.leaderId
}
