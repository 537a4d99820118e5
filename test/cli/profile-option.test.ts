import { describe, expect, it } from 'vitest'
import { defineArgparseCommand, definePlainCommand, defineWordsCommand } from '../../src/cli/argparse-command.ts'
import type { Command, CommandTable } from '../../src/cli/command.ts'
import type { CommandContext } from '../../src/cli/context.ts'
import { flag } from '../../src/cli/options.ts'
import { connectingBy, withProfile } from '../../src/cli/profile-option.ts'
import { CONNECTION_OPTIONS, defineScriptCommand } from '../../src/cli/script-command.ts'
import { runCommand } from '../support/run-command.ts'

/** Prints the profile that would be used, and the options that the command has seen. */
async function tell(given: { given: ReadonlyMap<string, unknown> }, context: CommandContext): Promise<number> {
  const profile = await context.connection({ bootstrapServer: 'a:1' }).then(
    () => 'none',
    (error: Error) => error.message,
  )
  context.stdout.write(`${profile}; ${[...given.given.keys()].join(' ')}\n`)
  return 0
}

const common = { summary: 'does', examples: [] }
const options = { ...CONNECTION_OPTIONS, list: flag('List.') }
const commands: Record<string, Command> = {
  script: defineScriptCommand({ name: 'script', script: 'kafka-script.sh', options, run: tell, ...common }),
  plain: definePlainCommand({
    name: 'plain',
    script: 'kafka-plain.sh',
    options,
    run: tell,
    helpExitCode: 0,
    ...common,
  }),
  words: defineWordsCommand({
    name: 'words',
    script: 'kafka-words.sh',
    options,
    words: '[W]',
    helpExitCode: 0,
    run: (given, _, context) => tell(given, context),
    ...common,
  }),
  sub: defineArgparseCommand({
    name: 'sub',
    script: 'kafka-sub.sh',
    options: CONNECTION_OPTIONS,
    helpExitCode: 0,
    subcommands: {
      go: { summary: 'go', options: { list: flag('List.') }, run: (given, _, context) => tell(given, context) },
    },
    ...common,
  }),
  offline: defineScriptCommand({
    name: 'offline',
    script: 'kafka-offline.sh',
    options: { list: flag('L') },
    run: tell,
    ...common,
  }),
}
const table: CommandTable = Object.fromEntries(
  Object.entries(commands).map(([name, command]) => [
    name,
    { summary: 'does', script: command.script!, load: async () => command },
  ]),
)
const run = (args: string[], terminal = false) =>
  runCommand(args, { commands: table, terminal, env: { KT_HOME: '/no/such/home' } })

describe('--profile', () => {
  it.each([
    ['script', ['script', '--list', '--profile', 'x']],
    ['plain', ['plain', '--profile', 'x', '--list']],
    ['words', ['words', '--list', '--profile=x']],
    ['sub', ['sub', '--profile', 'x', 'go', '--list']],
  ])('names the connection of a command of the kind %s, which does not see it', async (_, args) => {
    expect((await run(args)).stdout).toBe('There is no profile x; list\n')
  })

  it('left out changes nothing', async () => {
    expect((await run(['script', '--list'])).stdout).toBe('none; list\n')
  })

  it.each(['script', 'plain', 'words', 'sub'])('is not there under the script’s own name of %s', async (name) => {
    const more = name === 'sub' ? ['go'] : []
    const { code, stderr } = await run([`kafka-${name}.sh`, '--profile', 'x', ...more])
    expect(code).toBe(1)
    expect(stderr).toMatch(/profile/)
  })

  it('stands in help and grammar of what connects', async () => {
    expect((await run(['script', '--help'], true)).stdout).toContain('--profile <name>')
    for (const [name, command] of Object.entries(commands)) {
      expect(Object.hasOwn((await command.grammar()).options, 'profile'), name).toBe(name !== 'offline')
    }
    expect(withProfile({ list: flag('L') })).not.toHaveProperty('profile')
    expect(withProfile(options, true)).not.toHaveProperty('profile')
  })
})

it('standard input is not opened for it', () => {
  const context = {
    get stdin(): never {
      throw new Error('opened')
    },
    connection: async (target: object) => target,
    admin: async (target: object) => target,
  } as unknown as CommandContext
  const scoped = connectingBy('p', context)
  expect(() => scoped.stdin).toThrow('opened')
  return Promise.all([
    expect(scoped.connection({ bootstrapServer: 'a' })).resolves.toEqual({ bootstrapServer: 'a', profile: 'p' }),
    expect(scoped.admin({})).resolves.toEqual({ profile: 'p' }),
  ])
})
