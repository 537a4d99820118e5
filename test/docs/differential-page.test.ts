import { expect, it } from 'vitest'
import { comparisons, outcomes } from '../../src/docs/differential-data.ts'
import { differentialPage } from '../../src/docs/differential-page.ts'

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
  expect(page).toContain('| `acls` | all 1 | - |\n| `topics` | all 2 | 1 of 2 |\n| together | all 3 | 1 of 2 |')
  expect(page).toContain('3 of 3 lines end alike on Apache Kafka, 1 of 2 on the bundled cluster.')
})
