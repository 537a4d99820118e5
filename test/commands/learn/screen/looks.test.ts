import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Looks } from '../../../../src/commands/learn/screen/looks.ts'
import { ManualClock, settled as turn } from '../../../support/manual-clock.ts'

let clock: ManualClock
let count: number
let isNew: boolean
let looks: Looks
beforeEach(() => {
  clock = new ManualClock()
  count = 0
  isNew = false
})
afterEach(() => looks.stop())

async function begin(leastMs = 0): Promise<Looks> {
  const look = async (): Promise<boolean> => {
    count += 1
    return isNew
  }
  looks = new Looks({ clock, look, leastMs })
  looks.soon()
  await turn()
  return looks
}

/** How many looks there are in so many ms. */
async function during(ms: number): Promise<number> {
  const before = count
  await clock.advance(ms)
  return count - before
}

describe('when the cluster is looked at', () => {
  it('is twice a second at first, then once, then every other second', async () => {
    await begin()
    expect(await during(5_000)).toBeGreaterThanOrEqual(9)
    await clock.advance(10_000)
    expect(await during(10_000)).toBeLessThanOrEqual(10)
    await clock.advance(60_000)
    expect(await during(10_000)).toBeLessThanOrEqual(5)
  })

  it('is often as long as something is new, and at once when something was done', async () => {
    await begin()
    isNew = true
    await clock.advance(120_000)
    expect(await during(5_000)).toBeGreaterThanOrEqual(9)
    isNew = false
    await clock.advance(120_000)
    const before = count
    looks.soon()
    expect(count).toBe(before + 1)
    await turn()
    expect(await during(5_000)).toBeGreaterThanOrEqual(9)
  })

  it('is seldom on a cluster that is far away', async () => {
    await begin(1_500)
    expect(await during(6_000)).toBeLessThanOrEqual(4)
  })

  it('is never twice at once: what was asked for meanwhile follows', async () => {
    let end: () => void = () => undefined
    let at = 0
    looks = new Looks({
      clock,
      leastMs: 0,
      look: () =>
        new Promise((resolve) => {
          at += 1
          end = () => resolve(false)
        }),
    })
    looks.soon()
    looks.soon()
    looks.soon()
    expect(at).toBe(1)
    end()
    await turn()
    await clock.advance(1)
    expect(at).toBe(2)
  })

  it('ends', async () => {
    const looking = await begin()
    looking.stop()
    await clock.advance(60_000)
    expect(count).toBe(1)
    expect(clock.timerCount).toBe(0)
  })
})
