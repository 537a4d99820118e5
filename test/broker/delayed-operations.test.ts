import { describe, expect, it } from 'vitest'
import { type DelayedAction, DelayedOperations, Watchers } from '../../src/broker/delayed-operations.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { MemoryTimeline } from '../support/memory-timeline.ts'

class Action implements DelayedAction {
  satisfied = false
  checks = 0
  readonly completions: boolean[] = []

  isSatisfied(): boolean {
    this.checks++
    return this.satisfied
  }
  complete(expired: boolean): void {
    this.completions.push(expired)
  }
}

const never = new AbortController().signal

function setup(maxWaiting?: number) {
  const clock = new ManualClock()
  return { clock, delayed: new DelayedOperations(clock, maxWaiting), watchers: new Watchers(), action: new Action() }
}

describe('DelayedOperations', () => {
  it('ends at once what is satisfied already', () => {
    const { delayed, watchers, action, clock } = setup()
    action.satisfied = true
    delayed.start(action, [watchers], 1000, never)
    expect(action.completions).toEqual([false])
    expect([watchers.size, delayed.size, clock.timerCount]).toEqual([0, 0, 0])
  })

  it('ends when it is woken and satisfied, and only then', async () => {
    const { delayed, watchers, action, clock } = setup()
    delayed.start(action, [watchers], 1000, never)
    watchers.wake()
    expect(action.completions).toEqual([])
    action.satisfied = true
    expect(action.completions).toEqual([])
    watchers.wake()
    expect(action.completions).toEqual([false])
    await clock.advance(2000)
    watchers.wake()
    expect(action.completions).toEqual([false])
  })

  it('ends once when its time is over, and asks nothing in between', async () => {
    const { delayed, watchers, action, clock } = setup()
    delayed.start(action, [watchers], 1000, never)
    await clock.advance(999)
    expect(action.checks).toBe(1)
    await clock.advance(1)
    expect(action.completions).toEqual([true])
    expect([watchers.size, delayed.size, clock.timerCount]).toEqual([0, 0, 0])
  })

  it('watches several things and leaves them all', () => {
    const { delayed, watchers, action } = setup()
    const other = new Watchers()
    delayed.start(action, [watchers, other], 1000, never)
    expect([watchers.size, other.size]).toEqual([1, 1])
    action.satisfied = true
    other.wake()
    expect([watchers.size, other.size]).toEqual([0, 0])
  })

  it('gives up when the client has gone', () => {
    const { delayed, watchers, action, clock } = setup()
    const gone = new AbortController()
    delayed.start(action, [watchers], 1000, gone.signal)
    gone.abort()
    expect(action.completions).toEqual([true])
    expect([watchers.size, clock.timerCount]).toEqual([0, 0])
    const late = new Action()
    delayed.start(late, [watchers], 1000, gone.signal)
    expect(late.completions).toEqual([true])
  })

  it('does not wait without time or without room', () => {
    const { delayed, watchers, action } = setup(1)
    delayed.start(action, [watchers], 0, never)
    expect(action.completions).toEqual([true])
    delayed.start(new Action(), [watchers], 1000, never)
    const third = new Action()
    delayed.start(third, [watchers], 1000, never)
    expect(third.completions).toEqual([true])
    expect(delayed.size).toBe(1)
  })

  it('ends everybody when the node stops', () => {
    const { delayed, watchers, action } = setup()
    delayed.start(action, [watchers], 1000, never)
    delayed.close()
    expect(action.completions).toEqual([true])
    expect(delayed.size).toBe(0)
  })

  it('stands an action that wakes its own watchers', () => {
    const { delayed, watchers } = setup()
    const order: string[] = []
    const actions = ['a', 'b'].map((name) => {
      const action = new Action()
      action.complete = () => {
        order.push(name)
        watchers.wake()
      }
      delayed.start(action, [watchers], 1000, never)
      return action
    })
    for (const action of actions) action.satisfied = true
    watchers.wake()
    expect(order).toEqual(['a', 'b'])
  })
})

describe('the timeline of waiting', () => {
  class Described extends Action {
    describe = () => ({ operation: 'Produce', partitions: ['t-0'], reason: 'high watermark of t-0 at 5' })
  }

  it('tells who waits for what, and how that ends', async () => {
    const timeline = new MemoryTimeline()
    const clock = new ManualClock()
    const delayed = new DelayedOperations(clock, undefined, timeline)
    const watchers = new Watchers()
    const [first, second] = [new Described(), new Described()]
    delayed.start(first, [watchers], 1000, never)
    delayed.start(second, [watchers], 2000, never)
    delayed.start(new Action(), [watchers], 2000, never)
    const about = { operation: 'Produce', partitions: ['t-0'] }
    const waiting = { type: 'waiting', ...about, reason: 'high watermark of t-0 at 5' }
    expect(timeline.take()).toEqual([
      { ...waiting, waitingId: 1, timeoutMs: 1000 },
      { ...waiting, waitingId: 2, timeoutMs: 2000 },
    ])
    await clock.advance(300)
    first.satisfied = true
    watchers.wake()
    await clock.advance(3000)
    expect(timeline.take()).toEqual([
      { type: 'completed', ...about, waitingId: 1, elapsedMs: 300, isExpired: false },
      { type: 'completed', ...about, waitingId: 2, elapsedMs: 2000, isExpired: true },
    ])
  })

  it('says nothing of what ends at once', () => {
    const timeline = new MemoryTimeline()
    const delayed = new DelayedOperations(new ManualClock(), undefined, timeline)
    const action = new Described()
    action.satisfied = true
    delayed.start(action, [new Watchers()], 1000, never)
    expect(timeline.take()).toEqual([])
  })
})
