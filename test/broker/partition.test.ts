import { describe, expect, it } from 'vitest'
import { releaseReads } from '../../src/broker/fetcher.ts'
import type { Partition } from '../../src/broker/partition.ts'
import { ErrorCode, type KafkaError } from '../../src/protocol/error-codes.ts'
import { BrokerCluster } from '../support/broker-cluster.ts'
import { batchOf, RawClient } from '../support/raw-client.ts'
import { followerFetches, TestBroker } from '../support/test-broker.ts'

const codeOf = (look: () => unknown): number => {
  try {
    look()
    return 0
  } catch (error) {
    return (error as KafkaError).code
  }
}

async function setup() {
  const test = await TestBroker.start()
  test.createTopic('t')
  return { test, partition: test.broker.services.replicaManager.partition('t', 0)! }
}

const append = { origin: 'client', requestVersion: 9 } as const

describe('Partition', () => {
  it('moves the high watermark with its own log while it is alone in the ISR', async () => {
    const { test, partition } = await setup()
    partition.append(batchOf(['a', 'b']), append, true)
    expect(partition.highWatermark).toBe(2)
    await test.close()
  })

  it('holds the high watermark at the slowest of the ISR, and never moves it back', async () => {
    const { test, partition } = await setup()
    partition.append(batchOf(['a']), append, false)
    test.changePartition('t', 0, { replicas: [1, 2, 3], isr: [1, 2, 3] })
    partition.append(batchOf(['b', 'c']), append, false)
    expect(partition.highWatermark).toBe(1)
    followerFetches(partition, 2, 3)
    expect(partition.highWatermark).toBe(1)
    followerFetches(partition, 3, 2)
    expect(partition.highWatermark).toBe(2)
    followerFetches(partition, 3, 1)
    expect(partition.highWatermark).toBe(2)
    test.changePartition('t', 0, { isr: [1, 2] })
    expect(partition.highWatermark).toBe(3)
    await test.close()
  })

  it('believes the session of a follower, not a request of it that comes late', async () => {
    const { test, partition } = await setup()
    partition.append(batchOf(['a']), append, false)
    test.changePartition('t', 0, { replicas: [1, 2], isr: [1, 2] })
    const { fetchSessions, replicaManager } = test.broker.services
    const wanted = (fetchOffset: number) => ({
      ...{ topic: 't', topicId: partition.topicId, partition: 0, fetchOffset, currentLeaderEpoch: 0 },
      ...{ lastFetchedEpoch: fetchOffset === 0 ? -1 : 0, maxBytes: 1_000, logStartOffset: 0 },
    })
    const reader = { isolation: 'log-end', onlyLeader: true, replicaId: 2 } as const
    const limits = { maxWaitMs: 0, minBytes: 1, maxBytes: 1_000, replicaEpoch: -1, consumer: null }
    const fetch = (sessionId: number, sessionEpoch: number, ...named: number[]): number => {
      const context = fetchSessions.context({ sessionId, sessionEpoch }, true, named.map(wanted), [], reader)
      expect(context.errorCode).toBe(0)
      const reads = replicaManager.fetcher.fetch(context, { ...reader, ...limits }, () => new AbortController().signal)
      const outcomes = reads as Awaited<typeof reads>
      for (const read of outcomes) context.mentions(read.request, read)
      releaseReads(outcomes)
      return context.finish(new Map(outcomes.map((read) => [read.request, read])))
    }
    const follower = partition.followerOrThrow(2, -1, 0)
    const session = fetch(0, 0, 0)
    fetch(session, 1, 1)
    fetch(session, 2)
    expect([follower.logEndOffset, partition.highWatermark]).toEqual([1, 1])
    fetch(0, 0, 0)
    expect(follower.logEndOffset).toBe(0)
    fetch(session, 3)
    expect(follower.logEndOffset).toBe(1)
    await test.close()
  })

  it('checks who leads and which epoch the client means', async () => {
    const { test, partition } = await setup()
    test.changePartition('t', 0, { leader: 1 })
    expect(codeOf(() => partition.checkLeader(-1))).toBe(0)
    expect(codeOf(() => partition.checkLeader(1))).toBe(0)
    expect(codeOf(() => partition.checkLeader(0))).toBe(ErrorCode.FENCED_LEADER_EPOCH)
    expect(codeOf(() => partition.checkLeader(2))).toBe(ErrorCode.UNKNOWN_LEADER_EPOCH)
    test.changePartition('t', 0, { leader: 2, replicas: [1, 2] })
    expect(codeOf(() => partition.checkLeader(2))).toBe(ErrorCode.NOT_LEADER_OR_FOLLOWER)
    expect(codeOf(() => partition.append(batchOf(['x']), append, false))).toBe(ErrorCode.NOT_LEADER_OR_FOLLOWER)
    await test.close()
  })

  it('wakes who waits when leadership goes', async () => {
    const { test } = await setup()
    using client = await RawClient.connect(test.port)
    const partitions = [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1000, currentLeaderEpoch: 0 }]
    const answer = client.fetch('t', 0, { maxWaitMs: 20_000, topics: [{ topic: 't', partitions }] })
    const { watchers } = test.broker.services.replicaManager.partition('t', 0)!
    await expect.poll(() => watchers.size).toBe(1)
    test.changePartition('t', 0, { leader: 2, replicas: [1, 2] })
    expect((await answer).errorCode).toBe(ErrorCode.FENCED_LEADER_EPOCH)
    await test.close()
  })

  it('knows where a reader has left its history', async () => {
    const { test, partition } = await setup()
    partition.append(batchOf(['a', 'b']), append, false)
    test.changePartition('t', 0, { leader: 1 })
    partition.append(batchOf(['c']), append, false)
    expect(partition.divergingEpoch(2, 0)).toBeNull()
    expect(partition.divergingEpoch(3, 1)).toBeNull()
    expect(partition.divergingEpoch(3, 0)).toEqual({ leaderEpoch: 0, endOffset: 2 })
    expect(partition.divergingEpoch(3, -1)).toBeNull()
    expect(codeOf(() => partition.divergingEpoch(3, 9))).toBe(ErrorCode.OFFSET_OUT_OF_RANGE)
    await test.close()
  })
})

/** Whole brokers: leaders, fetchers and ISR changes at work together, the controller's part played by the test. */
describe('the replicas of a partition', () => {
  const LAG_MS = 30_000

  async function cluster(...records: readonly string[]): Promise<BrokerCluster> {
    const started = await BrokerCluster.start()
    started.createTopic('t', [[1, 2, 3]])
    await started.settle()
    if (records.length > 0) {
      started.partition(1).append(batchOf(records), append, true)
      await started.clock.advance(1_000)
    }
    return started
  }

  const all = <T>(brokers: BrokerCluster, look: (partition: Partition) => T): T[] =>
    [1, 2, 3].map((id) => look(brokers.partition(id)))
  const ends = (brokers: BrokerCluster) => all(brokers, ({ log }) => log.logEndOffset)
  const isr = (brokers: BrokerCluster) => [...brokers.registration().isr].sort()

  function bytesOf({ log }: Partition): string {
    const { records, release } = log.read(log.logStartOffset, 1 << 20, 'log-end', true)
    const text = Buffer.from(records).toString('hex')
    release()
    return text
  }

  /** Broker `id` neither fetches nor is fetched from. */
  function isolate(brokers: BrokerCluster, id: number): void {
    for (const other of [1, 2, 3]) if (other !== id) brokers.network.disconnect(id, other)
  }
  function rejoin(brokers: BrokerCluster, id: number): void {
    for (const other of [1, 2, 3]) if (other !== id) brokers.network.connect(id, other)
  }

  it('have what the leader has, byte for byte, and the high watermark with the next fetch', async () => {
    await using brokers = await cluster()
    brokers.partition(1).append(batchOf(['a', 'b']), append, true)
    expect(brokers.partition(1).highWatermark).toBe(0)
    await brokers.settle()
    expect([ends(brokers), brokers.partition(1).highWatermark]).toEqual([[2, 2, 2], 2])
    await brokers.clock.advance(500)
    expect(all(brokers, ({ highWatermark }) => highWatermark)).toEqual([2, 2, 2])
    expect(new Set(all(brokers, bytesOf)).size).toBe(1)
  })

  it('leave the ISR when they are away, and join it again when they have caught up', async () => {
    await using brokers = await cluster('a')
    isolate(brokers, 3)
    brokers.partition(1).append(batchOf(['b']), append, true)
    await brokers.clock.advance(LAG_MS - 2_000)
    expect([isr(brokers), brokers.partition(1).highWatermark]).toEqual([[1, 2, 3], 1])
    await brokers.clock.advance(LAG_MS / 2 + 2_000)
    expect([isr(brokers), brokers.partition(1).highWatermark]).toEqual([[1, 2], 2])
    rejoin(brokers, 3)
    await brokers.clock.advance(2_000)
    expect([isr(brokers), ends(brokers)]).toEqual([
      [1, 2, 3],
      [2, 2, 2],
    ])
  })

  it.each([
    ['fenced', (brokers: BrokerCluster) => brokers.fence(3), (brokers: BrokerCluster) => brokers.unfence(3)],
    ['leaving', (brokers: BrokerCluster) => brokers.changeBroker(3, { inControlledShutdown: 1 }), null],
  ])('are not taken into the ISR while their broker is %s', async (_how, leave, comeBack) => {
    await using brokers = await cluster('a')
    leave(brokers)
    brokers.changePartition({ isr: [1, 2] })
    brokers.partition(1).append(batchOf(['b']), append, true)
    await brokers.clock.advance(5_000)
    expect([isr(brokers), ends(brokers)]).toEqual([
      [1, 2],
      [2, 2, 2],
    ])
    comeBack?.(brokers)
    await brokers.clock.advance(2_000)
    expect(isr(brokers)).toEqual(comeBack === null ? [1, 2] : [1, 2, 3])
  })

  it('are refused when a newer process of their broker is registered (KIP-903)', async () => {
    await using brokers = await cluster('a')
    const leader = brokers.partition(1)
    const { epoch } = brokers.broker(3)
    expect(codeOf(() => leader.followerOrThrow(3, epoch, -1))).toBe(0)
    expect(codeOf(() => leader.followerOrThrow(3, epoch - 1, -1))).toBe(ErrorCode.NOT_LEADER_OR_FOLLOWER)
    // One that is ahead of the metadata is known soon.
    expect(codeOf(() => leader.followerOrThrow(3, epoch + 1, -1))).toBe(0)
    expect(codeOf(() => leader.followerOrThrow(3, -1, -1))).toBe(0)
    // The leader may not have heard of a new replica yet: it is to ask again.
    expect(codeOf(() => leader.followerOrThrow(7, -1, 0))).toBe(ErrorCode.UNKNOWN_LEADER_EPOCH)
    expect(codeOf(() => leader.followerOrThrow(7, -1, -1))).toBe(ErrorCode.NOT_LEADER_OR_FOLLOWER)
  })

  it('come back into the ISR as the new process they are', async () => {
    await using brokers = await cluster('a')
    brokers.stopBroker(3, false)
    brokers.fence(3)
    brokers.changePartition({ isr: [1, 2] })
    brokers.partition(1).append(batchOf(['b']), append, true)
    await brokers.clock.advance(2_000)
    const { epoch } = await brokers.startBroker(3)
    await brokers.clock.advance(2_000)
    expect([isr(brokers), ends(brokers)]).toEqual([
      [1, 2, 3],
      [2, 2, 2],
    ])
    expect(brokers.partition(1).leaderState!.follower(3)!.brokerEpoch).toBe(epoch)
  })

  it('give up what the next leader does not have, and take what it has', async () => {
    await using brokers = await cluster('a')
    isolate(brokers, 1)
    brokers.partition(1).append(batchOf(['lost', 'too']), append, false)
    brokers.elect(2, [2, 3])
    brokers.partition(2).append(batchOf(['kept']), append, false)
    await brokers.settle()
    rejoin(brokers, 1)
    await brokers.clock.advance(3_000)
    expect([ends(brokers), new Set(all(brokers, bytesOf)).size]).toEqual([[2, 2, 2], 1])
    expect(isr(brokers)).toEqual([1, 2, 3])
  })

  it('find back through several epochs that others never saw (KIP-279)', async () => {
    await using brokers = await cluster('a')
    // 1 leads alone in epochs 1 and 2, then 2 from what was before in 3 and 4.
    isolate(brokers, 1)
    for (const records of [['b', 'c'], ['d']]) {
      brokers.elect(1, [1])
      brokers.partition(1).append(batchOf(records), append, false)
    }
    brokers.elect(2, [2, 3])
    brokers.partition(2).append(batchOf(['x']), append, false)
    await brokers.settle()
    brokers.elect(3, [2, 3])
    brokers.partition(3).append(batchOf(['y', 'z', 'u']), append, false)
    await brokers.settle()
    rejoin(brokers, 1)
    await brokers.clock.advance(3_000)
    expect([ends(brokers), new Set(all(brokers, bytesOf)).size]).toEqual([[5, 5, 5], 1])
    expect(all(brokers, ({ log }) => log.latestEpoch)).toEqual([4, 4, 4])
  })

  it('delete what their leader deletes, and DeleteRecords waits for those in service', async () => {
    await using brokers = await cluster('a', 'b', 'c')
    brokers.partition(1).append(batchOf(['d']), append, true)
    await brokers.clock.advance(1_000)
    isolate(brokers, 3)
    expect(brokers.partition(1).deleteRecordsBefore(2)).toBe(2)
    await brokers.clock.advance(1_000)
    expect(all(brokers, ({ log }) => log.logStartOffset)).toEqual([2, 2, 0])
    expect(brokers.partition(1).lowWatermark).toBe(0)
    rejoin(brokers, 3)
    await brokers.clock.advance(12_000)
    expect(all(brokers, ({ log }) => log.logStartOffset)).toEqual([2, 2, 2])
    expect(brokers.partition(1).lowWatermark).toBe(2)
  })

  it('start where their leader starts, when all they had is gone there', async () => {
    await using brokers = await cluster('a')
    brokers.stopBroker(3)
    brokers.fence(3)
    brokers.changePartition({ isr: [1, 2] })
    for (const record of ['b', 'c', 'd', 'e']) brokers.partition(1).append(batchOf([record]), append, true)
    await brokers.clock.advance(1_000)
    brokers.partition(1).deleteRecordsBefore(4)
    await brokers.startBroker(3)
    await brokers.clock.advance(3_000)
    const { log } = brokers.partition(3)
    expect([log.logStartOffset, log.logEndOffset, isr(brokers)]).toEqual([4, 5, [1, 2, 3]])
  })

  it('start within a batch, where their leader’s log does', async () => {
    await using brokers = await cluster('a')
    brokers.stopBroker(3)
    brokers.fence(3)
    brokers.changePartition({ isr: [1, 2] })
    brokers.partition(1).append(batchOf(['b', 'c', 'd']), append, true)
    await brokers.clock.advance(1_000)
    brokers.partition(1).deleteRecordsBefore(3)
    await brokers.startBroker(3)
    await brokers.clock.advance(3_000)
    const { log } = brokers.partition(3)
    expect([log.logStartOffset, log.logEndOffset, isr(brokers)]).toEqual([3, 4, [1, 2, 3]])
  })

  it('have been in sync until a record comes, however long none came', async () => {
    await using brokers = await cluster('a')
    await brokers.clock.advance(10 * LAG_MS)
    isolate(brokers, 3)
    brokers.partition(1).append(batchOf(['b']), append, true)
    await brokers.clock.advance(0.9 * LAG_MS)
    expect(isr(brokers)).toEqual([1, 2, 3])
    await brokers.clock.advance(0.6 * LAG_MS)
    expect(isr(brokers)).toEqual([1, 2])
  })

  it('are refused writes with acks=all while too few are in sync, and get them with acks=1', async () => {
    await using brokers = await cluster()
    brokers.createTopic('strict', [[1, 2, 3]], { 'min.insync.replicas': '2' })
    await brokers.settle()
    brokers.fence(2)
    brokers.fence(3)
    brokers.changePartition({ isr: [1] }, 'strict')
    const leader = brokers.partition(1, 'strict')
    expect(codeOf(() => leader.append(batchOf(['a']), append, true))).toBe(ErrorCode.NOT_ENOUGH_REPLICAS)
    leader.append(batchOf(['b']), append, false)
    await brokers.clock.advance(1_000)
    // Both have it, and nobody may see it: one broker's death could take it back.
    expect([leader.log.logEndOffset, leader.highWatermark]).toEqual([1, 0])
    brokers.unfence(2)
    await brokers.clock.advance(1_000)
    expect(leader.highWatermark).toBe(1)
    leader.append(batchOf(['c']), append, true)
  })
})
