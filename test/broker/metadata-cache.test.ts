/** What handlers ask of the newest image. */
import { describe, expect, it } from 'vitest'
import { NodeEndpoints } from '../../src/broker/node-endpoints.ts'
import { BrokerCluster } from '../support/broker-cluster.ts'

async function started() {
  const cluster = await BrokerCluster.start({ brokers: 3, racks: { 2: 'b' } })
  cluster.createTopic('t', [[1, 2, 3]])
  await cluster.settle()
  return { cluster, cache: cluster.broker(1).broker.services.metadata }
}

describe('MetadataCache', () => {
  it('knows brokers by where they listen and in which rack, while they are in service', async () => {
    const { cluster, cache } = await started()
    await using _ = cluster
    expect(cache.aliveNode(2, 'PLAINTEXT')).toEqual({ id: 2, host: 'memory', port: 2, rack: 'b' })
    expect([cache.aliveNode(2, 'OTHER'), cache.aliveNode(9, 'PLAINTEXT')]).toEqual([null, null])
    cluster.fence(2)
    expect([cache.aliveNode(2, 'PLAINTEXT'), cache.aliveEpoch(2)]).toEqual([null, null])
    // Those who follow it still find it.
    expect(cache.endpoint(2, 'PLAINTEXT')?.port).toBe(2)
    expect(cache.aliveNodes('PLAINTEXT').map(({ id }) => id)).toEqual([1, 3])
    cluster.unfence(2)
    expect(cache.aliveEpoch(2)).toBe(cluster.broker(2).epoch)
  })

  it('knows who is leaving', async () => {
    const { cluster, cache } = await started()
    await using _ = cluster
    cluster.changeBroker(3, { inControlledShutdown: 1 })
    expect([2, 3, 9].map((id) => cache.isShuttingDown(id))).toEqual([false, true, false])
  })

  it('names the broker that is preferred as the controller, or any that is in service, or nobody', async () => {
    const { cluster, cache } = await started()
    await using _ = cluster
    expect(cache.anyAliveBrokerId(2)).toBe(2)
    cluster.fence(2)
    expect(cache.anyAliveBrokerId(2)).toBe(1)
    for (const id of [1, 3]) cluster.fence(id)
    expect(cache.anyAliveBrokerId(2)).toBe(-1)
  })

  it('knows which replicas are offline', async () => {
    const { cluster, cache } = await started()
    await using _ = cluster
    const partition = cache.partition('t', 0)!
    expect(cache.offlineReplicas(partition, 'PLAINTEXT')).toEqual([])
    cluster.fence(3)
    expect(cache.offlineReplicas(partition, 'PLAINTEXT')).toEqual([3])
    expect(cache.offlineReplicas(partition, 'OTHER')).toEqual([1, 2, 3])
  })

  it('finds topics and partitions by name and id, until they are gone', async () => {
    const { cluster, cache } = await started()
    await using _ = cluster
    const { id } = cache.topic('t')!
    expect([cache.topicById(id)?.name, cache.partition('t', 0)?.leader, cache.partition('t', 1)]).toEqual([
      't',
      1,
      undefined,
    ])
    cluster.deleteTopic('t')
    expect([cache.topic('t'), cache.topicById(id), cache.partition('t', 0)]).toEqual([undefined, undefined, undefined])
  })
})

describe('leaders named in an answer (KIP-951)', () => {
  it('are listed once, with where they listen, as far as they are in service', async () => {
    const { cluster, cache } = await started()
    await using _ = cluster
    cluster.createTopic('u', [
      [2, 1],
      [3, 1],
    ])
    cluster.fence(3)
    const endpoints = new NodeEndpoints(cache, 'PLAINTEXT')
    const leaders = [0, 0, 1, 7].map((index) => endpoints.leaderOf('u', index))
    const [led, gone] = [
      { leaderId: 2, leaderEpoch: 0 },
      { leaderId: -1, leaderEpoch: -1 },
    ]
    expect(leaders).toEqual([led, led, { leaderId: 3, leaderEpoch: 0 }, gone])
    expect(endpoints.list()).toEqual([{ nodeId: 2, host: 'memory', port: 2, rack: 'b' }])
  })
})
