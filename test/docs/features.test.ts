import * as fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { FEATURES } from '../../src/docs/features.ts'
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
})
