import { describe, expect, it } from 'vitest'
import { ProducerStats, totalLine } from '../../../src/commands/producer-perf-test/stats.ts'

function stats(isSteadyState = false) {
  const lines: string[] = []
  return { lines, stats: new ProducerStats(1000, 500, isSteadyState, (line) => lines.push(line)) }
}

describe('ProducerStats', () => {
  it('prints a line when an interval is over, as the script words it', () => {
    const { lines, stats: counted } = stats()
    counted.record(3, 2, 200, 1100)
    counted.record(10, 2, 200, 1500)
    expect(lines).toEqual(['4 records sent, 8.0 records/sec (0.00 MB/sec), 6.5 ms avg latency, 10.0 ms max latency.'])
    counted.record(1, 1, 100, 2500)
    expect(lines[1]).toBe('1 records sent, 1.0 records/sec (0.00 MB/sec), 1.0 ms avg latency, 1.0 ms max latency.')
  })

  it('sums up', () => {
    const { stats: counted } = stats()
    counted.record(2, 3, 3 * 1024 * 1024, 1100)
    counted.record(7, 1, 1024 * 1024, 1200)
    expect(totalLine(counted.totals(3000), false)).toBe(
      '4 records sent, 2.000000 records/sec (2.00 MB/sec), 3.25 ms avg latency, 7.00 ms max latency, 2 ms 50th, 7 ms 95th, 7 ms 99th, 7 ms 99.9th.',
    )
  })

  it('sums up nothing as the script does', () => {
    expect(totalLine(stats().stats.totals(2000), false)).toBe(
      '0 records sent, 0.000000 records/sec (0.00 MB/sec), NaN ms avg latency, 0.00 ms max latency, 0 ms 50th, 0 ms 95th, 0 ms 99th, 0 ms 99.9th.',
    )
  })

  it('says when the steady state begins, and is silent when told', () => {
    const { lines, stats: steady } = stats(true)
    steady.record(1, 1, 1, 1600)
    expect(lines[0]).toBe('In steady state.')
    expect(lines).toHaveLength(2)
    steady.silence()
    steady.record(1, 1, 1, 9000)
    expect(lines).toHaveLength(2)
    expect(totalLine(steady.totals(9000), true)).toMatch(/^2 steady state records sent, /)
  })
})
