import { describe, expect, it } from 'vitest'
import { awaitNext, untilStarted } from '../../src/commands/await-next.ts'
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

describe('untilStarted', () => {
  it('ends the waiting with what the start fails with', async () => {
    const orFailed = untilStarted(Promise.reject(new Error('cannot join')))
    await expect(orFailed(never())).rejects.toThrow('cannot join')
    await expect(orFailed(never())).rejects.toThrow('cannot join')
  })

  it('gives what comes while it starts', async () => {
    const orFailed = untilStarted(new Promise(() => undefined))
    expect(await orFailed(Promise.resolve('early'))).toBe('early')
  })

  it('costs nothing once it has started: the promise itself is given', async () => {
    const orFailed = untilStarted(Promise.resolve())
    await Promise.resolve()
    const next = Promise.resolve('it')
    expect(orFailed(next)).toBe(next)
  })
})
