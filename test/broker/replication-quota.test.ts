import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isThrottled, ReplicationQuota, throttledReplicas } from '../../src/broker/replication-quota.ts'
import { CONFIG_RESOURCE } from '../../src/metadata/types.ts'
import type { MetadataRecord } from '../../src/protocol/metadata/index.ts'
import { BrokerCluster } from '../support/broker-cluster.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { batchOf } from '../support/raw-client.ts'

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

describe('a replica that is moved under a throttle', () => {
  const BATCHES = 40
  const BATCH_BYTES = 25_000
  const TOTAL = BATCHES * BATCH_BYTES
  const RATE = 100_000

  /** Broker 1 has a log of about a megabyte, of which broker 2 shall become a replica; seconds until it has all of it. */
  async function secondsToCopy(rates: Readonly<Record<string, number>>, throttled: Record<string, string>) {
    await using cluster = await BrokerCluster.start({
      brokers: 2,
      config: {
        'replica.fetch.max.bytes': String(BATCH_BYTES),
        'replica.fetch.response.max.bytes': String(BATCH_BYTES),
      },
    })
    for (const [name, rate] of Object.entries(rates)) {
      const body = { resourceType: CONFIG_RESOURCE.BROKER, resourceName: '', name, value: String(rate) }
      cluster.publish([{ record: 'configRecord', body } as unknown as MetadataRecord])
    }
    cluster.createTopic('t', [[1]])
    for (const [name, value] of Object.entries(throttled)) cluster.setTopicConfig('t', name, value)
    const value = 'x'.repeat(BATCH_BYTES - 100)
    for (let at = 0; at < BATCHES; at++) {
      cluster.partition(1).append(batchOf([value]), { origin: 'client', requestVersion: 9 }, false)
    }
    cluster.changePartition({ replicas: [1, 2], addingReplicas: [2] })
    for (let seconds = 0; seconds < 100; seconds++) {
      if (cluster.partition(2).log.logEndOffset === BATCHES) return seconds
      await cluster.clock.advance(1_000)
    }
    return Number.POSITIVE_INFINITY
  }

  const LEADER = 'leader.replication.throttled'
  const FOLLOWER = 'follower.replication.throttled'

  it('takes no time worth telling without one', async () => {
    expect(await secondsToCopy({}, {})).toBeLessThanOrEqual(2)
    expect(await secondsToCopy({ [`${LEADER}.rate`]: RATE, [`${FOLLOWER}.rate`]: RATE }, {})).toBeLessThanOrEqual(2)
    expect(await secondsToCopy({}, { [`${LEADER}.replicas`]: '*', [`${FOLLOWER}.replicas`]: '*' })).toBeLessThanOrEqual(
      2,
    )
  })

  it.each([
    ['the leader’s side', LEADER, '0:1'],
    ['the follower’s side', FOLLOWER, '0:2'],
  ])('takes the time the rate of %s gives it', async (_side, prefix, replicas) => {
    const seconds = await secondsToCopy({ [`${prefix}.rate`]: RATE }, { [`${prefix}.replicas`]: replicas })
    expect(seconds).toBeGreaterThanOrEqual(TOTAL / RATE - 2)
    expect(seconds).toBeLessThanOrEqual((TOTAL / RATE) * 2)
  })

  it('heeds only the replicas that are named', async () => {
    expect(
      await secondsToCopy({ [`${LEADER}.rate`]: RATE }, { [`${LEADER}.replicas`]: '0:2,1:1' }),
    ).toBeLessThanOrEqual(2)
  })

  it('is not held back once it is in sync', async () => {
    await using cluster = await BrokerCluster.start({ brokers: 2 })
    for (const side of [LEADER, FOLLOWER]) {
      const body = { resourceType: CONFIG_RESOURCE.BROKER, resourceName: '', name: `${side}.rate`, value: '1' }
      cluster.publish([{ record: 'configRecord', body } as unknown as MetadataRecord])
    }
    cluster.createTopic('t', [[1, 2]])
    for (const side of [LEADER, FOLLOWER]) cluster.setTopicConfig('t', `${side}.replicas`, '*')
    for (let at = 1; at <= 20; at++) {
      cluster.partition(1).append(batchOf(['x'.repeat(10_000)]), { origin: 'client', requestVersion: 9 }, false)
      await cluster.clock.advance(1_100)
      expect(cluster.partition(1).highWatermark).toBe(at)
    }
    expect(cluster.partition(1).isr).toEqual([1, 2])
  })
})
