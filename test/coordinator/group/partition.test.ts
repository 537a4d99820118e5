import { describe, expect, it } from 'vitest'
import { partitionForGroup } from '../../../src/coordinator/group/partition.ts'

describe('partitionForGroup', () => {
  // Java's String.hashCode, as computed by Java; the fourth has the hash that has no absolute value.
  const found: [string, number][] = [
    ['orders', 31],
    ['', 0],
    ['console-consumer-12345', 6],
    ['polygenelubricants', 0],
    ['grüße-\u{1f600}', 27],
  ]
  for (const [groupId, partition] of found) {
    it(`puts ${JSON.stringify(groupId)} on ${partition}`, () => {
      expect(partitionForGroup(groupId, 50)).toBe(partition)
    })
  }

  it('stays within the topic', () => {
    for (let i = 0; i < 1000; i++) {
      const partition = partitionForGroup(`group-${i}`, 7)
      expect(partition).toBeGreaterThanOrEqual(0)
      expect(partition).toBeLessThan(7)
    }
  })
})
