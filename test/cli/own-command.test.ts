import { describe, expect, it } from 'vitest'
import { KtError } from '../../src/base/errors.ts'
import type { CommandTable } from '../../src/cli/command.ts'
import { addConnectionOptions, defineCommand, targetOfFlags } from '../../src/cli/own-command.ts'
import { runCommand } from '../support/run-command.ts'

const command = defineCommand({
  name: 'own',
  summary: 'Something of our own.',
  examples: [{ command: 'kt own start', does: 'starts it' }],
  configure(program, act) {
    addConnectionOptions(program.command('start').argument('[names...]').option('--count <n>', 'how many')).action(
      act(async (words, flags: { count?: string; bootstrapServer?: string }, context) => {
        const target = targetOfFlags(flags)
        context.stdout.write(JSON.stringify({ words, count: flags.count, server: target.bootstrapServer }))
        return 5
      }),
    )
    program.command('fail').action(
      act(async () => {
        throw new KtError('not-found', 'it is not there', { next: 'look elsewhere' })
      }),
    )
  },
})
const commands: CommandTable = { own: { summary: 'Something of our own.', load: async () => command } }
const run = (line: string) => runCommand(line.split(' '), { commands })

describe('a command of our own', () => {
  it('hands words and options to its action, whose exit code counts', async () => {
    const { code, stdout } = await run('own start a b --count 3 --bootstrap-server x:1')
    expect(code).toBe(5)
    expect(JSON.parse(stdout)).toEqual({ words: ['a', 'b'], count: '3', server: 'x:1' })
  })

  it('exits with the code of the failure’s kind', async () => {
    expect(await run('own fail')).toMatchObject({
      code: 8,
      stdout: '',
      stderr: 'it is not there\n  next: look elsewhere\n',
    })
  })

  it('shows usage errors on stderr with the nearest word, exit 2', async () => {
    const unknown = await run('own start --coutn 3')
    expect({ code: unknown.code, stdout: unknown.stdout }).toEqual({ code: 2, stdout: '' })
    expect(unknown.stderr).toContain("unknown option '--coutn'\n(Did you mean --count?)")
    expect(unknown.stderr).toContain('(kt own start --help shows how it is used)')
    expect((await run('own strat')).stderr).toContain('Did you mean start?')
  })

  it('shows help on stdout with examples, exit 0', async () => {
    const { code, stdout, stderr } = await run('own --help')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('Usage: kt own')
    expect(stdout).toContain('kt own start\n      starts it')
  })
})
