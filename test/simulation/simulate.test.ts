/** A fixed batch of seeds of the whole cluster. More of them: `npm run simulate -- --seed S --runs N`. */
import { describe, expect, it } from 'vitest'
import { type SimulateOptions, simulate } from './simulate.ts'
import { SHAPES } from './world/topology.ts'

const SLOW_MS = 300_000

/** Runs the seeds; says which of them broke what, and sums up what happened. */
async function runSeeds(first: number, runs: number, options: SimulateOptions) {
  const violations: string[] = []
  const counts = new Map<string, number>()
  for (let seed = first; seed < first + runs; seed++) {
    const { violation, about, counts: own } = await simulate(seed, options)
    if (violation !== null) violations.push(`seed ${seed} (${about}): ${violation.message}`)
    for (const [name, count] of own) counts.set(name, (counts.get(name) ?? 0) + count)
  }
  const count = (name: string): number => counts.get(name) ?? 0
  return { violations, count }
}

describe.each(SHAPES)('a cluster of %s', (shape) => {
  it('serves its clients in calm', { timeout: SLOW_MS }, async () => {
    const { violations, count } = await runSeeds(1, 2, { shape, calm: true, harsh: false })
    expect(violations).toEqual([])
    expect(count('records acknowledged')).toBeGreaterThan(1_000)
    expect(count('records read')).toBe(count('records acknowledged'))
    expect(count('offsets read back')).toBeGreaterThan(50)
    expect(count('admin AlterPartitionReassignments')).toBeGreaterThan(0)
  })

  it('keeps every promise whatever befalls it', { timeout: SLOW_MS }, async () => {
    const { violations, count } = await runSeeds(100, 4, { shape, harsh: false })
    expect(violations).toEqual([])
    expect(count('records acknowledged')).toBeGreaterThan(4_000)
    expect(count('records read')).toBeGreaterThanOrEqual(count('records acknowledged'))
    for (const fault of ['kill', 'crash at a write', 'power failure', 'pause', 'isolation', 'lossy links']) {
      expect(count(`fault: ${fault}`), fault).toBeGreaterThan(0)
    }
  })

  it('stops rather than lose anything when too much is broken at once', { timeout: SLOW_MS }, async () => {
    const { violations, count } = await runSeeds(200, 3, { shape, harsh: true })
    expect(violations).toEqual([])
    expect(count('records acknowledged')).toBeGreaterThan(150)
  })

  it('does the same again for the same seed, and something else for another', { timeout: SLOW_MS }, async () => {
    const options: SimulateOptions = { shape, troubleMs: 8_000 }
    const first = await simulate(300, options)
    const other = await simulate(301, options)
    const again = await simulate(300, options)
    expect({ ...again, counts: [...again.counts] }).toEqual({ ...first, counts: [...first.counts] })
    expect(other.traceHash).not.toBe(first.traceHash)
  })
})
