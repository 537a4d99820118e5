import { describe, expect, it } from 'vitest'
import { noColours } from '../../../../src/cli/colour.ts'
import { type GoalState, goalLines } from '../../../../src/commands/learn/screen/goal-lines.ts'

const notYet = (name: string): GoalState => ({
  name,
  verdict: { state: 'not-yet', expected: '3 partitions', observed: '2 partitions', show: 'kt topics --list' },
  waitingMs: null,
})
const draw = (goals: readonly GoalState[], columns = 60, rows = 40): string[] =>
  goalLines(goals, { columns, rows }, noColours)

describe('goals', () => {
  it('that are open say what was expected, what is, and how to see it', () => {
    expect(draw([notYet('the topic has three partitions')])).toEqual([
      '[ ] the topic has three partitions',
      '    expected: 3 partitions',
      '    now: 2 partitions',
      '    see: kt topics --list',
    ])
  })

  it('that cannot be reached here, and those whose check failed, are told apart', () => {
    const cannot = {
      name: 'a',
      verdict: { state: 'cannot', why: 'one broker', next: 'kt cluster add' },
      waitingMs: null,
    } as const
    const failed = { name: 'b', verdict: { state: 'failed', why: 'no answer' }, waitingMs: null } as const
    expect(draw([cannot, failed])).toEqual([
      '[!] a',
      '    not on this cluster: one broker',
      '    next: kt cluster add',
      '[?] b',
      '    the check itself failed: no answer',
    ])
  })

  it('say more of the first open one alone when there is little room, and never more than there is', () => {
    const three = [notYet('one'), notYet('two'), notYet('three')]
    expect(draw(three, 60, 6)).toHaveLength(6)
    expect(draw(three, 60, 6).slice(4)).toEqual(['[ ] two', '[ ] three'])
    expect(draw(three, 60, 3)).toEqual(['[ ] one', '[ ] two', '[ ] three'])
    expect(draw(three, 60, 2)).toEqual(['[ ] one', '... check shows all of it'])
  })

  it('wrap their names', () => {
    expect(draw([{ name: 'each partition is kept on three brokers', verdict: null, waitingMs: null }], 30)).toEqual([
      '[.] each partition is kept on',
      '    three brokers',
    ])
  })
})
