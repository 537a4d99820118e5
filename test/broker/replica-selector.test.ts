/** Consumers sent to a replica in their rack (KIP-392), by the leader of a real partition. */
import { describe, expect, it } from 'vitest'
import { MetadataCache } from '../../src/broker/metadata-cache.ts'
import { replicaSelector } from '../../src/broker/replica-selector.ts'
import { EMPTY_IMAGE } from '../../src/metadata/image.ts'
import { ErrorCode } from '../../src/protocol/error-codes.ts'
import { fetch } from '../../src/protocol/messages/01-fetch.ts'
import { BrokerCluster } from '../support/broker-cluster.ts'
import { batchOf } from '../support/raw-client.ts'

const RACK_AWARE = 'org.apache.kafka.common.replica.RackAwareReplicaSelector'
const append = { origin: 'client', requestVersion: 9 } as const
const CONSUMER = 99

/** Brokers 1 to 4 in racks a, b, b, c; `t` is led by 1, all have `['a', 'b']` of it. */
async function start(config: Readonly<Record<string, string>> = { 'replica.selector.class': RACK_AWARE }) {
  const cluster = await BrokerCluster.start({ brokers: 4, racks: { 1: 'a', 2: 'b', 3: 'b', 4: 'c' }, config })
  cluster.createTopic('t', [[1, 2, 3, 4]])
  cluster.partition(1).append(batchOf(['a', 'b']), append, true)
  await cluster.settle()
  await cluster.clock.advance(500)
  return cluster
}

interface Ask {
  readonly rackId?: string
  readonly fetchOffset?: number
  readonly version?: number
  readonly from?: number
}

async function consume(cluster: BrokerCluster, ask: Ask = {}) {
  const { rackId = 'b', fetchOffset = 0, version = 18, from = 1 } = ask
  const channel = cluster.network.peers(CONSUMER).open({ host: 'memory', port: from }, 'consumer')
  const { topicId } = cluster.partition(1)
  const partitions = [{ partition: 0, fetchOffset: BigInt(fetchOffset), partitionMaxBytes: 1_000 }]
  const topics = [version >= 13 ? { topicId, partitions } : { topic: 't', partitions }]
  const request = { maxWaitMs: 0, minBytes: 1, maxBytes: 1_000, rackId: version >= 11 ? rackId : '', topics }
  const response = await channel.send(fetch, version, request, 1_000)
  const { preferredReadReplica, records, errorCode, highWatermark } = response.responses[0]!.partitions[0]!
  return { preferredReadReplica, bytes: records?.length ?? 0, errorCode, highWatermark: Number(highWatermark) }
}

describe('replica.selector.class', () => {
  it('is nobody, or the rack aware one; anything else is refused at start', () => {
    const metadata = new MetadataCache(EMPTY_IMAGE)
    expect([replicaSelector(null, metadata), replicaSelector('', metadata)]).toEqual([null, null])
    expect(replicaSelector(RACK_AWARE, metadata)).not.toBeNull()
    expect(() => replicaSelector('com.example.Nearest', metadata)).toThrow('com.example.Nearest, which is not there')
  })

  it('left out, everybody reads from the leader', async () => {
    await using cluster = await start({})
    expect(await consume(cluster)).toMatchObject({ preferredReadReplica: -1, errorCode: 0 })
    expect((await consume(cluster)).bytes).toBeGreaterThan(0)
  })
})

describe('the leader', () => {
  it('sends a consumer to the replica in its rack, and gives it nothing itself', async () => {
    await using cluster = await start()
    expect(await consume(cluster, { rackId: 'c' })).toEqual({
      preferredReadReplica: 4,
      bytes: 0,
      errorCode: 0,
      highWatermark: 2,
    })
  })

  it.each([
    ['says of no rack', { rackId: '' }],
    ['is in its own rack', { rackId: 'a' }],
    ['is in a rack without a replica', { rackId: 'z' }],
    ['could not understand it', { version: 10 }],
  ])('keeps a consumer that %s', async (_which, ask) => {
    await using cluster = await start()
    const { preferredReadReplica, bytes } = await consume(cluster, ask)
    expect([preferredReadReplica, bytes > 0]).toEqual([-1, true])
  })

  it('prefers who has most, and of two alike the higher id', async () => {
    await using cluster = await start()
    expect((await consume(cluster)).preferredReadReplica).toBe(3)
    cluster.network.disconnect(1, 3)
    cluster.partition(1).append(batchOf(['c']), append, false)
    await cluster.settle()
    expect((await consume(cluster)).preferredReadReplica).toBe(2)
  })

  it('sends nobody to a replica that is not in the ISR, or whose broker is fenced', async () => {
    await using cluster = await start()
    cluster.network.disconnect(1, 3)
    cluster.partition(1).append(batchOf(['c']), append, false)
    await cluster.clock.advance(60_000)
    expect(cluster.registration().isr).toEqual([1, 2, 4])
    expect((await consume(cluster)).preferredReadReplica).toBe(2)
    cluster.fence(2)
    expect((await consume(cluster)).preferredReadReplica).toBe(-1)
  })

  it('sends nobody to a replica that does not hold what is asked for', async () => {
    await using cluster = await start()
    cluster.network.disconnect(1, 4)
    cluster.partition(1).append(batchOf(['c']), append, false)
    await cluster.settle()
    expect((await consume(cluster, { rackId: 'c', fetchOffset: 2 })).preferredReadReplica).toBe(4)
    expect((await consume(cluster, { rackId: 'c', fetchOffset: 3 })).preferredReadReplica).toBe(-1)
  })
})

describe('a follower', () => {
  it('serves consumers up to its high watermark, and sends them nowhere else', async () => {
    await using cluster = await start()
    const { preferredReadReplica, bytes, highWatermark } = await consume(cluster, { from: 2, rackId: 'c' })
    expect([preferredReadReplica, bytes > 0, highWatermark]).toEqual([-1, true, 2])
  })

  it('sends away consumers that are too old to know of it', async () => {
    await using cluster = await start()
    const { errorCode } = await consume(cluster, { from: 2, version: 10 })
    expect(errorCode).toBe(ErrorCode.NOT_LEADER_OR_FOLLOWER)
  })

  it('does not hold an offset that it has not got yet', async () => {
    await using cluster = await start()
    expect((await consume(cluster, { from: 2, fetchOffset: 7 })).errorCode).toBe(ErrorCode.OFFSET_OUT_OF_RANGE)
  })
})
