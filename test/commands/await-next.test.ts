import { describe, expect, it } from 'vitest'
import { awaitNext } from '../../src/commands/await-next.ts'
import { ManualClock } from '../support/manual-clock.ts'

function waiting<T>(next: Promise<T>) {
  const controller = new AbortController()
  const clock = new ManualClock()
  return { controller, clock, result: awaitNext(next, 100, { clock, signal: controller.signal }) }
}

const never = () => new Promise<string>(() => undefined)

describe('awaitNext', () => {
  it('gives what comes in time, and leaves no timer', async () => {
    const { result, clock } = waiting(Promise.resolve('it'))
    expect(await result).toBe('it')
    expect(clock.timerCount).toBe(0)
  })

  it('says that nothing came', async () => {
    const { result, clock } = waiting(never())
    await clock.advance(100)
    expect(await result).toBe('idle')
  })

  it('says that it was interrupted, before or meanwhile', async () => {
    const { result, controller, clock } = waiting(never())
    controller.abort()
    expect(await result).toBe('interrupted')
    expect(await awaitNext(never(), 1, { clock, signal: controller.signal })).toBe('interrupted')
  })

  it('rejects as the next does', async () => {
    await expect(waiting(Promise.reject(new Error('no'))).result).rejects.toThrow('no')
  })
})
