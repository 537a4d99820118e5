/** Golden transcripts of the election step: inputs as commands, effects and role changes as they come out. */
import { describe, expect, it } from 'vitest'
import { initialState, type RaftInput, type RaftState, step } from '../../src/raft/step.ts'
import { DIRECTORY_ID, voterSet } from './support.ts'

function describeState(state: RaftState): string {
  const { role } = state
  const more =
    role.kind === 'leader'
      ? ` from ${role.epochStartOffset}`
      : role.kind === 'candidate'
        ? ` with ${[...role.granted]}`
        : ''
  return `${role.kind}${more} epoch ${state.epoch} end ${state.logEndOffset} hw ${state.highWatermark}`
}

function run(
  voters: readonly number[],
  inputs: readonly RaftInput[],
  start: Partial<Parameters<typeof initialState>[0]> = {},
) {
  let state = initialState({
    localId: 1,
    localDirectoryId: DIRECTORY_ID,
    voters: voterSet(...voters),
    stored: null,
    logEpoch: 0,
    logEndOffset: 0,
    ...start,
  })
  const lines: string[] = [`  ${describeState(state)}`]
  for (const input of inputs) {
    const { type, ...rest } = input
    lines.push(`> ${type} ${JSON.stringify(rest)}`)
    const result = step(state, input)
    for (const { type: effect, ...details } of result.effects) lines.push(`  ! ${effect} ${JSON.stringify(details)}`)
    if (describeState(result.state) !== describeState(state)) lines.push(`  ${describeState(result.state)}`)
    state = result.state
  }
  return lines.join('\n')
}

describe('one voter', () => {
  it('elects itself, and commits once its own first record is on disk', () => {
    const transcript = run(
      [1],
      [
        { type: 'start' },
        { type: 'appended', endOffset: 3 },
        { type: 'flushed', endOffset: 3 },
        { type: 'appended', endOffset: 5 },
        { type: 'flushed', endOffset: 4 },
        { type: 'flushed', endOffset: 5 },
        { type: 'resign' },
      ],
    )
    expect(transcript).toMatchInlineSnapshot(`
      "  unattached epoch 0 end 0 hw -1
      > start {}
        ! write-quorum-state {"state":{"epoch":1,"leaderId":null,"voted":{"id":1,"directoryId":"AQAAAAAAAAAAAAAAAAAACQ"}}}
        ! write-quorum-state {"state":{"epoch":1,"leaderId":1,"voted":null}}
        ! append-leader-change {"epoch":1,"granting":[1]}
        ! leader-changed {"leaderId":1,"epoch":1}
        leader from 0 epoch 1 end 0 hw -1
      > appended {"endOffset":3}
        leader from 0 epoch 1 end 3 hw -1
      > flushed {"endOffset":3}
        ! advance-high-watermark {"offset":3}
        leader from 0 epoch 1 end 3 hw 3
      > appended {"endOffset":5}
        leader from 0 epoch 1 end 5 hw 3
      > flushed {"endOffset":4}
        ! advance-high-watermark {"offset":4}
        leader from 0 epoch 1 end 5 hw 4
      > flushed {"endOffset":5}
        ! advance-high-watermark {"offset":5}
        leader from 0 epoch 1 end 5 hw 5
      > resign {}
        ! cancel-election-timer {}
        ! leader-changed {"leaderId":null,"epoch":1}
        resigned epoch 1 end 5 hw 5"
    `)
  })

  it('starts every run in a new epoch, and commits nothing of the old ones before its own', () => {
    const stored = { epoch: 7, leaderId: 1, voted: null }
    const inputs: RaftInput[] = [
      { type: 'start' },
      { type: 'flushed', endOffset: 10 },
      { type: 'appended', endOffset: 11 },
      { type: 'flushed', endOffset: 11 },
    ]
    expect(run([1], inputs, { stored, logEpoch: 7, logEndOffset: 10 })).toMatchInlineSnapshot(`
      "  unattached epoch 7 end 10 hw -1
      > start {}
        ! write-quorum-state {"state":{"epoch":8,"leaderId":null,"voted":{"id":1,"directoryId":"AQAAAAAAAAAAAAAAAAAACQ"}}}
        ! write-quorum-state {"state":{"epoch":8,"leaderId":1,"voted":null}}
        ! append-leader-change {"epoch":8,"granting":[1]}
        ! leader-changed {"leaderId":1,"epoch":8}
        leader from 10 epoch 8 end 10 hw -1
      > flushed {"endOffset":10}
      > appended {"endOffset":11}
        leader from 10 epoch 8 end 11 hw -1
      > flushed {"endOffset":11}
        ! advance-high-watermark {"offset":11}
        leader from 10 epoch 8 end 11 hw 11"
    `)
  })

  it('believes its log when the quorum-state file was lost', () => {
    expect(run([1], [{ type: 'start' }], { logEpoch: 9, logEndOffset: 4 })).toContain('epoch 10')
  })
})

describe('three voters', () => {
  it('asks for votes, counts each once, and leads with a majority', () => {
    const transcript = run(
      [1, 2, 3],
      [
        { type: 'start' },
        { type: 'election-timeout' },
        { type: 'vote-answer', voterId: 2, epoch: 1, granted: false },
        { type: 'vote-answer', voterId: 9, epoch: 1, granted: true },
        { type: 'election-timeout' },
        { type: 'vote-answer', voterId: 2, epoch: 1, granted: true },
        { type: 'vote-answer', voterId: 2, epoch: 2, granted: true },
      ],
    )
    expect(transcript).toMatchInlineSnapshot(`
      "  unattached epoch 0 end 0 hw -1
      > start {}
        ! set-election-timer {}
      > election-timeout {}
        ! write-quorum-state {"state":{"epoch":1,"leaderId":null,"voted":{"id":1,"directoryId":"AQAAAAAAAAAAAAAAAAAACQ"}}}
        ! request-votes {"epoch":1,"from":[2,3]}
        ! set-election-timer {}
        candidate with 1 epoch 1 end 0 hw -1
      > vote-answer {"voterId":2,"epoch":1,"granted":false}
      > vote-answer {"voterId":9,"epoch":1,"granted":true}
      > election-timeout {}
        ! write-quorum-state {"state":{"epoch":2,"leaderId":null,"voted":{"id":1,"directoryId":"AQAAAAAAAAAAAAAAAAAACQ"}}}
        ! request-votes {"epoch":2,"from":[2,3]}
        ! set-election-timer {}
        candidate with 1 epoch 2 end 0 hw -1
      > vote-answer {"voterId":2,"epoch":1,"granted":true}
      > vote-answer {"voterId":2,"epoch":2,"granted":true}
        ! cancel-election-timer {}
        ! write-quorum-state {"state":{"epoch":2,"leaderId":1,"voted":null}}
        ! append-leader-change {"epoch":2,"granting":[1,2]}
        ! leader-changed {"leaderId":1,"epoch":2}
        leader from 0 epoch 2 end 0 hw -1"
    `)
  })

  it('commits what a majority has, once that reaches into its own epoch', () => {
    const transcript = run(
      [1, 2, 3],
      [
        { type: 'election-timeout' },
        { type: 'vote-answer', voterId: 3, epoch: 6, granted: true },
        { type: 'appended', endOffset: 21 },
        { type: 'flushed', endOffset: 21 },
        { type: 'replicated', voterId: 2, endOffset: 20 },
        { type: 'replicated', voterId: 9, endOffset: 21 },
        { type: 'replicated', voterId: 2, endOffset: 21 },
        { type: 'appended', endOffset: 25 },
        { type: 'replicated', voterId: 3, endOffset: 25 },
        { type: 'replicated', voterId: 2, endOffset: 23 },
        { type: 'replicated', voterId: 2, endOffset: 22 },
      ],
      { logEpoch: 5, logEndOffset: 20 },
    )
    expect(transcript).toMatchInlineSnapshot(`
      "  unattached epoch 5 end 20 hw -1
      > election-timeout {}
        ! write-quorum-state {"state":{"epoch":6,"leaderId":null,"voted":{"id":1,"directoryId":"AQAAAAAAAAAAAAAAAAAACQ"}}}
        ! request-votes {"epoch":6,"from":[2,3]}
        ! set-election-timer {}
        candidate with 1 epoch 6 end 20 hw -1
      > vote-answer {"voterId":3,"epoch":6,"granted":true}
        ! cancel-election-timer {}
        ! write-quorum-state {"state":{"epoch":6,"leaderId":1,"voted":null}}
        ! append-leader-change {"epoch":6,"granting":[1,3]}
        ! leader-changed {"leaderId":1,"epoch":6}
        leader from 20 epoch 6 end 20 hw -1
      > appended {"endOffset":21}
        leader from 20 epoch 6 end 21 hw -1
      > flushed {"endOffset":21}
      > replicated {"voterId":2,"endOffset":20}
      > replicated {"voterId":9,"endOffset":21}
      > replicated {"voterId":2,"endOffset":21}
        ! advance-high-watermark {"offset":21}
        leader from 20 epoch 6 end 21 hw 21
      > appended {"endOffset":25}
        leader from 20 epoch 6 end 25 hw 21
      > replicated {"voterId":3,"endOffset":25}
      > replicated {"voterId":2,"endOffset":23}
        ! advance-high-watermark {"offset":23}
        leader from 20 epoch 6 end 25 hw 23
      > replicated {"voterId":2,"endOffset":22}"
    `)
  })

  it('as an observer, starts no election', () => {
    expect(run([2, 3], [{ type: 'start' }, { type: 'election-timeout' }])).not.toContain('!')
  })
})

describe('what must never be', () => {
  it('a follower ahead of the leader', () => {
    expect(() => run([1], [{ type: 'start' }, { type: 'flushed', endOffset: 9 }])).toThrow('has more than the leader')
  })
  it('a log of a leader that shrinks', () => {
    expect(() => run([1], [{ type: 'start' }, { type: 'appended', endOffset: -1 }])).toThrow('never shrinks')
  })
  it('a second start', () => {
    expect(() => run([1], [{ type: 'start' }, { type: 'start' }])).toThrow('started twice')
  })
})
