import { describe, expect, it } from 'vitest'
import { intervalLine, readingFields, summaryLine } from '../../../src/commands/consumer-perf-test/perf-lines.ts'

const date = (timestampMs: number): string => `T${timestampMs}`
const MIB = 1024 * 1024
const READING = { startMs: 1000, endMs: 3000, records: 400, bytes: 4 * MIB, rebalanceMs: 1000 }

describe('the columns of consumer-perf-test', () => {
  it('sum up', () => {
    expect(summaryLine(READING, date)).toBe('T1000, T3000, 4.0000, 2.0000, 400, 200.0000, 1000, 1000, 4.0000, 400.0000')
  })

  it('show an interval beside the totals', () => {
    expect(intervalLine(READING, { records: 1000, bytes: 10 * MIB }, date)).toBe(
      'T3000, 0, 10.0000, 2.0000, 1000, 200.0000, 1000, 1000, 4.0000, 400.0000',
    )
  })

  it('have no rate of fetching where there was no time for it', () => {
    const line = intervalLine({ ...READING, rebalanceMs: 2000 }, READING, date)
    expect(line).toMatch(/2000, 0, 0\.0000, 0\.0000$/)
  })

  it('are fields of a document, null where there is no number', () => {
    expect(readingFields(READING)).toMatchObject({ elapsedMs: 2000, fetchTimeMs: 1000, recordsPerSec: 200 })
    const nothing = { startMs: 5, endMs: 5, records: 0, bytes: 0, rebalanceMs: 0 }
    expect(readingFields(nothing)).toMatchObject({ records: 0, megabytes: 0, mbPerSec: null, fetchRecordsPerSec: null })
  })
})
