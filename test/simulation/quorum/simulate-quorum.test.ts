/** A fixed batch of seeds of the metadata quorum alone. More of them: `npm run simulate -- --what quorum --runs N`. */
import { describe, expect, it } from 'vitest'
import { type QuorumOptions, simulateQuorum } from './simulate-quorum.ts'

const SLOW_MS = 300_000

/** Runs the seeds; says which of them broke what, and sums up what happened. */
async function runSeeds(first: number, runs: number, options: QuorumOptions) {
  const violations: string[] = []
  const counts = new Map<string, number>()
  for (let seed = first; seed < first + runs; seed++) {
    const { violation, about, counts: own } = await simulateQuorum(seed, options)
    if (violation !== null) violations.push(`seed ${seed} (${about}): ${violation.message}`)
    for (const [name, count] of own) counts.set(name, (counts.get(name) ?? 0) + count)
  }
  const count = (name: string): number => counts.get(name) ?? 0
  return { violations, count }
}

describe('a quorum', () => {
  const KINDS: readonly (readonly [string, number, QuorumOptions])[] = [
    ['of three voters', 10, { voters: 3, brokers: 2, spares: 0, isStatic: false }],
    ['of five voters', 4, { voters: 5, brokers: 1, spares: 0, isStatic: false }],
    ['of voters that are configured', 6, { voters: 3, brokers: 1, spares: 0, isStatic: true }],
    ['whose voters change', 8, { voters: 3, brokers: 1, spares: 2, isStatic: false }],
    ['that grows from one voter', 5, { voters: 1, brokers: 1, spares: 2, isStatic: false }],
  ]

  it.each(KINDS)('%s keeps what it committed and finds together again', { timeout: SLOW_MS }, async (_, runs, plan) => {
    const { violations, count } = await runSeeds(1, runs, { ...plan, troubleMs: 40_000 })
    expect(violations).toEqual([])
    expect(count('acknowledged')).toBeGreaterThan(150 * runs)
    expect(count('leaders')).toBeGreaterThan(3 * runs)
    expect(count('snapshot loaded')).toBeGreaterThan(0)
    if (plan.spares !== 0) expect(count('voter added') + count('voter removed')).toBeGreaterThan(runs)
  })

  it('does the same again for the same seed, and something else for another', { timeout: SLOW_MS }, async () => {
    for (const spares of [0, 2]) {
      const options: QuorumOptions = { voters: 3, brokers: 1, isStatic: false, spares, troubleMs: 20_000 }
      const first = await simulateQuorum(50, options)
      const other = await simulateQuorum(51, options)
      const again = await simulateQuorum(50, options)
      expect({ ...again, counts: [...again.counts] }).toEqual({ ...first, counts: [...first.counts] })
      expect(other.traceHash).not.toBe(first.traceHash)
    }
  })
})
