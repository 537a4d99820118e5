import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePorts } from '../../src/cluster/free-ports.ts'
import { outputMatches, parseSession, runStep } from './session.ts'

const BIN = path.resolve(import.meta.dirname, '../../bin')
const SESSIONS = path.join(import.meta.dirname, 'sessions')

describe('the session format', () => {
  it('reads commands, output and exit codes', () => {
    const steps = parseSession('# why\n$ kt a\nout <*>\n\n$ kt b\n[exit 3]\n')
    expect(steps).toEqual([
      { line: 2, command: 'kt a', expected: ['out <*>'], exitCode: 0 },
      { line: 5, command: 'kt b', expected: [], exitCode: 3 },
    ])
  })
  it('matches wildcards within and across lines, and nothing else', () => {
    expect(outputMatches(['a <*> c', '...', 'z'], ['a b c', '1', '2', 'z'])).toBe(true)
    expect(outputMatches(['a'], ['a', 'b'])).toBe(false)
    expect(outputMatches(['a.c'], ['abc'])).toBe(false)
  })
})

describe.each(fs.readdirSync(SESSIONS))('session %s', (file) => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-session-'))
  const env: Record<string, string> = {
    KT_HOME: path.join(home, '.kt'),
    HOME: home,
    PATH: `${BIN}${path.delimiter}${process.env.PATH}`,
    NO_COLOR: '1',
    KT_BOOTSTRAP_SERVER: '',
  }
  const steps = parseSession(fs.readFileSync(path.join(SESSIONS, file), 'utf8'))
  let stopped = false

  beforeAll(async () => {
    const [port, closedPort] = await freePorts('127.0.0.1', 2)
    env.PORT = String(port)
    env.CLOSED = String(closedPort)
  })
  afterAll(() => {
    spawnSync(process.execPath, [path.join(BIN, 'kt'), 'cluster', 'reset', '--yes'], {
      env: { ...process.env, ...env },
    })
    fs.rmSync(home, { recursive: true, force: true })
  })

  // Steps build on each other: after the first that differs, the rest would only add noise.
  it.each(steps.map((step) => [`${step.line}: ${step.command}`, step] as const))('line %s', async (_title, step) => {
    if (stopped) return expect.soft('an earlier step of this session differed').toBe('')
    stopped = true
    const { lines, exitCode } = await runStep(step, env, home)
    if (!outputMatches(step.expected, lines)) expect(lines).toEqual(step.expected)
    expect(exitCode).toBe(step.exitCode)
    stopped = false
    return undefined
  })
})
