import { expect, it } from 'vitest'
import { shareIntervalLine, shareLine } from '../../../src/commands/share-consumer-perf-test/share-perf-lines.ts'

const date = (timestampMs: number): string => `T${timestampMs}`
const MIB = 1024 * 1024
const READING = { startMs: 1000, endMs: 3000, records: 400, bytes: 4 * MIB, rebalanceMs: 0 }

it('has the columns of the script', () => {
  expect(shareLine(READING, date)).toBe('T1000, T3000, 4.0000, 2.0000, 200.0000, 400, 2000')
  expect(shareIntervalLine(READING, { records: 1000, bytes: 10 * MIB }, 2, date)).toBe(
    'T1000, T3000, 10.0000, 2.0000, 200.0000, 1000, 2000 for share consumer 2',
  )
})
