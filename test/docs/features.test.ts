import * as fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/cli/program.ts'
import { explain } from '../../src/commands/explain/explanation.ts'
import { FEATURES, LEADS } from '../../src/docs/features.ts'
import { featuresPage } from '../../src/docs/features-page.ts'

describe('the page of features', () => {
  it('is up to date: npm run docs', () => {
    const written = fs.readFileSync(new URL('../../src/docs/features.md', import.meta.url), 'utf8')
    expect(featuresPage()).toBe(written)
  })

  it('has the 80 rows, each shown or with a reason', () => {
    expect(FEATURES.map(({ row }) => row)).toEqual(Array.from({ length: 80 }, (_, at) => at + 1))
    expect(FEATURES.filter(({ shown, why = '' }) => shown === undefined && why === '')).toEqual([])
  })

  const ahead = LEADS.map(({ shown }, at) => [FEATURES.length + at + 1, shown] as const)
  it.each([...FEATURES.flatMap(({ row, shown }) => (shown === undefined ? [] : [[row, shown] as const])), ...ahead])(
    'row %i: every option of %s is there',
    async (_row, shown) => {
      const { commands } = await explain(shown, COMMANDS)
      expect(commands.some(({ command }) => command !== null)).toBe(true)
      const parts = commands.flatMap((each) => each.parts)
      // Every command has it.
      const unknown = parts.filter(({ status, option }) => status !== 'known' && option !== 'explain')
      expect(unknown).toEqual([])
    },
  )
})
