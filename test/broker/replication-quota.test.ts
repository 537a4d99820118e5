import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isThrottled, ReplicationQuota, throttledReplicas } from '../../src/broker/replication-quota.ts'
import { ManualClock } from '../support/manual-clock.ts'

const SAMPLE_MS = 1_000
const SAMPLES = 11

function quotaOf(rate: number): { quota: ReplicationQuota; clock: ManualClock; set(rate: number): void } {
  const clock = new ManualClock()
  let now = rate
  const quota = new ReplicationQuota({ rate: () => now, samples: SAMPLES, sampleMs: SAMPLE_MS, clock })
  return { quota, clock, set: (value) => (now = value) }
}

describe('a replication quota', () => {
  it('is not exceeded before anything was copied, nor by what it allows', () => {
    const { quota } = quotaOf(1_000)
    expect(quota.isExceeded).toBe(false)
    quota.record(1_000)
    expect(quota.isExceeded).toBe(false)
    quota.record(1)
    expect(quota.isExceeded).toBe(true)
  })

  it('is free again when enough time has passed, and after eleven quiet samples knows nothing', async () => {
    const { quota, clock } = quotaOf(1_000)
    quota.record(5_000)
    await clock.advance(4_999)
    expect(quota.isExceeded).toBe(true)
    await clock.advance(1)
    expect(quota.isExceeded).toBe(false)
    quota.record(1_000_000)
    await clock.advance(SAMPLES * SAMPLE_MS)
    expect(quota.isExceeded).toBe(false)
  })

  it('follows the rate as it changes', () => {
    const { quota, set } = quotaOf(1_000)
    quota.record(5_000)
    set(Number.MAX_SAFE_INTEGER)
    expect(quota.isExceeded).toBe(false)
    set(0)
    expect(quota.isExceeded).toBe(true)
  })

  it('lets through the rate in the long run, whatever the pieces', async () => {
    const run = async (rate: number, piece: number): Promise<void> => {
      const { quota, clock } = quotaOf(rate)
      let copied = 0
      const seconds = 60
      for (let at = 0; at < seconds * 10; at++) {
        if (!quota.isExceeded) {
          quota.record(piece)
          copied += piece
        }
        await clock.advance(100)
      }
      // Every window of eleven samples lets one piece through, however large.
      const most = rate * (seconds + 1) * 1.1 + piece * Math.ceil(seconds / SAMPLES + 1)
      const least = Math.min(rate, piece * 10) * seconds * 0.8 - piece
      expect(copied).toBeLessThanOrEqual(most)
      expect(copied).toBeGreaterThanOrEqual(least)
    }
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1_000, max: 1_000_000 }), fc.integer({ min: 100, max: 1_000_000 }), run),
      { numRuns: 20 },
    )
  })
})

describe('the list of throttled replicas', () => {
  it.each([
    ['', []],
    ['*', [0, 1, 7]],
    ['0:1,1:2,7:1', [0, 7]],
    [' 1:1 , 0:2 ', [1]],
  ])('%j on broker 1', (value, expected) => {
    const replicas = throttledReplicas(value, 1)
    expect([0, 1, 7].filter((index) => isThrottled(replicas, index))).toEqual(expected)
  })
})
