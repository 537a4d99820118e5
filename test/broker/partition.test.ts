import { describe, expect, it } from 'vitest'
import { ErrorCode, type KafkaError } from '../../src/protocol/error-codes.ts'
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
