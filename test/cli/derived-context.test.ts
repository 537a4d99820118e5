import { expect, it } from 'vitest'
import type { CommandContext } from '../../src/cli/context.ts'
import { contextWith } from '../../src/cli/derived-context.ts'

it('has its own where they are given, opens nothing, and can be derived from again', () => {
  let opened = 0
  const outer = {
    programName: 'kt outer',
    asScript: true,
    atEnd: () => undefined,
    get stdin() {
      opened++
      return { isTerminal: true }
    },
  } as unknown as CommandContext
  const inner = contextWith(contextWith(outer, { programName: 'kt inner' }), { atEnd: undefined })
  expect([inner.programName, inner.asScript, inner.atEnd, opened]).toEqual(['kt inner', true, undefined, 0])
  expect([inner.stdin.isTerminal, opened]).toEqual([true, 1])
  expect(outer.programName).toBe('kt outer')
})
