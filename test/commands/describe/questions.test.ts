import { describe, expect, it } from 'vitest'
import { KtError } from '../../../src/base/errors.ts'
import { Questions } from '../../../src/commands/describe/questions.ts'
import { drive } from '../../support/drive-clock.ts'
import { ManualClock } from '../../support/manual-clock.ts'

describe('questions', () => {
  it('are answered, or not: a failure of the cluster is no answer', async () => {
    const questions = new Questions(new ManualClock(), false)
    expect(await questions.ask('a', async () => 7)).toBe(7)
    const refused = async (): Promise<never> => {
      throw new KtError('authorization', 'no')
    }
    expect(await questions.ask('a', refused)).toBeNull()
  })

  it('throw what is a defect', async () => {
    const questions = new Questions(new ManualClock(), false)
    const broken = async (): Promise<never> => {
      throw new TypeError('oops')
    }
    await expect(questions.ask('a', broken)).rejects.toThrow('oops')
  })

  it('are given up in time, and not asked twice while they are open', async () => {
    const clock = new ManualClock()
    const questions = new Questions(clock, true)
    let answer: (value: number) => void = () => undefined
    let asked = 0
    const slow = (): Promise<number> => {
      asked++
      return new Promise((resolve) => {
        answer = resolve
      })
    }
    const start = clock.monotonic()
    expect(await drive(clock, questions.ask('slow', slow))).toBeNull()
    expect(clock.monotonic() - start).toBeLessThan(1_000)
    expect(await questions.ask('slow', slow)).toBeNull()
    expect(await questions.ask('other', async () => 1)).toBe(1)
    expect(asked).toBe(1)
    answer(3)
    await new Promise((resolve) => setTimeout(resolve))
    const again = questions.ask('slow', slow)
    answer(4)
    expect(await again).toBe(4)
  })

  it('may fail after they were given up', async () => {
    const clock = new ManualClock()
    const questions = new Questions(clock, true)
    let fail: (error: Error) => void = () => undefined
    const slow = (): Promise<number> =>
      new Promise((_, reject) => {
        fail = reject
      })
    expect(await drive(clock, questions.ask('slow', slow))).toBeNull()
    fail(new KtError('timeout', 'late'))
    await new Promise((resolve) => setTimeout(resolve))
    expect(await questions.ask('slow', async () => 1)).toBe(1)
  })
})
