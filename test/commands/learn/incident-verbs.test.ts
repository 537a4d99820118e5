import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { incidentOf } from '../../../src/commands/learn/incident-verbs.ts'
import { COURSE, FIRST_INCIDENT } from '../../../src/learn/lessons/index.ts'
import { runCommand } from '../../support/run-command.ts'

const INCIDENTS = COURSE.filter(({ number }) => number >= FIRST_INCIDENT)

it('finds an incident by its place, its number and words of its title', () => {
  for (const [at, entry] of INCIDENTS.entries()) {
    expect(incidentOf(String(at + 1))).toBe(entry)
    expect(incidentOf(String(entry.number))).toBe(entry)
    expect(incidentOf(entry.title)).toBe(entry)
  }
  expect(() => incidentOf('the shop burns')).toThrow("no lesson 'the shop burns'")
  expect(() => incidentOf('0')).toThrow()
})

it('lists them with how far they are, without a cluster', async () => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-incidents-'))
  onTestFinished(() => fs.rmSync(home, { recursive: true }))
  const { code, stdout } = await runCommand(['learn', 'incident'], { env: { KT_HOME: home } })
  expect(code).toBe(0)
  expect(stdout.split('\n').slice(0, -1)).toEqual(
    INCIDENTS.map(({ title }, at) => `${String(at + 1).padStart(2)}  new     ${title}`),
  )
})
