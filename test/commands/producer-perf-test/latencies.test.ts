import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Latencies } from '../../../src/commands/producer-perf-test/latencies.ts'

describe('Latencies', () => {
  it('gives the percentiles that the sorted values have', () => {
    const values = fc.array(fc.nat(300), { minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(values, fc.constantFrom(0, 0.5, 0.95, 0.99, 0.999), (all, fraction) => {
        const latencies = new Latencies()
        for (const value of all) latencies.record(value)
        const sorted = [...all].sort((a, b) => a - b)
        expect(latencies.percentile(fraction)).toBe(sorted[Math.floor(fraction * all.length)])
        expect(latencies.average).toBeCloseTo(all.reduce((sum, value) => sum + value, 0) / all.length)
        expect(latencies.max).toBe(sorted.at(-1))
      }),
    )
  })

  it('counts many of the same at once', () => {
    const latencies = new Latencies()
    latencies.record(5, 99)
    latencies.record(50)
    expect([latencies.count, latencies.percentile(0.5), latencies.percentile(0.99)]).toEqual([100, 5, 50])
  })

  it('has no average of nothing', () => {
    expect(new Latencies().average).toBeNaN()
    expect(new Latencies().percentile(0.5)).toBe(0)
  })

  it('takes clocks that jump', () => {
    const latencies = new Latencies()
    latencies.record(-5)
    latencies.record(1e12)
    expect(latencies.percentile(0)).toBe(0)
    expect(latencies.max).toBe(1e12)
  })
})
