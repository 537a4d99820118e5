import * as fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { BEGINNER_ERRORS } from '../../src/commands/beginner-errors/table.ts'
import { beginnerErrorsPage } from '../../src/docs/beginner-errors-page.ts'

describe('the page of beginner errors', () => {
  const written = fs.readFileSync(new URL('../../src/docs/beginner-errors.md', import.meta.url), 'utf8')

  it('is up to date: npm run docs', () => {
    expect(beginnerErrorsPage()).toBe(written)
  })

  it('has every row', () => {
    for (const { id } of BEGINNER_ERRORS) expect(written).toContain(`\n| \`${id}\` |`)
  })
})
