import { describe, expect, it } from 'vitest'
import type { PartitionDescription } from '../../../src/client/admin-types.ts'
import { planChanges } from '../../../src/commands/topics/replication-factor.ts'

function partition(number: number, replicas: number[], isr = replicas): PartitionDescription {
  const none = { offlineReplicas: [], elr: null, lastKnownElr: null, error: null }
  return { partition: number, leader: replicas[0]!, leaderEpoch: 0, replicas, isr, ...none }
}
const plan = (partitions: PartitionDescription[], factor: number, brokers = [1, 2, 3]): (readonly number[])[] =>
  planChanges([{ topic: 't', partitions }], factor, brokers).map(({ replicas }) => replicas)

describe('planChanges', () => {
  it('adds replicas where there are fewest, behind those that are there', () => {
    expect(plan([partition(0, [1]), partition(1, [2]), partition(2, [1])], 2)).toEqual([
      [1, 3],
      [2, 3],
      [1, 2],
    ])
    expect(plan([partition(0, [2])], 3)).toEqual([[2, 1, 3]])
  })

  it('takes away the last, those out of sync before others, and keeps the order', () => {
    expect(plan([partition(0, [3, 1, 2])], 1)).toEqual([[3]])
    expect(plan([partition(0, [3, 1, 2], [1, 2])], 2)).toEqual([[1, 2]])
    expect(plan([partition(0, [3, 1, 2], [2])], 2)).toEqual([[3, 2]])
  })

  it('leaves alone what has as many', () => {
    expect(plan([partition(0, [1, 2]), partition(1, [1])], 2)).toHaveLength(1)
  })
})
