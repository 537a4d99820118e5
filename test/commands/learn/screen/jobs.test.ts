import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../../src/base/clock.ts'
import type { CommandTable } from '../../../../src/cli/command.ts'
import type { CommandContext } from '../../../../src/cli/context.ts'
import { besideOf, Jobs, MAX_JOBS } from '../../../../src/commands/learn/screen/jobs.ts'
import { OutputPane } from '../../../../src/commands/learn/screen/output-pane.ts'
import { KeptOutput } from '../../../support/run-command.ts'

/** A context whose only command waits for its end. */
function contextOf(): CommandContext {
  const output = new KeptOutput(true)
  return {
    ...{ stdout: output, stderr: output, env: {}, clock: systemClock, signal: new AbortController().signal },
    holdInterrupts: () => {
      throw new Error('Ctrl-C is for what runs at the prompt')
    },
    run: (args: readonly string[], { stdout, signal }: { stdout: KeptOutput; signal: AbortSignal }) => {
      stdout.write(`${args.join(' ')} beg`)
      stdout.write('ins\nhalf')
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve(130)))
    },
  } as unknown as CommandContext
}

function jobsOf() {
  const pane = new OutputPane(() => undefined)
  pane.resize(80, 20)
  let ended = 0
  const commands: CommandTable = {}
  const parts = { context: contextOf(), commands, pane, words: {}, binDirectory: '/', onChange: () => undefined }
  const jobs = new Jobs(parts, () => {
    ended += 1
  })
  return { pane, jobs, endedCount: () => ended }
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

describe('lines that run beside the prompt', () => {
  it.each([
    ['console-consumer --topic a &', 'console-consumer --topic a'],
    ['say x&', 'say x'],
    ['say x', null],
    ['say x &&', null],
    ['a && b', null],
    ['say \\&', null],
    ['&', null],
  ])('%j', (line, beside) => expect(besideOf(line)).toBe(beside))

  it('write whole lines with their number in front, and are ended by it', async () => {
    const { pane, jobs, endedCount } = jobsOf()
    jobs.begin('consume a', {})
    jobs.begin('consume b', {})
    expect(jobs.list()).toEqual(['[1] consume a', '[2] consume b'])
    expect(pane.text()).toContain('[1] consume a begins\n')
    expect(pane.text()).not.toContain('half')
    expect(jobs.stop(7)).toBe(false)
    expect(jobs.stop(1)).toBe(true)
    await turn()
    expect(pane.text()).toMatch(/\[1\] half/)
    expect(pane.text()).toMatch(/\n\[1\] ended, exit 130: consume a$/)
    expect(jobs.list()).toEqual(['[2] consume b'])
    jobs.stop(null)
    await turn()
    expect(jobs.list()).toEqual([])
    expect(endedCount()).toBe(2)
  })

  it('are not too many', () => {
    const { pane, jobs } = jobsOf()
    for (let at = 0; at <= MAX_JOBS; at++) jobs.begin('consume', {})
    expect(jobs.list()).toHaveLength(MAX_JOBS)
    expect(pane.text()).toContain('stop N ends one')
    jobs.stop(null)
  })
})
