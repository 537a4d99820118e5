import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../src/base/logger.ts'
import { PeriodicTasks } from '../../src/controller/periodic-tasks.ts'
import { ManualClock } from '../support/manual-clock.ts'

/** A task every second that answers what the list says, then false; an Error is thrown. */
function make(answers: (boolean | Error)[] = []) {
  const clock = new ManualClock(0)
  const ranAtMs: number[] = []
  const run = (): boolean => {
    ranAtMs.push(clock.monotonic())
    const answer = answers.shift() ?? false
    if (answer instanceof Error) throw answer
    return answer
  }
  return { clock, ranAtMs, tasks: new PeriodicTasks([{ name: 'task', intervalMs: 1_000, run }], clock, silentLogger) }
}

describe('a periodic task', () => {
  it('runs after each interval, not before the first', async () => {
    const { clock, ranAtMs, tasks } = make()
    tasks.start()
    await clock.advance(3_500)
    expect(ranAtMs).toEqual([1_000, 2_000, 3_000])
  })

  it('runs again soon while it has more to do', async () => {
    const { clock, ranAtMs, tasks } = make([true, true])
    tasks.start()
    await clock.advance(2_500)
    expect(ranAtMs).toEqual([1_000, 1_010, 1_020, 2_020])
  })

  it('waits long after a failure', async () => {
    const { clock, ranAtMs, tasks } = make([new Error('a defect')])
    tasks.start()
    await clock.advance(302_500)
    expect(ranAtMs).toEqual([1_000, 301_000, 302_000])
  })

  it('rests between stop and start', async () => {
    const { clock, ranAtMs, tasks } = make()
    tasks.start()
    await clock.advance(1_500)
    tasks.stop()
    await clock.advance(5_000)
    expect([ranAtMs.length, clock.timerCount]).toEqual([1, 0])
    tasks.start()
    tasks.start()
    await clock.advance(1_000)
    expect(ranAtMs).toEqual([1_000, 7_500])
  })

  it('may stop itself', async () => {
    const clock = new ManualClock(0)
    const tasks: PeriodicTasks = new PeriodicTasks(
      [
        {
          name: 'last',
          intervalMs: 5,
          run: () => {
            tasks.stop()
            return false
          },
        },
      ],
      clock,
      silentLogger,
    )
    tasks.start()
    await clock.advance(50)
    expect(clock.timerCount).toBe(0)
  })
})
