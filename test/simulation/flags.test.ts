import { describe, expect, it } from 'vitest'
import { readFlags, UsageError } from './flags.ts'

const refused = (...argv: string[]): string => {
  try {
    readFlags(argv)
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError)
    return (error as Error).message
  }
  throw new Error(`${argv.join(' ')} was taken`)
}

describe('the flags of npm run simulate', () => {
  it('leave everything to the seed when they are left out', () => {
    const flags = readFlags([])!
    expect(flags).toMatchObject({ what: 'cluster', firstSeed: 1, runs: 1, keepGoing: false })
    expect(Object.keys(flags.cluster)).toEqual(['nodeLogs'])
    expect(Object.keys(flags.quorum)).toEqual(['nodeLogs'])
  })

  it('describe a cluster', () => {
    const flags = readFlags(['--seed', '7', '--runs', '3', '--shape', 'combined', '--no-harsh', '--trouble', '500'])!
    expect(flags).toMatchObject({ firstSeed: 7, runs: 3 })
    expect(flags.cluster).toEqual({ shape: 'combined', harsh: false, troubleMs: 500, nodeLogs: false })
  })

  it('describe a quorum', () => {
    const flags = readFlags(['--what', 'quorum', '--voters', '5', '--spares', '0', '--static', '--logs'])!
    expect(flags.quorum).toEqual({ voters: 5, spares: 0, isStatic: true, nodeLogs: true })
  })

  it('are refused in one line that names the flag and what was given', () => {
    expect(refused('--seed', 'abc')).toBe("--seed is a whole number of at least 0, not 'abc'")
    expect(refused('--runs', '0')).toBe("--runs is a whole number of at least 1, not '0'")
    expect(refused('--runs', '1.5')).toContain("not '1.5'")
    expect(refused('--seed', '99999999999999999999')).toContain('whole number')
    expect(refused('--shape', 'round')).toContain("one-controller, three-controllers, combined, not 'round'")
    expect(refused('--what', 'disk')).toBe("--what is cluster or quorum, not 'disk'")
    expect(refused('--voters', '3')).toBe('--voters has no meaning with --what cluster')
    expect(refused('--what', 'quorum', '--calm')).toBe('--calm has no meaning with --what quorum')
    for (const argv of [['--bogus'], ['--runs'], ['more'], ['--seed', '-1']]) {
      expect(refused(...argv).split('\n')).toHaveLength(1)
    }
  })

  it('ask for help', () => {
    expect(readFlags(['--help'])).toBeNull()
    expect(readFlags(['-h'])).toBeNull()
  })
})
