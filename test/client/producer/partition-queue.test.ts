import { describe, expect, it } from 'vitest'
import { ProducerBatch, type ProducerState } from '../../../src/client/producer/batch.ts'
import { PartitionQueue } from '../../../src/client/producer/partition-queue.ts'
import { ErrorCode } from '../../../src/protocol/error-codes.ts'
import { BatchBuilder } from '../../../src/protocol/records/batch-builder.ts'

const FIRST: ProducerState = { producerId: 1n, epoch: 0 }
const SECOND: ProducerState = { producerId: 1n, epoch: 1 }

function batchOf(records: number): ProducerBatch {
  const batch = new ProducerBatch('t', 0, 0, new BatchBuilder())
  for (let at = 0; at < records; at++) batch.open!.append(1, null, Buffer.from('x'))
  return batch
}

/** A queue with batches of 1, 2, 3, ... records on the wire. */
function onWire(count: number): { queue: PartitionQueue; batches: ProducerBatch[] } {
  const queue = new PartitionQueue('t', 0)
  const batches = Array.from({ length: count }, (_, at) => batchOf(at + 1))
  for (const batch of batches) {
    queue.push(batch)
    expect(queue.take(FIRST)).toBe(true)
  }
  return { queue, batches }
}

const sequences = (batches: readonly ProducerBatch[]): number[] => batches.map(({ sequence }) => sequence)

describe('batches of a partition', () => {
  it('take their place in the sequence when they leave', () => {
    const { batches } = onWire(3)
    expect(sequences(batches)).toEqual([0, 1, 3])
  })

  it('are open only at the end of the queue', () => {
    const queue = new PartitionQueue('t', 0)
    const [first, second] = [batchOf(1), batchOf(1)]
    queue.push(first)
    expect(queue.openBatch).toBe(first)
    queue.push(second)
    expect(first.open).toBeNull()
    expect(queue.openBatch).toBe(second)
    expect(queue.isIdle).toBe(false)
  })

  it('have no sequence without a producer id', () => {
    const queue = new PartitionQueue('t', 0)
    queue.push(batchOf(1))
    queue.take(null)
    expect(queue.onWire[0]!.hasSequence).toBe(false)
  })

  it('that failed are sent again in order, each when it is the oldest one out', () => {
    const { queue, batches } = onWire(3)
    const [first, second, third] = batches as [ProducerBatch, ProducerBatch, ProducerBatch]
    queue.retry(second)
    expect(queue.sendable()).toBeNull()
    queue.retry(first)
    expect(queue.sendable()).toBe(first)
    queue.take(FIRST)
    // The third is still out, but was sent after: it does not hold the first up.
    expect(queue.sendable()).toBeNull()
    queue.acknowledged(first)
    expect(queue.sendable()).toBe(second)
    queue.take(FIRST)
    queue.acknowledged(second)
    queue.acknowledged(third)
    expect(queue.isIdle).toBe(true)
    expect(sequences(batches)).toEqual([0, 1, 3])
  })

  it('behind one that is sent again wait for it', () => {
    const { queue, batches } = onWire(1)
    queue.push(batchOf(1))
    queue.retry(batches[0]!)
    expect(queue.sendable()).toBe(batches[0])
  })
})

describe('a hole in the sequence', () => {
  it('left by a refused batch means a new epoch, once everything is back', () => {
    const { queue, batches } = onWire(3)
    const [first, second, third] = batches as [ProducerBatch, ProducerBatch, ProducerBatch]
    queue.failed(first, true)
    expect(queue.needsNewEpoch).toBe(false)
    expect(queue.sendable()).toBeNull()
    // What was behind it is out of order now, and is sent again.
    expect(queue.retrySequenceError(second, ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, 0)).toBe(true)
    queue.retry(second)
    queue.retry(third)
    expect(queue.needsNewEpoch).toBe(true)
    queue.restart(SECOND)
    expect(queue.needsNewEpoch).toBe(false)
    expect(sequences([second, third])).toEqual([0, 2])
    expect(second.producer).toBe(SECOND)
    const next = batchOf(1)
    queue.push(next)
    for (const batch of [second, third, next]) {
      expect(queue.sendable()).toBe(batch)
      queue.take(SECOND)
      queue.acknowledged(batch)
    }
    expect(next.sequence).toBe(5)
  })

  it('does not exist when the broker had the batch after all', () => {
    const { queue, batches } = onWire(2)
    const [first, second] = batches as [ProducerBatch, ProducerBatch]
    queue.failed(first, false)
    expect(queue.sendable()).toBeNull()
    queue.acknowledged(second)
    expect(queue.needsNewEpoch).toBe(false)
    const next = batchOf(1)
    queue.push(next)
    queue.take(FIRST)
    expect(next.sequence).toBe(3)
  })

  it('is one when nothing after the lost batch was acknowledged', () => {
    const { queue, batches } = onWire(1)
    queue.failed(batches[0]!, false)
    expect(queue.needsNewEpoch).toBe(true)
  })

  it('is what OUT_OF_ORDER means for the very next batch, and nothing for later ones', () => {
    const { queue, batches } = onWire(3)
    queue.acknowledged(batches[0]!)
    expect(queue.retrySequenceError(batches[2]!, ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, 0)).toBe(true)
    queue.retry(batches[2]!)
    queue.retry(batches[1]!)
    expect(queue.needsNewEpoch).toBe(false)
    expect(queue.retrySequenceError(batches[1]!, ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, 0)).toBe(true)
    expect(queue.needsNewEpoch).toBe(true)
  })

  it('is what UNKNOWN_PRODUCER_ID means, unless the broker cannot tell', () => {
    const { queue, batches } = onWire(1)
    queue.retrySequenceError(batches[0]!, ErrorCode.UNKNOWN_PRODUCER_ID, -1)
    queue.retry(batches[0]!)
    expect(queue.needsNewEpoch).toBe(false)
    queue.retrySequenceError(batches[0]!, ErrorCode.UNKNOWN_PRODUCER_ID, 100)
    expect(queue.needsNewEpoch).toBe(true)
  })

  it('is not what other errors mean', () => {
    const { queue, batches } = onWire(1)
    expect(queue.retrySequenceError(batches[0]!, ErrorCode.NOT_LEADER_OR_FOLLOWER, 0)).toBe(false)
  })

  it('in one partition leaves another to finish under the old epoch first', () => {
    const { queue, batches } = onWire(1)
    queue.push(batchOf(1))
    expect(queue.take(SECOND)).toBe(false)
    queue.acknowledged(batches[0]!)
    expect(queue.take(SECOND)).toBe(true)
    expect(queue.onWire[0]).toMatchObject({ sequence: 0, producer: SECOND })
  })
})

describe('a batch that was split', () => {
  it('is replaced in place, the parts sharing its sequence', () => {
    const { queue, batches } = onWire(3)
    const whole = batches[1]!
    const parts = [batchOf(1), batchOf(1)]
    queue.replace(whole, parts)
    expect(sequences(parts)).toEqual([1, 2])
    queue.replace(queue.waiting[1]!, [])
    expect(queue.waiting[0]).toBe(parts[0])
  })

  it('can be split again without losing its place', () => {
    const { queue, batches } = onWire(2)
    const [first, second] = [batchOf(2), batchOf(2)]
    queue.replace(batches[0]!, [first, second])
    queue.retry(batches[1]!)
    const smaller = [batchOf(1), batchOf(1)]
    queue.waiting.splice(queue.waiting.indexOf(second), 1)
    queue.replace(second, smaller)
    expect(queue.waiting).toEqual([first, ...smaller, batches[1]])
  })
})
