/** Views of a group, one after the other, as the lines that a person reads. */
import { describe, expect, it } from 'vitest'
import { noColours } from '../../../../src/cli/colour.ts'
import { stepLines } from '../../../../src/commands/consumer-groups/steps/step-text.ts'
import { GroupTracker } from '../../../../src/commands/consumer-groups/steps/tracker.ts'
import type { GroupView, MemberView } from '../../../../src/commands/consumer-groups/steps/view.ts'

const partitions = (numbers: readonly number[]) => numbers.map((partition) => ({ topic: 'orders', partition }))

function member(name: string, owned: readonly number[], more: Partial<MemberView> = {}): [string, MemberView] {
  const memberId = `${name}-0001`
  const assignment = partitions(owned)
  const names = { memberId, groupInstanceId: null, clientId: name, host: '/10.0.0.1' }
  return [memberId, { ...names, assignment, target: null, memberEpoch: null, ...more }]
}

function classic(state: string, members: [string, MemberView][], more: Partial<GroupView> = {}): GroupView {
  const epochs = { generation: null, groupEpoch: null, targetAssignmentEpoch: null }
  return { type: 'Classic', state, assignor: 'range', ...epochs, members: new Map(members), ...more }
}

/** Lines of each update; the first view is where watching begins. */
function told(views: readonly (readonly [atMs: number, view: GroupView, uncertaintyMs?: number])[]): string[] {
  const tracker = new GroupTracker()
  return views.flatMap(([at, view, uncertaintyMs]) =>
    tracker
      .update(view, at, uncertaintyMs)
      .flatMap((step) => stepLines(step, noColours).map((line) => `${at} ${line}`)),
  )
}

describe('a classic group with an eager assignor', () => {
  const before = classic('Stable', [member('a', [0, 1, 2, 3])], { generation: 4 })
  const preparing = classic('PreparingRebalance', [member('a', []), member('b', [])], { generation: 4 })
  const after = classic('Stable', [member('a', [0, 1]), member('b', [2, 3])], { generation: 5 })

  it('stands still from the beginning of the rebalance to its end', () => {
    const completing = { ...preparing, state: 'CompletingRebalance' }
    expect(
      told([
        [0, before],
        [1000, preparing],
        [3000, completing],
        [3100, after],
      ]),
    ).toEqual([
      '1000 Stable -> PreparingRebalance',
      '1000 + b~0001 joins from /10.0.0.1',
      '1000 all stand still: orders 0-3; members give everything up before it is shared anew',
      '3000 PreparingRebalance -> CompletingRebalance',
      '3100 CompletingRebalance -> Stable',
      '3100 generation 5: range, 2 members',
      '3100   orders 2-3: a~0001 -> b~0001, nobody read for 2.1s',
      '3100   orders 0-1: stay with a~0001, nobody read for 2.1s',
      '3100 goes on after 2.1s: 4 of 4 partitions stood still, 2.1s at most, 2 moved',
    ])
  })

  it('says how exactly the beginning is known, and what was over before anybody looked', () => {
    const lines = told([
      [0, before],
      [1000, preparing, 500],
      [3000, after],
    ])
    expect(lines).toContain('3000 PreparingRebalance -> Stable (what was between was over before it could be seen)')
    expect(lines.at(-1)).toBe(
      '3000 goes on after 2.0s (begun 500ms earlier at most): 4 of 4 partitions stood still, 2.0s at most, 2 moved',
    )
  })

  it('tells a generation that came between two looks, with its moves', () => {
    expect(
      told([
        [0, before],
        [1000, after],
      ]),
    ).toEqual([
      '1000 Stable -> Stable (what was between was over before it could be seen)',
      '1000 + b~0001 joins from /10.0.0.1',
      '1000 generation 5: range, 2 members',
      '1000   orders 2-3: a~0001 -> b~0001',
      '1000 goes on: 2 of 4 partitions stood still, 2 moved',
    ])
  })

  it('tells what a member read that is gone, and that nobody reads it', () => {
    const empty = classic('Empty', [], { generation: 5 })
    expect(
      told([
        [0, before],
        [1000, empty],
      ]),
    ).toEqual([
      '1000 Stable -> Empty (what was between was over before it could be seen)',
      '1000 - a~0001 is gone; it read orders 0-3',
      '1000 generation 5: range, 0 members',
      '1000 4 of 4 stand still: orders 0-3; a~0001 is gone',
      '1000 is empty: nothing stood still, 0 moved; nobody reads orders 0-3',
    ])
  })

  it('knows a static member that comes back under another id', () => {
    const [, old] = member('a', [0], { groupInstanceId: 'till-1' })
    const back = { ...old, memberId: 'a-0002' }
    const lines = told([
      [0, classic('Stable', [[old.memberId, old]], { generation: 1 })],
      [10, classic('Stable', [[back.memberId, back]], { generation: 1 })],
    ])
    expect(lines).toContain('10 + till-1 joins from /10.0.0.1, in the place of till-1')
    expect(lines.join()).not.toContain('is gone')
  })

  it('names other reasons where nobody came or went', () => {
    const same = classic('Stable', [member('a', [0, 1, 2, 3])], { generation: 5 })
    const lines = told([
      [0, before],
      [100, classic('PreparingRebalance', [member('a', [])], { generation: 4 })],
      [300, same],
    ])
    expect(lines.at(-1)).toMatch(/0 moved; nobody came or went: a subscription, a topic's partitions or/)
  })
})

describe('a classic group with a cooperative assignor', () => {
  const cooperative = { assignor: 'cooperative-sticky' }

  it('stops only what moves, and only between the two rebalances', () => {
    expect(
      told([
        [0, classic('Stable', [member('a', [0, 1, 2, 3])], { ...cooperative, generation: 1 })],
        [100, classic('PreparingRebalance', [member('a', []), member('b', [])], { ...cooperative, generation: 1 })],
        // While it prepares, nothing is told of the assignor.
        [200, classic('PreparingRebalance', [member('a', []), member('b', [])], { assignor: '', generation: 1 })],
        [300, classic('PreparingRebalance', [member('a', []), member('b', [])], { assignor: '', generation: 1 })],
        [900, classic('Stable', [member('a', [0, 1]), member('b', [])], { ...cooperative, generation: 2 })],
        [1000, classic('PreparingRebalance', [member('a', []), member('b', [])], { ...cooperative, generation: 2 })],
        [1300, classic('Stable', [member('a', [0, 1]), member('b', [2, 3])], { ...cooperative, generation: 3 })],
      ]).filter((line) => /still|->.*read|goes on/.test(line)),
    ).toEqual([
      '900 2 of 4 stand still: orders 2-3; a~0001 gave up what another shall have',
      '900 goes on after 800ms: nothing stood still, 0 moved; nobody reads orders 2-3',
      '1300   orders 2-3: a~0001 -> b~0001, nobody read for 400ms',
      "1300 goes on after 300ms: 2 of 4 partitions stood still, 400ms at most, 2 moved; nobody came or went: a subscription, a topic's partitions or a member that joined again was the reason",
    ])
  })

  it('stops at once what a member read that is gone', () => {
    const lines = told([
      [0, classic('Stable', [member('a', [0]), member('b', [1])], cooperative)],
      [100, classic('PreparingRebalance', [member('a', [])], cooperative)],
    ])
    expect(lines).toContain('100 1 of 2 stand still: orders 1; b~0001 is gone')
  })
})

describe('a group of the consumer protocol', () => {
  const of = (
    name: string,
    owned: readonly number[],
    target: readonly number[],
    memberEpoch: number,
  ): [string, MemberView] => member(name, owned, { target: partitions(target), memberEpoch })
  const consumer = (state: string, epoch: number, target: number, members: [string, MemberView][]): GroupView => {
    const epochs = { generation: null, groupEpoch: epoch, targetAssignmentEpoch: target }
    return { type: 'Consumer', state, assignor: 'uniform', ...epochs, members: new Map(members) }
  }

  it('goes on reading what does not move', () => {
    expect(
      told([
        [0, consumer('Stable', 2, 2, [of('a', [0, 1], [0, 1], 2)])],
        [100, consumer('Assigning', 3, 2, [of('a', [0, 1], [0, 1], 2), of('b', [], [], 0)])],
        [150, consumer('Reconciling', 3, 3, [of('a', [0, 1], [0], 2), of('b', [], [1], 3)])],
        [900, consumer('Reconciling', 3, 3, [of('a', [0], [0], 3), of('b', [], [1], 3)])],
        [1900, consumer('Stable', 3, 3, [of('a', [0], [0], 3), of('b', [1], [1], 3)])],
      ]),
    ).toEqual([
      '100 Stable -> Assigning',
      '100 + b~0001 joins from /10.0.0.1',
      '100 group epoch 3, target assignment epoch 2',
      '150 Assigning -> Reconciling',
      '150 group epoch 3, target assignment epoch 3',
      '150   target: orders 1: a~0001 -> b~0001',
      '150 b~0001 is at member epoch 3 (was 0)',
      '900 a~0001 is at member epoch 3 (was 2)',
      '900 1 of 2 stand still: orders 1; a~0001 gave up what another shall have',
      '1900 Reconciling -> Stable',
      '1900   orders 1: a~0001 -> b~0001, nobody read for 1.0s',
      '1900 goes on after 1.8s: 1 of 2 partitions stood still, 1.0s at most, 1 moved',
    ])
  })
})

describe('the summary', () => {
  it('adds up', () => {
    const tracker = new GroupTracker()
    tracker.update(classic('Stable', [member('a', [0, 1])], { generation: 1 }), 0)
    tracker.update(classic('PreparingRebalance', [member('a', []), member('b', [])], { generation: 1 }), 100)
    tracker.update(classic('Stable', [member('a', [0]), member('b', [1])], { generation: 2 }), 400)
    const summary = tracker.summary(2_000, 2_000)
    expect(summary).toEqual({
      step: 'summary',
      watchedMs: 2_000,
      rebalances: 1,
      joined: 1,
      left: 0,
      moved: 1,
      stoodStillMs: 600,
      state: 'Stable',
    })
    expect(stepLines(summary, noColours)).toEqual([
      'watched for 2.0s: 1 rebalance, 1 joined, 0 left, 1 move of partitions, 600ms of standing still summed over partitions; Stable now',
    ])
  })
})
