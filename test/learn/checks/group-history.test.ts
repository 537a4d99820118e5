import { expect, it } from 'vitest'
import { groupMoments, settledMoment } from '../../../src/learn/checks/group-history.ts'
import type { Event, Happening } from '../../../src/learn/journal.ts'

const GROUP = 'kt-24-packing'
const at = (time: number, ...happenings: Happening[]): Event[] =>
  happenings.map((happening) => ({ ...happening, at: time, after: time - 1 }))
const joins = (clientId: string): Happening => ({ kind: 'member', group: GROUP, clientId, change: 'joined' })
const leaves = (clientId: string): Happening => ({ kind: 'member', group: GROUP, clientId, change: 'left' })
const gets = (clientId: string, from: string[], to: string[]): Happening => ({
  ...{ kind: 'assignment', group: GROUP, clientId },
  from,
  to,
})
const becomes = (from: string, to: string): Happening => ({ kind: 'group', group: GROUP, from, to })

/** Two members share two partitions; a third one comes, has nothing, and takes over from the first. */
const EVENTS = [
  ...at(1, becomes('absent', 'Stable'), joins('a'), gets('a', [], ['t-0']), joins('b'), gets('b', [], ['t-1'])),
  ...at(2, joins('c')),
  ...at(3, becomes('Stable', 'PreparingRebalance'), gets('a', ['t-0'], []), gets('b', ['t-1'], [])),
  ...at(4, becomes('PreparingRebalance', 'Stable'), gets('a', [], ['t-0']), gets('b', [], ['t-1'])),
  ...at(5, gets('a', ['t-0'], []), leaves('a'), gets('c', [], ['t-0'])),
]

it('puts a group together again, one moment for each look', () => {
  expect(groupMoments(EVENTS, GROUP).map(({ state, members }) => [state, members.map((each) => each.length)])).toEqual([
    ['Stable', [1, 1]],
    ['Stable', [1, 1, 0]],
    ['PreparingRebalance', [0, 0, 0]],
    ['Stable', [0, 1, 1]],
    ['Stable', [1, 1]],
  ])
})
it('finds who had nothing when the group was settled, also when that is over', () => {
  const moments = groupMoments(EVENTS, GROUP)
  expect(settledMoment(moments, { busy: 2, idle: 1 })?.at).toBe(4)
  expect(settledMoment(moments, { busy: 2, idle: 0 })?.at).toBe(5)
})
it('takes a rebalance for nobody’s rest', () => {
  expect(settledMoment(groupMoments(EVENTS, GROUP), { busy: 0, idle: 3 })).toBeUndefined()
})
it('leaves other groups out', () => {
  expect(groupMoments(EVENTS, 'kt-24-billing')).toEqual([])
})
