import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import type { CommandContext } from '../../../src/cli/context.ts'
import type { ShellSession } from '../../../src/cli/shell/session.ts'
import { runScript } from '../../../src/commands/shell/script.ts'
import { KeptOutput } from '../../support/run-command.ts'

/** A session whose lines end with the number they are. */
function fake(ending = new AbortController()) {
  const ran: string[] = []
  const session = {
    lastExitCode: 0,
    leaving: false,
    async run(line: string) {
      ran.push(line)
      if (line === 'leave') session.leaving = true
      else if (line === 'end') ending.abort('SIGTERM')
      else session.lastExitCode = Number(line) || 0
      return session.lastExitCode
    },
  }
  const stderr = new KeptOutput()
  const run = (text: string, exitOnError = false): Promise<number> => {
    const context = { stderr, signal: ending.signal } as unknown as CommandContext
    return runScript(Readable.from([text]), session as unknown as ShellSession, { exitOnError }, context)
  }
  return { ran, stderr, run }
}

it('runs line by line, says which one failed, and ends as the last one', async () => {
  const { run, ran, stderr } = fake()
  expect(await run('0\n7\n# x\n0\n5')).toBe(5)
  expect(ran).toEqual(['0', '7', '# x', '0', '5'])
  expect(stderr.text).toBe('kt shell: line 2: exit code 7\nkt shell: line 5: exit code 5\n')
})

it('ends at the first failure when told so', async () => {
  const { run, ran, stderr } = fake()
  expect(await run('0\n7\n0\n', true)).toBe(7)
  expect(ran).toEqual(['0', '7'])
  expect(stderr.text).toBe('kt shell: line 2: exit code 7; the rest is not run\n')
})

it('ends with exit, and when it is told to end', async () => {
  for (const word of ['leave', 'end']) {
    const { run, ran } = fake()
    expect(await run(`3\n${word}\n4\n`)).toBe(3)
    expect(ran).toEqual(['3', word])
  }
})

it('takes lines together that belong together, and counts them', async () => {
  const { run, ran, stderr } = fake()
  await run('a \\\nb\ncat <<E\n x\nE\n9\n"open')
  expect(ran).toEqual(['a \\\nb', 'cat <<E\n x\nE', '9', '"open'])
  expect(stderr.text).toBe('kt shell: line 6: exit code 9\n')
})
