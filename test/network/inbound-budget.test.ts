import { describe, expect, it } from 'vitest'
import { type BudgetHolder, InboundBudget } from '../../src/network/inbound-budget.ts'
import { ManualClock } from '../support/manual-clock.ts'

class Holder implements BudgetHolder {
  paused = false
  silent = false
  givenUp: string | null = null

  pauseForBudget(): void {
    this.paused = true
  }
  resumeFromBudget(): void {
    this.paused = false
  }
  silentSince(): boolean {
    return this.silent
  }
  giveUp(reason: string): void {
    this.givenUp = reason
  }
}

function setup(limit = 100): { budget: InboundBudget; clock: ManualClock; holders: [Holder, Holder, Holder] } {
  const clock = new ManualClock()
  return { budget: new InboundBudget(limit, clock), clock, holders: [new Holder(), new Holder(), new Holder()] }
}

describe('InboundBudget', () => {
  it('stops nobody below the limit', () => {
    const { budget, holders } = setup()
    for (const holder of holders) budget.add(holder, 33)
    expect(holders.some(({ paused }) => paused)).toBe(false)
    expect(budget.used).toBe(99)
  })

  it('lets one connection finish its frame and stops the others', () => {
    const { budget, holders } = setup()
    const [first, second, third] = holders
    budget.add(first, 101)
    budget.add(second, 1)
    budget.add(third, 1)
    budget.add(first, 50)
    expect([first.paused, second.paused, third.paused]).toEqual([false, true, true])
  })

  it('lets everybody go on once there is room', () => {
    const { budget, holders } = setup()
    const [first, second] = holders
    budget.add(first, 150)
    budget.add(second, 10)
    budget.release(150)
    expect(second.paused).toBe(false)
    budget.add(second, 20)
    expect(second.paused).toBe(false)
  })

  it('passes the turn on when its holder closes', () => {
    const { budget, holders } = setup()
    const [first, second, third] = holders
    budget.add(first, 101)
    budget.add(second, 200)
    budget.add(third, 1)
    budget.release(101)
    budget.forget(first)
    expect([second.paused, third.paused]).toEqual([false, true])
  })

  it('gives up a holder that sends nothing while others wait', async () => {
    const { budget, clock, holders } = setup()
    const [first, second] = holders
    budget.add(first, 101)
    budget.add(second, 1)
    await clock.advance(10_000)
    expect(first.givenUp).toBeNull()
    first.silent = true
    await clock.advance(10_000)
    expect(first.givenUp).toMatch(/sent nothing/)
  })

  it('leaves no timer behind', () => {
    const { budget, clock, holders } = setup()
    budget.add(holders[0], 101)
    expect(clock.timerCount).toBe(1)
    budget.release(101)
    expect(clock.timerCount).toBe(0)
  })
})
