/** What the metadata gives a broker and takes from it, on real logs. */
import * as fs from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { BrokerCluster } from '../support/broker-cluster.ts'
import { batchOf } from '../support/raw-client.ts'

const append = { origin: 'client', requestVersion: 9 } as const

const logs = (cluster: BrokerCluster, id: number): string[] =>
  fs
    .readdirSync(cluster.broker(id).directory)
    .filter((name) => /^(t|u)-\d/.test(name))
    .sort()

const hosted = (cluster: BrokerCluster, id: number): string[] =>
  [...cluster.broker(id).broker.services.replicaManager.partitions()].map(({ name }) => name).sort()

async function withRecords(...assignments: readonly (readonly number[])[]): Promise<BrokerCluster> {
  const cluster = await BrokerCluster.start()
  cluster.createTopic('t', assignments)
  await cluster.settle()
  cluster.partition(1).append(batchOf(['a', 'b']), append, false)
  await cluster.clock.advance(1_000)
  return cluster
}

describe('the replicas of a broker', () => {
  it('are those it is named for, each with its role', async () => {
    await using cluster = await withRecords([1, 2], [2, 3], [3, 1])
    expect([1, 2, 3].map((id) => hosted(cluster, id))).toEqual([
      ['t-0', 't-2'],
      ['t-0', 't-1'],
      ['t-1', 't-2'],
    ])
    expect([1, 2].map((id) => cluster.partition(id).isLeader)).toEqual([true, false])
    expect(logs(cluster, 3)).toEqual(['t-1', 't-2'])
  })

  it('come with a reassignment, with all there is, and go with it', async () => {
    await using cluster = await withRecords([1, 2])
    cluster.changePartition({ replicas: [1, 2, 3], addingReplicas: [3] })
    await cluster.clock.advance(2_000)
    expect([cluster.partition(3).log.logEndOffset, [...cluster.registration().isr].sort()]).toEqual([2, [1, 2, 3]])
    const gone = cluster.partition(2)
    cluster.changePartition({ replicas: [1, 3], isr: [1, 3], addingReplicas: [] })
    expect([hosted(cluster, 2), gone.isDeleted]).toEqual([[], true])
    expect(logs(cluster, 2)).toEqual([expect.stringMatching(/^t-0\..+-delete$/)])
    // What was fetched on the way to there touches nothing any more.
    cluster.partition(1).append(batchOf(['c']), append, true)
    await cluster.clock.advance(1_000)
    expect([cluster.partition(3).log.logEndOffset, cluster.partition(1).highWatermark]).toEqual([3, 3])
  })

  it('go with their topic, and a new topic of that name begins empty', async () => {
    await using cluster = await withRecords([1, 2, 3])
    cluster.deleteTopic('t')
    await cluster.settle()
    expect([1, 2, 3].map((id) => hosted(cluster, id))).toEqual([[], [], []])
    cluster.createTopic('t', [[2, 1, 3]])
    cluster.partition(2).append(batchOf(['new']), append, true)
    await cluster.clock.advance(1_000)
    expect([1, 2, 3].map((id) => cluster.partition(id).log.logEndOffset)).toEqual([1, 1, 1])
  })

  it('stop to follow when they lead, and follow when they no longer do', async () => {
    await using cluster = await withRecords([1, 2, 3])
    const asks = vi.spyOn(cluster.network, 'processorFor')
    cluster.elect(2)
    cluster.partition(2).append(batchOf(['c']), append, false)
    await cluster.clock.advance(1_000)
    expect([1, 2, 3].map((id) => cluster.partition(id).log.logEndOffset)).toEqual([3, 3, 3])
    expect([cluster.partition(1).isLeader, cluster.partition(2).isLeader]).toEqual([false, true])
    expect(cluster.partition(2).highWatermark).toBe(3)
    // Nobody asks itself.
    expect(asks.mock.calls.filter(([from, to]) => from === to)).toEqual([])
  })

  it('wait without a leader, and go on with the next', async () => {
    await using cluster = await withRecords([1, 2, 3])
    cluster.elect(-1)
    await cluster.clock.advance(2_000)
    expect([1, 2, 3].map((id) => cluster.partition(id).isLeader)).toEqual([false, false, false])
    cluster.elect(3)
    cluster.partition(3).append(batchOf(['c']), append, true)
    await cluster.clock.advance(1_000)
    expect([1, 2, 3].map((id) => cluster.partition(id).log.logEndOffset)).toEqual([3, 3, 3])
  })

  it('follow nobody any more who has left the ISR for its broker’s shutdown', async () => {
    await using cluster = await withRecords([1, 2, 3])
    cluster.broker(3).broker.beginControlledShutdown()
    cluster.changeBroker(3, { inControlledShutdown: 1 })
    cluster.changePartition({ isr: [1, 2] })
    await cluster.settle()
    cluster.partition(1).append(batchOf(['c']), append, true)
    await cluster.clock.advance(2_000)
    expect([2, 3].map((id) => cluster.partition(id).log.logEndOffset)).toEqual([3, 2])
    expect(cluster.partition(1).highWatermark).toBe(3)
  })
})

describe('what a broker finds when it starts', () => {
  it('is taken up where it was left', async () => {
    await using cluster = await withRecords([1, 2, 3])
    cluster.stopBroker(3)
    await cluster.startBroker(3)
    expect(cluster.partition(3).log.logEndOffset).toBe(2)
    await cluster.clock.advance(1_000)
    expect(cluster.partition(3).highWatermark).toBe(2)
  })

  it('is moved aside where the topic was deleted or the replica went elsewhere meanwhile', async () => {
    await using cluster = await withRecords([1, 2, 3])
    cluster.createTopic('u', [[3, 1]])
    await cluster.settle()
    cluster.stopBroker(3)
    cluster.deleteTopic('t')
    cluster.changePartition({ replicas: [1], isr: [1], leader: 1 }, 'u')
    // The same name is another topic.
    cluster.createTopic('t', [[1, 3]])
    await cluster.startBroker(3)
    expect(hosted(cluster, 3)).toEqual(['t-0'])
    const [fresh, ...strays] = logs(cluster, 3)
    expect([fresh, strays.length]).toEqual(['t-0', 2])
    for (const stray of strays) expect(stray).toMatch(/^[tu]-0\..+-(stray|delete)$/)
    expect(cluster.partition(3).log.logEndOffset).toBe(0)
  })
})
