import { describe, expect, it } from 'vitest'
import { CoordinatorTimer } from '../../src/coordinator/timer.ts'
import { ManualClock } from '../support/manual-clock.ts'

function start() {
  const clock = new ManualClock()
  const fired: string[] = []
  const timer = new CoordinatorTimer(clock, (key, operation) => {
    fired.push(key)
    operation()
  })
  const note = (text: string) => () => {
    fired.push(text)
    return { records: [], response: undefined }
  }
  return { clock, fired, timer, note }
}

describe('CoordinatorTimer', () => {
  it('runs an operation when its time has come, once', async () => {
    const { clock, fired, timer, note } = start()
    timer.schedule('a', 100, note('ran'))
    await clock.advance(99)
    expect(fired).toEqual([])
    expect(timer.isScheduled('a')).toBe(true)
    await clock.advance(1)
    await clock.advance(1000)
    expect(fired).toEqual(['a', 'ran'])
    expect(timer.isScheduled('a')).toBe(false)
  })

  it('replaces what was scheduled under the same key', async () => {
    const { clock, fired, timer, note } = start()
    timer.schedule('a', 100, note('first'))
    await clock.advance(50)
    timer.schedule('a', 100, note('second'))
    await clock.advance(60)
    expect(fired).toEqual([])
    await clock.advance(40)
    expect(fired).toEqual(['a', 'second'])
    expect(clock.timerCount).toBe(0)
  })

  it('lets an operation schedule its own key again', async () => {
    const { clock, fired, timer } = start()
    const again = () => {
      if (fired.length < 3) timer.schedule('tick', 10, again)
      return { records: [], response: undefined }
    }
    timer.schedule('tick', 10, again)
    await clock.advance(100)
    expect(fired).toEqual(['tick', 'tick', 'tick'])
    expect(timer.size).toBe(0)
  })

  it('cancels one, and all', async () => {
    const { clock, fired, timer, note } = start()
    timer.schedule('a', 10, note('a'))
    timer.schedule('b', 10, note('b'))
    timer.schedule('c', 10, note('c'))
    timer.cancel('a')
    timer.cancel('never there')
    expect(timer.size).toBe(2)
    timer.cancelAll()
    await clock.advance(100)
    expect(fired).toEqual([])
    expect(clock.timerCount).toBe(0)
  })
})
