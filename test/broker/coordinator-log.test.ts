/** The log behind a coordinator, on the partitions of real brokers. */
import { describe, expect, it } from 'vitest'
import { PartitionCoordinatorLog } from '../../src/broker/coordinator-log.ts'
import { BrokerCluster } from '../support/broker-cluster.ts'
import { batchOf } from '../support/raw-client.ts'

const record = (key: string, value: string | null) => ({
  key: Buffer.from(key),
  value: value === null ? null : Buffer.from(value),
})

async function started() {
  const cluster = await BrokerCluster.start({ brokers: 2 })
  cluster.createTopic('t', [[1, 2]])
  await cluster.settle()
  const { replicaManager } = cluster.broker(1).broker.services
  return { cluster, log: new PartitionCoordinatorLog('t', replicaManager, cluster.clock) }
}

/** Reads while time goes on; `records` as `key=value`. */
async function read(cluster: BrokerCluster, log: PartitionCoordinatorLog): Promise<string[]> {
  const found: string[] = []
  let isDone = false
  const reading = (async () => {
    for await (const { key, value } of log.read(0)) found.push(`${key}=${value}`)
  })().finally(() => {
    isDone = true
  })
  reading.catch(() => undefined)
  for (let turn = 0; turn < 50 && !isDone; turn++) await cluster.clock.advance(20)
  await reading
  return found
}

describe('the log behind a coordinator', () => {
  it('is committed when all in sync have it', async () => {
    const { cluster, log } = await started()
    await using _ = cluster
    const { lastOffset, committed } = log.append(0, [record('a', '1'), record('b', null)])
    expect([lastOffset, cluster.partition(1).highWatermark]).toEqual([1, 0])
    await cluster.clock.advance(500)
    await committed
    expect(cluster.partition(1).highWatermark).toBe(2)
  })

  it('gives back what was written, tombstones too, and nothing that has no key', async () => {
    const { cluster, log } = await started()
    await using _ = cluster
    void log.append(0, [record('a', '1'), record('b', null)]).committed
    cluster.partition(1).append(batchOf(['without a key']), { origin: 'client', requestVersion: 9 }, false)
    void log.append(0, [record('a', '2')]).committed
    expect(await read(cluster, log)).toEqual(['a=1', 'b=null', 'a=2'])
  })

  it('is read to the end only when all of it is committed: the rest might be lost yet', async () => {
    const { cluster, log } = await started()
    await using _ = cluster
    cluster.network.disconnect(1, 2)
    log.append(0, [record('a', '1')]).committed.catch(() => undefined)
    let isDone = false
    const reading = read(cluster, log).then(() => {
      isDone = true
    })
    await cluster.clock.advance(500)
    expect(isDone).toBe(false)
    cluster.network.connect(1, 2)
    await cluster.clock.advance(2_000)
    await reading
  })

  it('fails when leadership goes: what waits, and who reads', async () => {
    const { cluster, log } = await started()
    await using _ = cluster
    cluster.network.disconnect(1, 2)
    const { committed } = log.append(0, [record('a', '1')])
    committed.catch(() => undefined)
    const reading = read(cluster, log)
    reading.catch(() => undefined)
    await cluster.settle()
    cluster.elect(2)
    await expect(committed).rejects.toMatchObject({ errorName: 'NOT_LEADER_OR_FOLLOWER' })
    await expect(reading).rejects.toMatchObject({ errorName: 'NOT_LEADER_OR_FOLLOWER' })
    expect(() => log.append(0, [record('a', '2')])).toThrow()
    expect(() => log.append(7, [record('a', '2')])).toThrow()
  })

  it('takes nothing while too few are in sync', async () => {
    const { cluster, log } = await started()
    await using _ = cluster
    cluster.setTopicConfig('t', 'min.insync.replicas', '2')
    cluster.fence(2)
    cluster.changePartition({ isr: [1] })
    expect(() => log.append(0, [record('a', '1')])).toThrow(/insufficient to satisfy the min.isr/)
    expect(cluster.partition(1).log.logEndOffset).toBe(0)
  })
})
