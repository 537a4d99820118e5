import { describe, expect, it } from 'vitest'
import {
  type ArgparseCommandDefinition,
  defineArgparseCommand,
  definePlainCommand,
  defineSubcommand,
  defineWordsCommand,
} from '../../src/cli/argparse-command.ts'
import { flag, integer, text } from '../../src/cli/options.ts'
import { presentationOf } from '../../src/cli/script-command.ts'
import { type RunOptions, runCommand } from '../support/run-command.ts'

const main = { server: text('host:port', 'Where to connect.') }

const definition: ArgparseCommandDefinition = {
  name: 'things',
  script: 'kafka-things.sh',
  summary: 'Show things',
  options: main,
  examples: [{ command: 'kt things show', does: 'shows them' }],
  helpExitCode: 0,
  subcommands: {
    show: defineSubcommand({
      summary: 'Shows one.',
      options: { id: integer('id', 'Which.', { short: 'i', required: true }) },
      async run(given, { given: before }, context) {
        const format = presentationOf(given, context)
        context.stdout.write(`${given.value('id')} ${before.get('server')?.[0] ?? '-'} ${format}\n`)
        return 0
      },
    }),
    clear: defineSubcommand({
      summary: 'Clears them.',
      options: { force: flag('At once.') },
      formats: false,
      run: async () => 3,
    }),
  },
}

const run = (line: string, options: RunOptions = {}, more: Partial<ArgparseCommandDefinition> = {}) => {
  const load = async () => defineArgparseCommand({ ...definition, ...more })
  const commands = { things: { summary: 'Show things', script: 'kafka-things.sh', load } }
  return runCommand(line.split(' '), { ...options, commands })
}

describe('a command with the subcommands of a script', () => {
  it('hands the options before and after to the subcommand, whose exit code counts', async () => {
    expect(await run('things --server a:1 show -i 4')).toMatchObject({ code: 0, stdout: '4 a:1 script\n' })
    expect(await run('things clear')).toMatchObject({ code: 3, stdout: '' })
  })

  it('takes --format on either side, except under the script’s own name', async () => {
    expect((await run('things --format json show -i 1')).stdout).toBe('1 - json\n')
    expect((await run('things show -i 1 --format yaml')).stdout).toBe('1 - yaml\n')
    expect(await run('kafka-things.sh show -i 1 --format yaml')).toMatchObject({ code: 1, stdout: '' })
    expect(await run('things show -i 1 --format xml')).toMatchObject({ code: 1, stdout: '' })
    expect((await run('things clear --format json')).code).toBe(1)
  })

  it('tells a wrong command line on stderr, in the script’s words where they are its own', async () => {
    const { code, stderr } = await run('things show')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^argument --id\/-i is required\nUsage: kt things /)
    const own = { usageErrorText: (message: string) => `Command line error: ${message}.` }
    expect((await run('things show', {}, own)).stderr).toBe('Command line error: argument --id/-i is required.')
    expect((await run('kafka-things.sh show', { terminal: true }, own)).stderr).toContain('Command line error')
  })

  it('prints help on stdout, of itself and of a subcommand', async () => {
    const all = await run('things --help')
    expect(all).toMatchObject({ code: 0, stderr: '' })
    for (const part of ['Show things', 'show', 'clear', '--server <host:port>', 'kt things show']) {
      expect(all.stdout).toContain(part)
    }
    const one = await run('things show --help', {}, { helpExitCode: 1 })
    expect(one.code).toBe(1)
    expect(one.stdout).toContain('-i, --id <id>')
    expect(one.stdout).toContain('kt things show')
    expect((await run('things clear --help')).stdout).not.toContain('kt things show')
    expect((await run('things --help', { terminal: true }, { helpExitCode: 1 })).code).toBe(0)
  })

  it('asks at a terminal for what is missing', async () => {
    const result = await run('things show', { terminal: true, answers: ['7'] })
    expect(result).toMatchObject({ code: 0, stdout: '7 - terminal\n', questions: ['--id'] })
    expect((await run('things show', { terminal: true, answers: [''] })).code).toBe(1)
    expect((await run('kafka-things.sh show', { terminal: true, answers: ['7'] })).code).toBe(1)
  })
})

describe('a command with plain words', () => {
  const words = (line: string, options: RunOptions = {}) => {
    const command = defineWordsCommand({
      name: 'things',
      script: 'kafka-things.sh',
      summary: 'Show things',
      words: '[THING]',
      options: { file: text('file', 'Where they are.', { short: 'f', required: true }) },
      examples: [],
      helpExitCode: 1,
      async run(given, rest, context) {
        context.stdout.write(`${given.value('file')} ${JSON.stringify(rest)}\n`)
        return 5
      },
    })
    const commands = { things: { summary: '', script: 'kafka-things.sh', load: async () => command } }
    return runCommand(line.split(' '), { ...options, commands })
  }

  it('takes them before, between and after options, and everything after --', async () => {
    expect(await words('things a -f x b')).toMatchObject({ code: 5, stdout: 'x ["a","b"]\n' })
    expect(await words('things -fx -- -a -- b')).toMatchObject({ code: 5, stdout: 'x ["-a","--","b"]\n' })
    expect(await words('things -f x')).toMatchObject({ code: 5, stdout: 'x []\n' })
  })

  it('fails in the words of the script', async () => {
    const missing = await words('kafka-things.sh a')
    expect(missing).toMatchObject({ code: 1, stdout: '' })
    expect(missing.stderr).toBe(
      'argument --file/-f is required\nUsage: kafka-things.sh [options] [THING]   (--help lists them)\n',
    )
    expect((await words('things -f x -z')).stderr).toContain("unrecognized arguments: '-z'")
  })

  it('shows its help, with the exit code of the script where a script might read it', async () => {
    const help = await words('things a --help')
    expect(help.code).toBe(1)
    expect(help.stdout).toContain('Usage: kt things [options] [THING]')
    expect(help.stdout).toContain('-f, --file <file>')
    expect((await words('things -h', { terminal: true })).code).toBe(0)
  })

  it('asks at a terminal for what is missing', async () => {
    const asked = await words('things a', { terminal: true, answers: ['x'] })
    expect(asked).toMatchObject({ code: 5, stdout: 'x ["a"]\n', questions: ['--file'] })
  })
})

describe('a command with options alone', () => {
  const plain = definePlainCommand({
    name: 'load',
    script: 'kafka-load.sh',
    summary: 'Make load',
    options: { size: integer('bytes', 'How large.', { required: true }), one: flag('One.'), other: flag('Other.') },
    exclusive: [{ names: ['one', 'other'] }],
    helpExitCode: 1,
    emptyExitCode: 0,
    examples: [],
    async run(given, context) {
      context.stdout.write(`${given.value('size')} ${presentationOf(given, context)}\n`)
      return 0
    },
  })
  const load = (line: string) =>
    runCommand(['load', ...line.split(' ').filter((word) => word !== '')], {
      commands: { load: { summary: '', script: 'kafka-load.sh', load: async () => plain } },
    })

  it('runs, shows its help, and refuses', async () => {
    expect(await load('--size 3 --format json')).toMatchObject({ code: 0, stdout: '3 json\n' })
    expect(await load('--size 3 --one --other')).toMatchObject({ code: 1, stdout: '' })
    expect((await load('')).code).toBe(0)
    expect(await load('--help')).toMatchObject({ code: 1, stderr: '' })
    expect((await load('--one')).stderr).toContain('argument --size is required')
    expect((await load('--size 3 --format xml')).stderr).toContain('xml')
    expect((await plain.grammar()).options).toHaveProperty('format')
  })
})
