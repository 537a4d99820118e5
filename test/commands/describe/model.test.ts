import { describe, expect, it } from 'vitest'
import {
  isUnderReplicated,
  type PartitionStatus,
  recordCount,
  sumOrNull,
} from '../../../src/commands/describe/model.ts'
import { topicOf } from '../../support/memory-admin.ts'

const partition = (earliestOffset: number | null, latestOffset: number | null) =>
  ({ earliestOffset, latestOffset }) as PartitionStatus

describe('figures of a picture', () => {
  it('are known or not, never guessed', () => {
    expect(recordCount(partition(10, 25))).toBe(15)
    expect(recordCount(partition(null, 25))).toBeNull()
    expect(recordCount(partition(10, null))).toBeNull()
    expect(sumOrNull([1, 2, 3])).toBe(6)
    expect(sumOrNull([1, null, 3])).toBeNull()
    expect(sumOrNull([])).toBe(0)
  })

  it('call a partition under-replicated when its ISR misses a replica', () => {
    const [whole, short] = topicOf('t', ['1:1,2:1,2', '1:1,2:1']).partitions
    expect([isUnderReplicated(whole!), isUnderReplicated(short!)]).toEqual([false, true])
  })
})
