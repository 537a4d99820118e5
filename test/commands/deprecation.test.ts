import { describe, expect, it } from 'vitest'
import type { CommandContext } from '../../src/cli/context.ts'
import { text } from '../../src/cli/options.ts'
import { parseOptions } from '../../src/cli/parse-options.ts'
import { printNotice, refuseBothNames, valuesUnder } from '../../src/commands/deprecation.ts'
import { KeptOutput } from '../support/run-command.ts'

const TABLE = { old: text('x', 'Old.'), current: text('x', 'Current.', { default: 'd' }) }
const given = (...args: string[]) => parseOptions(args, TABLE)

describe('refuseBothNames', () => {
  it('names both in the order it was given', () => {
    const both = given('--old', '1', '--current', '2')
    expect(() => refuseBothNames(both, [['old', 'current']])).toThrow(
      'Options --old and --current cannot be specified together.',
    )
    expect(() => refuseBothNames(both, [['current', 'old']])).toThrow('Options --current and --old cannot')
    expect(() => refuseBothNames(given('--old', '1'), [['old', 'current']])).not.toThrow()
  })
})

describe('valuesUnder', () => {
  it('takes every value of whichever name was used', () => {
    const renamed = { old: 'old', current: 'current' } as const
    expect(valuesUnder(given('--old', '1', '--old', '2'), renamed)).toEqual(['1', '2'])
    expect(valuesUnder(given('--current', '3'), renamed)).toEqual(['3'])
    expect(valuesUnder(given(), renamed)).toEqual(['d'])
  })
})

describe('printNotice', () => {
  const printed = (isTerminal: boolean, asScript: boolean): [string, string] => {
    const [stdout, stderr] = [new KeptOutput(isTerminal), new KeptOutput(isTerminal)]
    printNotice('old', { stdout, stderr, asScript } as unknown as CommandContext)
    return [stdout.text, stderr.text]
  }
  it('prints where the script does, unless a person watches', () => {
    expect(printed(false, false)).toEqual(['old\n', ''])
    expect(printed(true, true)).toEqual(['old\n', ''])
    expect(printed(true, false)).toEqual(['', 'old\n'])
  })
})
