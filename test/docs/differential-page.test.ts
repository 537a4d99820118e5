import * as fs from 'node:fs'
import { expect, it } from 'vitest'
import { comparisons, outcomes } from '../../src/docs/differential-data.ts'
import { differentialPage, NOT_ON_BUNDLED } from '../../src/docs/differential-page.ts'

const file = (name: string, ...statuses: string[]) => ({
  name: `/somewhere/test/interop/${name}.test.ts`,
  assertionResults: statuses.map((status) => ({ status })),
})

it('counts what ran in the files of commands', () => {
  const report = { testResults: [file('commands/topics', 'passed', 'failed', 'pending'), file('client', 'passed')] }
  expect([...outcomes(report)]).toEqual([['topics', { lines: 2, equal: 1 }]])
})

it('shows both clusters side by side, and what was not compared', () => {
  const apache = { testResults: [file('commands/topics', 'passed', 'passed'), file('commands/acls', 'passed')] }
  const bundled = { testResults: [file('commands/topics', 'passed', 'failed')] }
  const page = differentialPage(comparisons(apache, bundled))
  expect(page).toContain(
    '| `acls` | all 1 | not compared |\n| `topics` | all 2 | 1 of 2 |\n| together | all 3 | 1 of 2 |',
  )
  expect(page).toContain('3 of 3 lines end alike on Apache Kafka, 1 of 2 on the bundled cluster.')
})

it('says why a file of comparisons is not run on the bundled cluster', () => {
  const { testResults } = { testResults: [file('commands/storage', 'passed')] }
  expect(differentialPage(comparisons({ testResults }, { testResults: [] }))).toContain(
    '| `storage` | all 1 | asks no cluster |',
  )
})

it('has reasons for files that there are', () => {
  const files = fs.readdirSync(new URL('../interop/commands', import.meta.url))
  expect(files).toEqual(expect.arrayContaining(Object.keys(NOT_ON_BUNDLED).map((name) => `${name}.test.ts`)))
})
