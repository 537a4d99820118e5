/**
 * The quorum's algorithm without I/O (KIP-595): a step takes an input and the state, and gives the next state and what
 * is to be done, in order. The driver (`raft-node.ts`) does it and reports back with further inputs.
 *
 * Roles and their transitions:
 *   unattached -> candidate   election timeout, or at once when we are the only voter
 *   candidate  -> leader      a majority granted its vote
 *   candidate  -> candidate   election timeout: the next epoch
 *   leader     -> resigned    asked to stop
 *
 * Votes and replica progress are counted for any number of voters. Following another leader, answering votes and
 * fetches of others, and pre-votes (KIP-996) are not here yet: they come with the second voter.
 */
import { assert } from '../base/errors.ts'
import type { Uuid } from '../base/uuid.ts'
import type { ElectionState } from './quorum-state-file.ts'
import { isOnlyVoter, majority, type VoterSet } from './voters.ts'

export type Role =
  | { readonly kind: 'unattached' }
  | { readonly kind: 'candidate'; readonly granted: ReadonlySet<number> }
  | {
      readonly kind: 'leader'
      /** Offset of this epoch's first record; the high watermark counts only past it. */
      readonly epochStartOffset: number
      /** Voter -> end of what it has on disk. */
      readonly replicated: ReadonlyMap<number, number>
    }
  | { readonly kind: 'resigned' }

export interface RaftState {
  readonly localId: number
  readonly localDirectoryId: Uuid
  readonly voters: VoterSet
  readonly epoch: number
  readonly leaderId: number | null
  readonly role: Role
  /** End of the local log, whether on disk or not. */
  readonly logEndOffset: number
  /** -1: not known yet. */
  readonly highWatermark: number
}

export type RaftInput =
  /** Once, after the log has been recovered. */
  | { readonly type: 'start' }
  | { readonly type: 'election-timeout' }
  | { readonly type: 'vote-answer'; readonly voterId: number; readonly epoch: number; readonly granted: boolean }
  /** The log grew to `endOffset`. */
  | { readonly type: 'appended'; readonly endOffset: number }
  /** Everything below `endOffset` is on the local disk. */
  | { readonly type: 'flushed'; readonly endOffset: number }
  /** Another voter has everything below `endOffset` on its disk. */
  | { readonly type: 'replicated'; readonly voterId: number; readonly endOffset: number }
  | { readonly type: 'resign' }

export type RaftEffect =
  /** Must be durable before the next effect. */
  | { readonly type: 'write-quorum-state'; readonly state: ElectionState }
  | { readonly type: 'request-votes'; readonly epoch: number; readonly from: readonly number[] }
  | { readonly type: 'set-election-timer' }
  | { readonly type: 'cancel-election-timer' }
  /** Append the leader change record of `epoch` and flush it. */
  | { readonly type: 'append-leader-change'; readonly epoch: number; readonly granting: readonly number[] }
  | { readonly type: 'advance-high-watermark'; readonly offset: number }
  | { readonly type: 'leader-changed'; readonly leaderId: number | null; readonly epoch: number }

export interface StepResult {
  readonly state: RaftState
  readonly effects: readonly RaftEffect[]
}

/** State of a node that has read its quorum state and its log. */
export function initialState(options: {
  localId: number
  localDirectoryId: Uuid
  voters: VoterSet
  stored: ElectionState | null
  /** Epoch of the last record in log or snapshot, 0 for none. */
  logEpoch: number
  logEndOffset: number
}): RaftState {
  return {
    localId: options.localId,
    localDirectoryId: options.localDirectoryId,
    voters: options.voters,
    // A lost quorum-state file must not take the node back to an epoch its log has left.
    epoch: Math.max(options.stored?.epoch ?? 0, options.logEpoch),
    leaderId: null,
    role: { kind: 'unattached' },
    logEndOffset: options.logEndOffset,
    highWatermark: -1,
  }
}

export function step(state: RaftState, input: RaftInput): StepResult {
  switch (input.type) {
    case 'start':
      return start(state)
    case 'election-timeout':
      return electionTimeout(state)
    case 'vote-answer':
      return voteAnswered(state, input)
    case 'appended':
      assert(input.endOffset >= state.logEndOffset, 'the log of a leader never shrinks')
      return { state: { ...state, logEndOffset: input.endOffset }, effects: [] }
    case 'flushed':
      return replicated(state, state.localId, input.endOffset)
    case 'replicated':
      return replicated(state, input.voterId, input.endOffset)
    case 'resign':
      return resign(state)
  }
}

function start(state: RaftState): StepResult {
  assert(state.role.kind === 'unattached', 'started twice')
  if (isOnlyVoter(state.voters, state.localId)) return becomeCandidate(state)
  return { state, effects: state.voters.has(state.localId) ? [{ type: 'set-election-timer' }] : [] }
}

function electionTimeout(state: RaftState): StepResult {
  const { kind } = state.role
  if (kind === 'leader' || kind === 'resigned' || !state.voters.has(state.localId)) return { state, effects: [] }
  return becomeCandidate(state)
}

/** A new epoch, a vote for ourselves on disk, then the others are asked. */
function becomeCandidate(state: RaftState): StepResult {
  const epoch = state.epoch + 1
  const voted = { id: state.localId, directoryId: state.localDirectoryId }
  const granted = new Set([state.localId])
  const next: RaftState = { ...state, epoch, leaderId: null, role: { kind: 'candidate', granted } }
  const effects: RaftEffect[] = [{ type: 'write-quorum-state', state: { epoch, leaderId: null, voted } }]
  if (granted.size >= majority(state.voters)) return becomeLeader(next, granted, effects)
  const others = [...state.voters.keys()].filter((id) => id !== state.localId)
  effects.push({ type: 'request-votes', epoch, from: others }, { type: 'set-election-timer' })
  return { state: next, effects }
}

function voteAnswered(state: RaftState, answer: Extract<RaftInput, { type: 'vote-answer' }>): StepResult {
  const { role } = state
  const counts = answer.granted && answer.epoch === state.epoch && state.voters.has(answer.voterId)
  if (role.kind !== 'candidate' || !counts) return { state, effects: [] }
  const granted = new Set(role.granted).add(answer.voterId)
  if (granted.size >= majority(state.voters)) return becomeLeader(state, granted, [{ type: 'cancel-election-timer' }])
  return { state: { ...state, role: { kind: 'candidate', granted } }, effects: [] }
}

function becomeLeader(state: RaftState, granted: ReadonlySet<number>, before: readonly RaftEffect[]): StepResult {
  const { epoch, localId } = state
  assert(granted.size >= majority(state.voters), 'elected without a majority')
  const replicatedTo = new Map([...state.voters.keys()].map((id) => [id, 0]))
  const role: Role = { kind: 'leader', epochStartOffset: state.logEndOffset, replicated: replicatedTo }
  const effects: RaftEffect[] = [
    ...before,
    { type: 'write-quorum-state', state: { epoch, leaderId: localId, voted: null } },
    { type: 'append-leader-change', epoch, granting: [...granted] },
    { type: 'leader-changed', leaderId: localId, epoch },
  ]
  return { state: { ...state, leaderId: localId, role }, effects }
}

/** The high watermark is what a majority has, once that reaches into our own epoch (Raft paper, 5.4.2). */
function replicated(state: RaftState, voterId: number, endOffset: number): StepResult {
  const { role } = state
  if (role.kind !== 'leader' || !state.voters.has(voterId)) return { state, effects: [] }
  assert(endOffset <= state.logEndOffset, `voter ${voterId} has more than the leader`)
  const known = new Map(role.replicated)
  known.set(voterId, Math.max(endOffset, known.get(voterId) ?? 0))
  const next: RaftState = { ...state, role: { ...role, replicated: known } }
  const ends = [...state.voters.keys()].map((id) => known.get(id) ?? 0).sort((a, b) => b - a)
  const candidate = ends[majority(state.voters) - 1]!
  if (candidate <= role.epochStartOffset || candidate <= state.highWatermark) return { state: next, effects: [] }
  return {
    state: { ...next, highWatermark: candidate },
    effects: [{ type: 'advance-high-watermark', offset: candidate }],
  }
}

function resign(state: RaftState): StepResult {
  const cancel: RaftEffect = { type: 'cancel-election-timer' }
  if (state.role.kind !== 'leader') return { state: { ...state, role: { kind: 'resigned' } }, effects: [cancel] }
  return {
    state: { ...state, leaderId: null, role: { kind: 'resigned' } },
    effects: [cancel, { type: 'leader-changed', leaderId: null, epoch: state.epoch }],
  }
}
