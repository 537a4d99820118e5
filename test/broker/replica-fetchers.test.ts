import { afterEach, describe, expect, it } from 'vitest'
import { silentLogger } from '../../src/base/logger.ts'
import type { MetadataCache } from '../../src/broker/metadata-cache.ts'
import type { Partition } from '../../src/broker/partition.ts'
import { ReplicaFetchers } from '../../src/broker/replica-fetchers.ts'
import type { Endpoint } from '../../src/metadata/types.ts'
import { FollowedLog, followedPartition } from '../support/followed-partition.ts'
import { ManualClock, settled } from '../support/manual-clock.ts'
import { fetched, ScriptedLeader } from '../support/scripted-leader.ts'

const SETTINGS = {
  waitMaxMs: 500,
  minBytes: 1,
  maxBytes: 1_000,
  responseMaxBytes: 10_000,
  backoffMs: 1_000,
  socketTimeoutMs: 30_000,
}

class Harness {
  readonly leader = new ScriptedLeader()
  readonly endpoints = new Map([1, 2, 3].map((id) => [id, { name: 'INTERNAL', host: 'h', port: id } as Endpoint]))
  readonly fetchers: ReplicaFetchers

  constructor(fetchersPerLeader: number) {
    const endpoint = (id: number, name: string): Endpoint | null =>
      name === 'INTERNAL' ? (this.endpoints.get(id) ?? null) : null
    this.fetchers = new ReplicaFetchers({
      nodeId: 9,
      metadata: { endpoint } as MetadataCache,
      peers: this.leader,
      listenerName: 'INTERNAL',
      fetchersPerLeader,
      settings: SETTINGS,
      brokerEpoch: () => 42,
      clock: new ManualClock(0),
      logger: silentLogger,
    })
  }

  /** `client id to port: partitions` of the requests so far. */
  requests(): string[] {
    return this.leader.asked.map(
      ({ clientId, address, fetch }) => `${clientId} to ${address.port}: ${this.leader.named(fetch)}`,
    )
  }
}

function led(topic: string, index: number, leaderId: number): Partition {
  return Object.assign(followedPartition(topic, index, new FollowedLog(5)).partition, { leaderId })
}

let harness: Harness
const begin = (fetchersPerLeader = 1): Harness => {
  harness = new Harness(fetchersPerLeader)
  return harness
}
afterEach(() => harness.fetchers.close())

describe('fetchers', () => {
  it('are one per leader, with all that is followed of it', async () => {
    const { fetchers } = begin()
    for (const [index, leaderId] of [1, 2, 1].entries()) fetchers.follow(led('a', index, leaderId))
    await settled()
    expect([harness.requests(), fetchers.size]).toEqual([
      ['broker-9-fetcher-0 to 1: 0@5,2@5', 'broker-9-fetcher-0 to 2: 1@5'],
      3,
    ])
  })

  it('share what is followed of one leader, num.replica.fetchers of them, as in Kafka by topic and partition', async () => {
    const { fetchers } = begin(2)
    // 31 * "a".hashCode() is 3007.
    for (const index of [0, 1, 2, 3]) fetchers.follow(led('a', index, 1))
    await settled()
    expect(harness.requests()).toEqual(['broker-9-fetcher-1 to 1: 0@5,2@5', 'broker-9-fetcher-0 to 1: 1@5,3@5'])
  })

  it('leave a partition alone that has no leader, or one that listens nowhere', async () => {
    const { fetchers } = begin()
    harness.endpoints.delete(3)
    fetchers.follow(led('a', 0, -1))
    fetchers.follow(led('a', 1, 3))
    await settled()
    expect([fetchers.size, harness.requests()]).toEqual([0, []])
  })

  it('hand a partition over when another leads it', async () => {
    const { fetchers, leader } = begin()
    const partition = led('a', 0, 1)
    fetchers.follow(partition)
    await settled()
    fetchers.follow(Object.assign(partition, { leaderId: 2 }))
    await settled()
    expect([fetchers.size, harness.requests().at(-1)]).toEqual([1, 'broker-9-fetcher-0 to 2: 0@5'])
    await leader.asked[0]!.answer(fetched(7, { topicId: partition.topicId, index: 0, records: Buffer.alloc(1) }))
    expect(partition.log.logEndOffset).toBe(5)
  })

  it('end when they follow nothing any more, and a new one begins anew', async () => {
    const { fetchers, leader } = begin()
    const partition = led('a', 0, 1)
    fetchers.follow(partition)
    await settled()
    fetchers.closeIdle()
    expect(leader.closed).toEqual([])
    fetchers.stop(partition)
    fetchers.closeIdle()
    expect([leader.closed, fetchers.size]).toEqual([['h:1'], 0])
    fetchers.follow(partition)
    await settled()
    expect(harness.requests()).toHaveLength(2)
  })

  it('go where their leader listens now, and no other’s', async () => {
    const { fetchers, leader } = begin()
    const partition = led('a', 0, 1)
    fetchers.follow(partition)
    fetchers.follow(led('a', 1, 2))
    await settled()
    harness.endpoints.set(1, { name: 'INTERNAL', host: 'h', port: 11 } as Endpoint)
    fetchers.onBrokersChanged([1, 2])
    expect(leader.closed).toEqual(['h:1'])
    await leader.asked[0]!.answer(fetched(7))
    expect(harness.requests().at(-1)).toBe('broker-9-fetcher-0 to 11: ')
    // One that has gone for now is still looked for where it was.
    harness.endpoints.delete(1)
    fetchers.onBrokersChanged([1])
    expect(leader.closed).toEqual(['h:1'])
  })

  it('all end with the broker', async () => {
    const { fetchers, leader } = begin()
    fetchers.follow(led('a', 0, 1))
    fetchers.follow(led('a', 1, 2))
    await settled()
    fetchers.close()
    expect([leader.closed, fetchers.size]).toEqual([['h:1', 'h:2'], 0])
  })
})
