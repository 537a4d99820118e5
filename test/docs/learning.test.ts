import * as fs from 'node:fs'
import * as path from 'node:path'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/cli/program.ts'
import { explain } from '../../src/commands/explain/explanation.ts'
import { LEARNING } from '../../src/docs/learning.ts'
import { learningPage } from '../../src/docs/learning-page.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')

describe('the page of what learners want', () => {
  it('is up to date: npm run docs', () => {
    expect(learningPage()).toBe(fs.readFileSync(path.join(ROOT, 'src/docs/learning.md'), 'utf8'))
  })

  it('has the 32 rows, each once and with its place', () => {
    const numbers = LEARNING.map(({ row }) => row).sort((a, b) => a - b)
    expect(numbers).toEqual(Array.from({ length: 32 }, (_, at) => at + 1))
    expect(LEARNING.filter(({ how, places }) => how === '' || places.length === 0)).toEqual([])
  })

  it.each(LEARNING.flatMap(({ row, places }) => places.map((place) => [row, place] as const)))(
    'row %i: %s is there',
    (_row, place) => {
      expect(fs.existsSync(path.join(ROOT, place))).toBe(true)
    },
  )

  it.each(LEARNING.flatMap(({ row, shown }) => (shown === undefined ? [] : [[row, shown] as const])))(
    'row %i: every word of %s is known',
    async (_row, shown) => {
      const { commands } = await explain(shown, COMMANDS)
      expect(commands.some(({ command }) => command !== null)).toBe(true)
      // What stands in quotes is a command of another age.
      const parts = commands.flatMap((each) => each.parts)
      expect(parts.filter(({ status }) => status !== 'known')).toEqual([])
    },
  )

  it('says why, where something is not there', () => {
    const page = learningPage([{ ...LEARNING[0]!, isThere: false, how: 'nobody has built it' }])
    expect(page).toContain('| no | nobody has built it |')
    expect(page).toContain('0 of 1')
  })
})
