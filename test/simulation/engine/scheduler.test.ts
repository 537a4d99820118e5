import { afterEach, describe, expect, it } from 'vitest'
import { Dice } from './dice.ts'
import { guardRealWorld } from './real-world-guard.ts'
import { Scheduler } from './scheduler.ts'
import { SimClock } from './sim-clock.ts'
import { SimProcess } from './sim-process.ts'

const FOREVER = Number.POSITIVE_INFINITY
const run = (scheduler: Scheduler, untilMs = FOREVER): Promise<string> =>
  scheduler.runUntil(
    untilMs,
    () => false,
    () => undefined,
  )

describe('Scheduler', () => {
  it('runs events in order of time, then of planning', async () => {
    const scheduler = new Scheduler()
    const seen: string[] = []
    scheduler.after(5, null, () => seen.push(`c@${scheduler.now}`))
    scheduler.after(1, null, () => seen.push(`a@${scheduler.now}`))
    scheduler.after(5, null, () => seen.push(`d@${scheduler.now}`))
    scheduler.after(2, null, () => seen.push(`b@${scheduler.now}`))
    expect(await run(scheduler)).toBe('idle')
    expect(seen).toEqual(['a@1', 'b@2', 'c@5', 'd@5'])
  })

  it('keeps a heap in order over thousands of events, some of them planned by others', async () => {
    const scheduler = new Scheduler()
    const dice = new Dice(1)
    const times: number[] = []
    const plan = (depth: number): void => {
      scheduler.after(dice.int(50), null, () => {
        times.push(scheduler.now)
        if (depth > 0) for (let i = 0; i < 3; i++) plan(depth - 1)
      })
    }
    for (let i = 0; i < 30; i++) plan(4)
    await run(scheduler)
    expect(times.length).toBe(30 * (1 + 3 + 9 + 27 + 81))
    expect(times).toEqual([...times].sort((a, b) => a - b))
  })

  it('lets every promise of an event finish before the next event', async () => {
    const scheduler = new Scheduler()
    const seen: string[] = []
    const chain = async (name: string): Promise<void> => {
      for (let i = 0; i < 50; i++) await null
      seen.push(name)
    }
    scheduler.after(1, null, () => void chain('first'))
    scheduler.after(1, null, () => seen.push('second'))
    await run(scheduler)
    expect(seen).toEqual(['first', 'second'])
  })

  it('stops at a time and goes on from it', async () => {
    const scheduler = new Scheduler()
    const seen: number[] = []
    for (const at of [10, 20, 30]) scheduler.after(at, null, () => seen.push(at))
    expect(await run(scheduler, 20)).toBe('time')
    expect([seen, scheduler.now]).toEqual([[10, 20], 20])
    expect(await run(scheduler)).toBe('idle')
    expect(seen).toEqual([10, 20, 30])
  })

  it('rejects with what a step was failed with, after that step', async () => {
    const scheduler = new Scheduler()
    const seen: number[] = []
    scheduler.after(1, null, () => {
      scheduler.fail(new Error('broken'))
      seen.push(1)
    })
    scheduler.after(2, null, () => seen.push(2))
    await expect(run(scheduler)).rejects.toThrow('broken')
    expect(seen).toEqual([1])
  })

  it('holds the events of a paused process and drops those of a dead one', async () => {
    const scheduler = new Scheduler()
    const paused = new SimProcess('paused')
    const dead = new SimProcess('dead')
    const seen: string[] = []
    scheduler.after(1, paused, () => seen.push(`paused 1@${scheduler.now}`))
    const cancelled = scheduler.after(2, paused, () => seen.push('never'))
    scheduler.after(3, paused, () => seen.push(`paused 3@${scheduler.now}`))
    scheduler.after(1, dead, () => seen.push('never'))
    paused.pause()
    dead.kill()
    scheduler.after(10, null, () => {
      cancelled.cancel()
      scheduler.resume(paused)
    })
    await run(scheduler)
    expect(seen).toEqual(['paused 1@10', 'paused 3@10'])
  })

  it('knows whose code runs, also behind an await', async () => {
    const scheduler = new Scheduler()
    const process = new SimProcess('one')
    const seen: (string | undefined)[] = []
    scheduler.after(1, process, () => {
      void (async () => {
        await null
        seen.push(scheduler.current?.name)
      })()
    })
    await run(scheduler)
    expect(seen).toEqual(['one'])
    expect(scheduler.current).toBeNull()
  })
})

describe('SimClock', () => {
  it('fires a little late, never early, and can be cancelled', async () => {
    const scheduler = new Scheduler()
    const clock = new SimClock(scheduler, new SimProcess('p'), new Dice(3), 250)
    const fired: number[] = []
    clock.setTimer(100, () => fired.push(clock.monotonic()))
    clock.setTimer(50, () => fired.push(-1)).cancel()
    const wall = clock.now()
    await run(scheduler)
    expect(fired).toHaveLength(1)
    expect(fired[0]).toBeGreaterThanOrEqual(100)
    expect(fired[0]).toBeLessThan(101)
    expect(clock.now() - wall).toBeGreaterThanOrEqual(100)
    expect(Number.isInteger(clock.now())).toBe(true)
  })
})

describe('guardRealWorld', () => {
  let restore: (() => void) | null = null
  afterEach(() => restore?.())

  it('makes setImmediate an event of the process that asked', async () => {
    const scheduler = new Scheduler()
    const process = new SimProcess('p')
    restore = guardRealWorld(scheduler, () => undefined)
    const seen: string[] = []
    scheduler.after(1, process, () => {
      setImmediate(() => seen.push(`immediate of ${scheduler.current?.name}`))
      scheduler.after(0, null, () => seen.push('after'))
    })
    await run(scheduler)
    expect(seen).toEqual(['immediate of p', 'after'])
  })

  it('reports a real clock in the code under test, and leaves others alone', async () => {
    const leaks: string[] = []
    restore = guardRealWorld(new Scheduler(), (text) => leaks.push(text))
    const { systemClock } = await import('../../../src/base/clock.ts')
    const { systemRandom } = await import('../../../src/base/random.ts')
    Date.now()
    expect(leaks).toEqual([])
    systemClock.now()
    systemClock.setTimer(0, () => undefined).cancel()
    systemRandom.next()
    systemRandom.bytes(4)
    expect(leaks.map((text) => text.split(' ')[0])).toEqual([
      'Date.now',
      'setTimeout',
      'Math.random',
      'crypto.getRandomValues',
    ])
  })

  it('puts the real world back', () => {
    const before = [setImmediate, setTimeout, Date.now]
    guardRealWorld(new Scheduler(), () => undefined)()
    expect([setImmediate, setTimeout, Date.now]).toEqual(before)
  })
})

describe('Dice', () => {
  it('gives the same throws for the same seed and name, others for another', () => {
    const throws = (dice: Dice): number[] => Array.from({ length: 8 }, () => dice.int(1000))
    expect(throws(new Dice(7).child('disk'))).toEqual(throws(new Dice(7).child('disk')))
    expect(throws(new Dice(7).child('disk'))).not.toEqual(throws(new Dice(7).child('network')))
    expect(throws(new Dice(7).child('disk'))).not.toEqual(throws(new Dice(8).child('disk')))
  })

  it('does not let one part move another', () => {
    const alone = new Dice(7)
    const first = alone.child('a').next()
    const crowded = new Dice(7)
    crowded.child('b').next()
    crowded.next()
    expect(crowded.child('a').next()).toBe(first)
  })
})
