import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PartitionIndex } from '../../src/controller/partition-index.ts'
import { brokerFenced } from '../../src/controller/replication-control.ts'
import { EMPTY_IMAGE } from '../../src/metadata/image.ts'
import { recordSequence, replay } from '../metadata/support.ts'
import { carryOut, changed, viewWithTopic } from './support.ts'

const numbers = (places: Iterable<{ partitionId: number }>): number[] =>
  [...places].map(({ partitionId }) => partitionId).sort()

describe('the partitions by what happens to them', () => {
  const view = () =>
    viewWithTopic(
      [
        [1, 2],
        [2, 3],
        [3, 1],
        [2, 1],
      ],
      {
        records: [
          changed({ partitionId: 1, isr: [3], leader: 3, eligibleLeaderReplicas: [2] }),
          changed({ partitionId: 2, leader: -1, isr: [], eligibleLeaderReplicas: [1, 3] }),
          changed({ partitionId: 3, addingReplicas: [1] }),
        ],
      },
    )

  it('are found by broker and by state', () => {
    const { partitions } = view()
    expect(numbers(partitions.withBrokerInIsr(2))).toEqual([0, 3])
    expect(numbers(partitions.withBrokerInElr(1))).toEqual([2])
    expect(numbers(partitions.withoutLeader())).toEqual([2])
    expect(numbers(partitions.withoutPreferredLeader())).toEqual([1, 2])
    expect(numbers(partitions.reassigning())).toEqual([3])
    expect([1, 2, 3, 4].map((id) => partitions.hasLeaderships(id))).toEqual([true, true, true, false])
    expect(numbers(partitions.withBrokerInIsr(9))).toEqual([])
  })

  it('follow the image', () => {
    const after = view()
    carryOut(after, brokerFenced(after, 1))
    expect(numbers(after.partitions.withBrokerInIsr(1))).toEqual([])
    expect(after.partitions.hasLeaderships(1)).toBe(false)
    const [place] = after.partitions.withBrokerInIsr(2)
    expect(place).toMatchObject({ topic: { name: 't' }, partitionId: 0, partition: { leader: 2 } })
  })

  it('may change while they are read', () => {
    const walked = view()
    const places = walked.partitions.withBrokerInIsr(2)
    expect(places.next().value).toMatchObject({ partitionId: 0 })
    expect([...places].length).toBeLessThanOrEqual(2)
  })
})

it('is the same however the records were cut into batches', () => {
  fc.assert(
    fc.property(recordSequence, fc.integer({ min: 1, max: 7 }), (records, size) => {
      let image = EMPTY_IMAGE
      const index = new PartitionIndex(image)
      for (let from = 0; from < records.length; from += size) {
        const next = replay(image, records.slice(from, from + size))
        image = next.image
        index.update(image, next.delta)
      }
      expect(index.describe()).toEqual(new PartitionIndex(image).describe())
    }),
    { numRuns: 200 },
  )
})
