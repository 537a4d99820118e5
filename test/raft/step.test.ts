/** Golden transcripts of the algorithm: inputs as commands, effects and role changes as they come out. */
import { describe, expect, it } from 'vitest'
import { DEFAULT_TIMEOUTS, type RaftInput, type RaftState } from '../../src/raft/state.ts'
import { type InitialState, initialState, step } from '../../src/raft/step.ts'
import type { VoterSet } from '../../src/raft/voters.ts'

const directory = (id: number): string => `${'A'.repeat(21)}${'ABCDEFGH'[id]}`
const key = (id: number) => ({ id, directoryId: directory(id) })
const voter = (id: number) => ({
  ...key(id),
  endpoints: [{ name: 'CONTROLLER', host: 'c', port: id }],
  kraftVersions: { min: 0, max: 1 },
})
const voters = (...ids: readonly number[]): VoterSet => new Map(ids.map((id) => [id, voter(id)]))

function node(ids: readonly number[], start: Partial<InitialState> = {}): RaftState {
  return initialState({
    local: { ...voter(1), canVote: true, autoJoin: false },
    timeouts: DEFAULT_TIMEOUTS,
    quorum: { voters: voters(...ids), votersOffset: 0, formerVoters: null, kraftVersion: 1 },
    stored: null,
    logEpoch: 0,
    logEndOffset: 0,
    ...start,
  })
}

function roleOf({ role, epoch, leaderId, voted, highWatermark }: RaftState): string {
  return `${role.kind}, epoch ${epoch}, leader ${leaderId}, voted ${voted?.id ?? null}, high watermark ${highWatermark}`
}

function run(start: RaftState, inputs: readonly RaftInput[]): { lines: string[]; state: RaftState } {
  let state = start
  const lines: string[] = []
  for (const input of inputs) {
    lines.push(`> ${input.type}`)
    const result = step(state, input)
    for (const effect of result.effects) lines.push(`  ${brief(effect)}`)
    if (roleOf(result.state) !== roleOf(state)) lines.push(`  = ${roleOf(result.state)}`)
    state = result.state
  }
  return { lines, state }
}

function brief(effect: object & { type: string }): string {
  const { type, ...rest } = effect as {
    type: string
    to?: { id: number }
    message?: { type: string }
    [k: string]: unknown
  }
  if (type === 'send') return `send ${rest.message!.type} to ${rest.to!.id}`
  if (type === 'set-timer' || type === 'cancel-timer') return `${type} ${rest.timer}`
  if (type === 'write-quorum-state') return 'write-quorum-state'
  if (type === 'reply') return `reply ${rest.error} ${rest.granted}`
  if (type === 'append-leader-change') return `append-leader-change, granted by ${rest.granting}`
  if (type === 'advance-high-watermark') return `advance-high-watermark to ${rest.offset}`
  if (type === 'leader-changed') return `leader-changed to ${rest.leaderId}`
  return type
}

const electionTimeout: RaftInput = { type: 'timeout', timer: 'election', nowMs: 0 }
const nobody = (epoch: number) => ({ epoch, leaderId: null, endpoints: [] })

function voteAnswer(from: number, epoch: number, preVote: boolean, granted = true): RaftInput {
  const to = { type: 'vote', epoch, preVote, lastEpoch: 0, lastOffset: 0 } as const
  return { type: 'peer-answer', from: key(from), to, error: 'NONE', hint: nobody(epoch), granted }
}

function logChanged(state: RaftState, endOffset: number, lastEpoch: number): RaftInput {
  return { type: 'log-changed', endOffset, lastEpoch, quorum: state.quorum }
}

function request(epoch: number, candidate: number, preVote: boolean, lastEpoch = 0, lastOffset = 0): RaftInput {
  return { type: 'vote-request', epoch, candidate: key(candidate), voter: key(1), lastEpoch, lastOffset, preVote }
}

const elected = (): RaftState => {
  const first = node([1, 2, 3])
  return run(first, [{ type: 'start' }, electionTimeout, voteAnswer(2, 0, true), voteAnswer(3, 1, false)]).state
}

describe('step', () => {
  it('elects the only voter at once, in an epoch of its own', () => {
    expect(run(node([1]), [{ type: 'start' }]).lines).toMatchSnapshot()
  })

  it('asks before it raises the epoch, and leads with a majority', () => {
    const inputs = [{ type: 'start' } as const, electionTimeout, voteAnswer(2, 0, true), voteAnswer(3, 1, false)]
    expect(run(node([1, 2, 3]), inputs).lines).toMatchSnapshot()
  })

  it('goes on waiting when a majority would not vote for it', () => {
    const inputs = [electionTimeout, voteAnswer(2, 0, true, false), voteAnswer(3, 0, true, false)]
    const { lines, state } = run(node([1, 2, 3]), [{ type: 'start' }, ...inputs])
    expect(state).toMatchObject({ epoch: 0, role: { kind: 'unattached' } })
    expect(lines).toMatchSnapshot()
  })

  it('commits what a majority has on disk, and only past the start of its own epoch', () => {
    const leader = elected()
    const fetched = (id: number, offset: number): RaftInput => ({
      type: 'replica-fetched',
      replica: key(id),
      offset,
      nowMs: 5,
    })
    const inputs = [
      logChanged(leader, 1, 1),
      { type: 'flushed', endOffset: 1 } as const,
      fetched(2, 0),
      fetched(2, 1),
      logChanged(leader, 3, 1),
      fetched(2, 3),
      { type: 'flushed', endOffset: 3 } as const,
      fetched(3, 3),
    ]
    const { lines, state } = run(leader, inputs)
    expect(state.highWatermark).toBe(3)
    expect(lines).toMatchSnapshot()
  })

  it('votes once in an epoch, for a log that is not behind its own, and writes it down first', () => {
    const voting = node([1, 2, 3], { logEpoch: 2, logEndOffset: 10 })
    const inputs = [
      request(3, 2, false, 1, 50),
      request(3, 2, false, 2, 9),
      request(3, 2, false, 2, 10),
      request(3, 3, false, 2, 20),
      request(3, 2, false, 2, 10),
      request(2, 2, false, 1, 10),
    ]
    const { lines, state } = run(voting, inputs)
    expect(state.voted?.id).toBe(2)
    expect(lines).toMatchSnapshot()
  })

  it('does not help to depose a leader it hears from (KIP-996)', () => {
    const hint = { epoch: 4, leaderId: 2, endpoints: voter(2).endpoints }
    const inputs: RaftInput[] = [
      { type: 'begin-epoch-request', voter: key(1), ...hint },
      request(4, 3, true, 0, 0),
      { type: 'fetch-answer', error: 'NONE', hint, content: { type: 'records' } },
      request(4, 3, true, 0, 0),
    ]
    expect(run(node([1, 2, 3]), inputs).lines).toMatchSnapshot()
  })

  it('stands at once when its leader names it as the first successor', () => {
    const hint = { epoch: 4, leaderId: 2, endpoints: voter(2).endpoints }
    const inputs: RaftInput[] = [
      { type: 'begin-epoch-request', voter: key(1), ...hint },
      { type: 'end-epoch-request', successors: [key(1), key(3)], ...hint },
    ]
    expect(run(node([1, 2, 3]), inputs).lines).toMatchSnapshot()
  })

  it('resigns when no majority fetches, and tells the others', () => {
    const { lines } = run(elected(), [{ type: 'timeout', timer: 'check-quorum', nowMs: 3_000 }])
    expect(lines).toMatchSnapshot()
  })

  it('does not lead its own epoch again after a restart', () => {
    const stored = { epoch: 7, leaderId: 1, voted: null }
    const { lines, state } = run(node([1, 2, 3], { stored, logEpoch: 7, logEndOffset: 4 }), [{ type: 'start' }])
    expect(state.role.kind).toBe('resigned')
    expect(lines).toMatchSnapshot()
  })

  it('follows without ever standing when it cannot vote', () => {
    const local = { ...voter(1), canVote: false, autoJoin: false }
    const { state } = run(node([2, 3], { local }), [{ type: 'start' }, electionTimeout])
    expect(state).toMatchObject({ epoch: 0, role: { kind: 'unattached' } })
  })
})
