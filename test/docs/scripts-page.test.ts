import * as fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { scriptRows } from '../../src/docs/script-table.ts'
import { scriptsPage } from '../../src/docs/scripts-page.ts'

const rows = await scriptRows()

describe('the page of scripts', () => {
  it('is up to date: npm run docs', () => {
    const written = fs.readFileSync(new URL('../../src/docs/scripts.md', import.meta.url), 'utf8')
    expect(scriptsPage(rows)).toBe(written)
  })

  it('knows all 43 scripts', () => {
    expect(rows).toHaveLength(43)
  })

  it.each(rows)('$script: every option is there or has a stated reason', ({ options }) => {
    expect(options.filter(({ status, text }) => status === 'missing' && text === '')).toEqual([])
  })

  it('tells an option that is missing from one that is there and one that only kt has', () => {
    const { options } = rows.find(({ script }) => script === 'kafka-topics.sh')!
    const statusOf = (name: string) => options.find(({ option }) => option === name)?.status
    expect([statusOf('--create'), statusOf('--format'), statusOf('--nonsense')]).toEqual(['yes', 'added', undefined])
  })

  it('reads the options of verbs', () => {
    const { options } = rows.find(({ script }) => script === 'kafka-cluster.sh')!
    expect(options.find(({ option }) => option === 'unregister --id')?.status).toBe('yes')
    expect(options.every(({ option }) => !option.startsWith('start'))).toBe(true)
  })
})
