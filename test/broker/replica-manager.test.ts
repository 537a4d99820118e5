/** What a full disk does to the node, and what waits for other replicas. */
import { describe, expect, it } from 'vitest'
import { ErrorCode, errorName, type KafkaError } from '../../src/protocol/error-codes.ts'
import { decodeRecords } from '../../src/protocol/records/record.ts'
import { BrokerCluster } from '../support/broker-cluster.ts'
import { FullDisk } from '../support/full-disk.ts'
import { batchOf, RawClient } from '../support/raw-client.ts'
import { TestBroker } from '../support/test-broker.ts'

describe('a disk that refuses writes', () => {
  it('fails the partition with the storage error and keeps earlier data readable', async () => {
    const disk = new FullDisk()
    await using test = await TestBroker.start({ files: disk.files })
    using client = await RawClient.connect(test.port)
    test.createTopic('full')
    test.createTopic('fine')
    expect((await client.produce('full', batchOf(['before']))).errorCode).toBe(0)
    disk.full = 'full-0'
    expect((await client.produce('full', batchOf(['lost']))).errorCode).toBe(ErrorCode.KAFKA_STORAGE_ERROR)
    expect((await client.produce('fine', batchOf(['elsewhere']))).errorCode).toBe(0)
    const { records, highWatermark, errorCode } = await client.fetch('full', 0)
    expect({ highWatermark, errorCode }).toEqual({ highWatermark: 1n, errorCode: 0 })
    expect(decodeRecords(records!)[0]!.value!.toString()).toBe('before')
    // Until a restart nobody trusts that disk again, even when there is room now.
    disk.full = null
    expect((await client.produce('full', batchOf(['still not']))).errorCode).toBe(ErrorCode.KAFKA_STORAGE_ERROR)
  })

  it('serves the partition again after a restart, nothing torn', async () => {
    const disk = new FullDisk()
    const first = await TestBroker.start({ files: disk.files })
    const topicId = first.createTopic('again')
    {
      using client = await RawClient.connect(first.port)
      await client.produce('again', batchOf(['before']))
      disk.full = 'again-0'
      await client.produce('again', batchOf(['refused']))
      disk.full = null
    }
    await first.close(false)
    await using second = await TestBroker.start({ directory: first.directory, topics: [{ name: 'again', topicId }] })
    using client = await RawClient.connect(second.port)
    expect(await client.produce('again', batchOf(['after']))).toMatchObject({ errorCode: 0, baseOffset: 1n })
  })

  it('keeps a partition that cannot be opened offline, and the node up', async () => {
    const disk = new FullDisk()
    await using test = await TestBroker.start({ files: disk.files })
    using client = await RawClient.connect(test.port)
    disk.full = 'nowhere-0'
    test.createTopic('nowhere')
    test.createTopic('somewhere')
    expect((await client.produce('nowhere', batchOf(['x']))).errorCode).toBe(ErrorCode.KAFKA_STORAGE_ERROR)
    expect((await client.fetch('nowhere', 0)).errorCode).toBe(ErrorCode.KAFKA_STORAGE_ERROR)
    expect((await client.produce('somewhere', batchOf(['x']))).errorCode).toBe(0)
    disk.full = null
    test.deleteTopic('nowhere')
    expect((await client.produce('nowhere', batchOf(['x']))).errorCode).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
  })
})

describe('ReplicaManager', () => {
  it('knows partitions by name and by id, and where the others are', async () => {
    await using test = await TestBroker.start()
    const topicId = test.createTopic('t', 2)
    const { replicaManager } = test.broker.services
    expect(replicaManager.partitionOrThrow('t', 1)).toBe(replicaManager.partitionByIdOrThrow(topicId, 1))
    const codeOf = (look: () => unknown): number => {
      try {
        look()
        return 0
      } catch (error) {
        return (error as KafkaError).code
      }
    }
    expect(codeOf(() => replicaManager.partitionOrThrow('t', 2))).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
    expect(codeOf(() => replicaManager.partitionByIdOrThrow('QQQQQQQQQQQQQQQQQQQQQQ', 0))).toBe(
      ErrorCode.UNKNOWN_TOPIC_ID,
    )
    test.publishForeignTopic('elsewhere')
    expect(codeOf(() => replicaManager.partitionOrThrow('elsewhere', 0))).toBe(ErrorCode.NOT_LEADER_OR_FOLLOWER)
  })
})

describe('what waits for others', () => {
  const append = { origin: 'client', requestVersion: 9 } as const
  const LAG_MS = 30_000

  /** Broker 1 leads `t`, of which the others have nothing that comes now. */
  async function alone(configs: Readonly<Record<string, string>> = {}): Promise<BrokerCluster> {
    const cluster = await BrokerCluster.start()
    cluster.createTopic('t', [[1, 2, 3]], configs)
    await cluster.settle()
    for (const other of [2, 3]) cluster.network.disconnect(1, other)
    return cluster
  }

  function replicated(cluster: BrokerCluster, timeoutMs: number, closed = new AbortController().signal) {
    const partition = cluster.partition(1)
    const { lastOffset } = partition.append(batchOf(['a']), append, false)
    const response = { errorCode: -9 }
    const { replicaManager } = cluster.broker(1).broker.services
    const pending = [{ partition, requiredOffset: lastOffset + 1, response }]
    return replicaManager.waitUntilReplicated(pending, timeoutMs, closed).then(() => errorName(response.errorCode))
  }

  it('with acks=all is answered when all in sync have it', async () => {
    await using cluster = await alone()
    const answer = replicated(cluster, 60_000)
    cluster.network.connect(1, 2)
    cluster.network.connect(1, 3)
    await cluster.clock.advance(2_000)
    expect(await answer).toBe('NONE')
  })

  it('is answered when those who lag are no longer in sync', async () => {
    await using cluster = await alone()
    const answer = replicated(cluster, 120_000)
    await cluster.clock.advance(1.5 * LAG_MS)
    expect([await answer, cluster.registration().isr]).toEqual(['NONE', [1]])
  })

  it('is answered NOT_ENOUGH_REPLICAS_AFTER_APPEND when too few are left, though it is written', async () => {
    await using cluster = await alone()
    const partition = cluster.partition(1)
    const answer = replicated(cluster, 120_000)
    for (const other of [2, 3]) cluster.fence(other)
    cluster.changePartition({ isr: [1] })
    expect([await answer, partition.highWatermark]).toEqual(['NONE', 1])
    cluster.setTopicConfig('t', 'min.insync.replicas', '2')
    const response = { errorCode: -9 }
    const { replicaManager } = cluster.broker(1).broker.services
    const pending = [{ partition, requiredOffset: 1, response }]
    await replicaManager.waitUntilReplicated(pending, 1_000, new AbortController().signal)
    expect(errorName(response.errorCode)).toBe('NOT_ENOUGH_REPLICAS_AFTER_APPEND')
  })

  it('waits below min.insync.replicas until its time is over: the high watermark stands still', async () => {
    await using cluster = await alone({ 'min.insync.replicas': '2' })
    const answer = replicated(cluster, 4 * LAG_MS)
    await cluster.clock.advance(2 * LAG_MS)
    expect([cluster.registration().isr, cluster.partition(1).highWatermark]).toEqual([[1], 0])
    await cluster.clock.advance(2 * LAG_MS)
    expect(await answer).toBe('REQUEST_TIMED_OUT')
  })

  it('is answered NOT_LEADER_OR_FOLLOWER when another leads, or the topic is gone', async () => {
    await using cluster = await alone()
    const elected = replicated(cluster, 60_000)
    cluster.elect(2)
    expect(await elected).toBe('NOT_LEADER_OR_FOLLOWER')
    await using other = await alone()
    const deleted = replicated(other, 60_000)
    other.deleteTopic('t')
    expect(await deleted).toBe('NOT_LEADER_OR_FOLLOWER')
  })

  it('waits for no client that has gone', async () => {
    await using cluster = await alone()
    const gone = new AbortController()
    const answer = replicated(cluster, 60_000, gone.signal)
    gone.abort()
    await answer
    expect(cluster.partition(1).watchers.size).toBe(0)
  })

  it('of a coordinator fails when leadership goes, and is done when it is committed', async () => {
    await using cluster = await alone()
    const partition = cluster.partition(1)
    const { replicaManager } = cluster.broker(1).broker.services
    partition.append(batchOf(['a']), append, false)
    const committed = replicaManager.waitUntilCommitted(partition, 1)
    for (const other of [2, 3]) cluster.fence(other)
    cluster.changePartition({ isr: [1] })
    await committed
    partition.append(batchOf(['b']), append, false)
    const lost = replicaManager.waitUntilCommitted(partition, 99)
    cluster.elect(2)
    await expect(lost).rejects.toMatchObject({ errorName: 'NOT_LEADER_OR_FOLLOWER' })
    expect(partition.watchers.size).toBe(0)
  })

  it('for deletions is done when every live replica starts there, and not for the dead', async () => {
    await using cluster = await BrokerCluster.start()
    cluster.createTopic('t', [[1, 2, 3]])
    await cluster.settle()
    const partition = cluster.partition(1)
    for (const record of ['a', 'b', 'c']) partition.append(batchOf([record]), append, false)
    await cluster.clock.advance(1_000)
    for (const other of [2, 3]) cluster.network.disconnect(1, other)
    const { replicaManager } = cluster.broker(1).broker.services
    const remove = (offset: number, timeoutMs: number) => {
      const response = { errorCode: -9, lowWatermark: -9n }
      const requiredOffset = partition.deleteRecordsBefore(offset)
      const closed = new AbortController().signal
      const pending = [{ partition, requiredOffset, response }]
      return replicaManager.waitUntilDeleted(pending, timeoutMs, closed).then(() => response)
    }
    const late = remove(1, 1_000)
    await cluster.clock.advance(1_000)
    expect(await late).toEqual({ errorCode: ErrorCode.REQUEST_TIMED_OUT, lowWatermark: -1n })
    const done = remove(2, 60_000)
    cluster.fence(3)
    cluster.network.connect(1, 2)
    await cluster.clock.advance(12_000)
    expect(await done).toEqual({ errorCode: 0, lowWatermark: 2n })
    expect(cluster.partition(3).log.logStartOffset).toBe(0)
  })
})
