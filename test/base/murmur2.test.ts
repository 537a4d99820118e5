import { describe, expect, it } from 'vitest'
import { murmur2, partitionForKey } from '../../src/base/murmur2.ts'

describe('murmur2', () => {
  /** Kafka's own test vectors (UtilsTest). */
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('of %s', (key, expected) => {
    expect(murmur2(Buffer.from(key))).toBe(expected)
  })

  it('gives a partition that is never negative', () => {
    expect(partitionForKey(Buffer.from('21'), 50)).toBe((-973932308 & 0x7fffffff) % 50)
    for (let i = 0; i < 500; i++) {
      const partition = partitionForKey(Buffer.from(`key ${i}`), 7)
      expect(partition).toBeGreaterThanOrEqual(0)
      expect(partition).toBeLessThan(7)
    }
  })

  it('spreads keys evenly', () => {
    const counts = new Array(10).fill(0)
    for (let i = 0; i < 10_000; i++) counts[partitionForKey(Buffer.from(`user-${i}`), 10)]++
    expect(Math.min(...counts)).toBeGreaterThan(850)
  })
})
