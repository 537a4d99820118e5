import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import {
  keyPartition,
  RoundRobinPartitioner,
  StickyPartitioner,
  type TopicLoad,
  weightedPartition,
} from '../../../src/client/producer/partitioner.ts'

const load = (lengths: readonly number[]): TopicLoad => ({
  partitionCount: lengths.length,
  queueLengths: () => lengths,
})

describe('a partition drawn by load', () => {
  // The example of Kafka's BuiltInPartitioner: queues 0 3 1 give weights 4 1 3.
  it.each([
    [0, 0],
    [3.99 / 8, 0],
    [4 / 8, 1],
    [4.99 / 8, 1],
    [5 / 8, 2],
    [7.99 / 8, 2],
  ])('%d -> %i', (draw, partition) => {
    expect(weightedPartition([0, 3, 1], draw)).toBe(partition)
  })

  it('leaves out partitions without a leader', () => {
    for (let draw = 0; draw < 1; draw += 0.05) expect(weightedPartition([-1, 2, -1, 2], draw) % 2).toBe(1)
  })

  it('takes any when none has a leader', () => {
    const drawn = new Set([0, 0.3, 0.6, 0.9].map((draw) => weightedPartition([-1, -1, -1, -1], draw)))
    expect([...drawn]).toEqual([0, 1, 2, 3])
  })

  it('is uniform when all queues are alike', () => {
    const random = seededRandom(7)
    const counts = [0, 0, 0, 0]
    for (let turn = 0; turn < 8_000; turn++) counts[weightedPartition([2, 2, 2, 2], random.next())]! += 1
    for (const count of counts) expect(Math.abs(count - 2_000)).toBeLessThan(200)
  })
})

describe('the sticky partitioner', () => {
  it('stays until a batch size of bytes went by and no batch is half full', () => {
    const sticky = new StickyPartitioner(1_000, seededRandom(1))
    const topic = load([0, 0, 0, 0, 0, 0, 0, 0])
    const first = sticky.partition(topic)
    expect(sticky.appended(999, true, topic)).toBe(false)
    expect(sticky.partition(topic)).toBe(first)
    expect(sticky.appended(1, false, topic)).toBe(false)
    expect(sticky.appended(500, false, topic)).toBe(false)
    expect(sticky.appended(0, true, topic)).toBe(true)
  })

  it('moves on at twice the batch size whatever the batches look like', () => {
    const sticky = new StickyPartitioner(1_000, seededRandom(1))
    const topic = load([0, 0])
    sticky.partition(topic)
    expect(sticky.appended(1_999, false, topic)).toBe(false)
    expect(sticky.appended(1, false, topic)).toBe(true)
  })

  it('moves on from a partition that is gone', () => {
    const sticky = new StickyPartitioner(1_000, { next: () => 0.99, bytes: () => Buffer.alloc(0) })
    expect(sticky.partition(load([0, 0, 0]))).toBe(2)
    expect(sticky.partition(load([0]))).toBe(0)
  })
})

describe('round robin', () => {
  it('takes one after the other', () => {
    const partitioner = new RoundRobinPartitioner()
    expect(Array.from({ length: 5 }, () => partitioner.partition(load([9, 0, 4])))).toEqual([0, 1, 2, 0, 1])
  })

  it('skips partitions without a leader while others have one', () => {
    const partitioner = new RoundRobinPartitioner()
    expect(Array.from({ length: 4 }, () => partitioner.partition(load([0, -1, 0])))).toEqual([0, 2, 0, 2])
    expect(new RoundRobinPartitioner().partition(load([-1, -1]))).toBe(0)
  })
})

it('keys go where every other client sends them', () => {
  // As kafka-python's murmur2 partitioner places them among 12 partitions.
  const partitions = ['', 'a', 'kafka', 'key-42'].map((key) => keyPartition(Buffer.from(key), 12))
  expect(partitions).toEqual([9, 4, 4, 3])
})
