import { expect, it } from 'vitest'
import type { RecordFact } from '../../../src/learn/facts/records.ts'
import { laterRate } from '../../../src/learn/lessons/32-quota/index.ts'

const records = (...timestamps: number[]): RecordFact[] =>
  timestamps.map((timestamp, offset) => ({ partition: 0, offset, timestamp, key: null, value: 'x'.repeat(1000) }))

it('measures the later half alone: the first records are free', () => {
  expect(laterRate(records(0, 0, 0, 0, 0, 1000, 2000, 3000))).toBe(1000)
})
it('counts what came after the first moment of the half', () => {
  expect(laterRate(records(0, 0, 1000, 1000, 2000, 2000))).toBe(2000)
})
it('knows nothing where time stood still', () => {
  expect(laterRate(records(5, 5, 5, 5))).toBeNull()
  expect(laterRate([])).toBeNull()
})
