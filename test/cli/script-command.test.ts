import { describe, expect, it } from 'vitest'
import { requireOptions } from '../../src/cli/check-options.ts'
import type { CommandTable } from '../../src/cli/command.ts'
import { addedByKt, integer, text } from '../../src/cli/options.ts'
import {
  CONNECTION_OPTIONS,
  defineScriptCommand,
  presentationOf,
  type ScriptCommandDefinition,
  targetOf,
} from '../../src/cli/script-command.ts'
import { type RunOptions, runCommand } from '../support/run-command.ts'

const options = {
  topic: text('topic', 'The topic.'),
  count: integer('number', 'How many.'),
  old: text('x', 'Renamed.', { deprecated: true }),
  ...CONNECTION_OPTIONS,
  ...addedByKt({ tail: integer('count', 'Only the last.', { default: '3' }) }),
}

function thing(more: Partial<ScriptCommandDefinition<typeof options>> = {}): CommandTable {
  const command = defineScriptCommand({
    name: 'thing',
    script: 'kafka-thing.sh',
    summary: 'Does a thing',
    options,
    examples: [{ command: 'kt thing --topic t', does: 'does it to t' }],
    check: (given) => requireOptions(given, ['topic']),
    async run(given, context) {
      context.stdout.write(
        `${given.value('topic')} ${presentationOf(given, context)} ${targetOf(given).bootstrapServer}\n`,
      )
      given.value('count')
      return 7
    },
    ...more,
  })
  return { thing: { summary: 'Does a thing', script: 'kafka-thing.sh', load: async () => command } }
}
const run = (line: string, more: RunOptions & Partial<ScriptCommandDefinition<typeof options>> = {}) =>
  runCommand(line.split(' '), { ...more, commands: thing(more) })

describe('a command that mirrors a script', () => {
  it('runs and gives its own exit code', async () => {
    expect(await run('thing --topic t --bootstrap-server a:1')).toMatchObject({
      code: 7,
      stdout: 't script a:1\n',
      stderr: '',
    })
  })

  it('shows help when nothing is given, unless it has something to do; as the script always', async () => {
    const check = () => undefined
    expect(await run('thing', { check })).toMatchObject({ code: 1, stdout: '' })
    expect(await run('thing', { check, runsBare: true })).toMatchObject({ code: 7 })
    expect(await run('kafka-thing.sh', { check, runsBare: true })).toMatchObject({ code: 1, stdout: '' })
  })

  it('shows a flag error on stderr with the nearest option and exits 1', async () => {
    const { code, stdout, stderr } = await run('thing --topc t')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toBe(
      'topc is not a recognized option\n  Did you mean --topic?\nUsage: kt thing [options]   (--help lists them)\n',
    )
  })

  it('puts the script’s prefix before an option it cannot read', async () => {
    const { stderr } = await run('thing --topc t', { parseErrorPrefix: 'Error occurred: ' })
    expect(stderr.split('\n').slice(0, 2)).toEqual([
      'Error occurred: topc is not a recognized option',
      '  Did you mean --topic?',
    ])
  })

  it('shows what the checks and late conversions find in the same way', async () => {
    expect(await run('thing --count 1')).toMatchObject({ code: 1, stdout: '' })
    const late = await run('thing --topic t --count x')
    expect(late.code).toBe(1)
    expect(late.stderr).toContain("Cannot parse argument 'x' of option count\n")
  })

  it('translates options of older versions, one line each', async () => {
    const { stdout, stderr } = await run('thing --topic t --broker-list b:2')
    expect(stdout).toBe('t script b:2\n')
    expect(stderr).toBe(
      'kt thing: --broker-list b:2: read as --bootstrap-server b:2 (the option was renamed in Kafka 2.5 and removed in 4.0)\n',
    )
  })

  it('prints the version of the Kafka it mirrors', async () => {
    expect(await run('thing --version')).toMatchObject({ code: 0, stdout: '4.3.1\n' })
  })

  it('takes help and version before it checks anything', async () => {
    expect((await run('thing --version --count x')).code).toBe(0)
    expect((await run('thing --help --count x')).stderr).toContain('Usage: kt thing')
  })
})

describe('help of a command that mirrors a script', () => {
  it('goes where the script puts it when piped: stderr, exit 1', async () => {
    const { code, stdout, stderr } = await run('thing --help')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('--topic <topic>')
    expect(stderr).toContain('kt thing --topic t\n      does it to t')
    expect(stderr).toContain('Old names still read: --old')
    expect(stderr).not.toContain('Renamed.')
  })

  it('goes to stdout on a terminal, exit 0', async () => {
    const { code, stdout, stderr } = await run('thing --help', { terminal: true })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain("Does a thing (Kafka's kafka-thing.sh)")
  })

  it('can go elsewhere, as some scripts do', async () => {
    const scriptHelp = { stream: 'stdout', exitCode: 0 } as const
    expect(await run('thing --help', { scriptHelp })).toMatchObject({ code: 0, stderr: '' })
  })

  it('is what a bare command shows, unless it needs no arguments', async () => {
    expect((await run('thing')).stderr).toContain('Usage: kt thing')
    const bare = await run('thing', { needsArguments: false })
    expect(bare.stderr).toContain('Missing required argument "[topic]"')
  })
})

describe('how a command prints', () => {
  it.each([
    ['', false, 'script'],
    ['', true, 'terminal'],
    [' --format json', true, 'json'],
    [' --format=yaml', false, 'yaml'],
  ])('with%s on a terminal (%j): %s', async (line, terminal, expected) => {
    const { stdout } = await run(`thing --topic t${line}`, { terminal })
    expect(stdout).toBe(`t ${expected} undefined\n`)
  })

  it('refuses a format it does not have before doing anything', async () => {
    const { code, stdout, stderr } = await run('thing --topic t --format xml')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain("Unknown format 'xml'\n  Formats: json, yaml\n")
  })

  it('is always the script’s under the script’s own name, without our option', async () => {
    expect((await run('kafka-thing.sh --topic t', { terminal: true })).stdout).toBe('t script undefined\n')
    expect((await run('kafka-thing.sh --topic t --format json')).stderr).toContain('format is not a recognized option')
    const help = await run('kafka-thing.sh --help', { terminal: true })
    expect({ code: help.code, stdout: help.stdout }).toEqual({ code: 1, stdout: '' })
  })

  it('has no structures where there are none', async () => {
    expect((await run('thing --topic t --format json', { formats: false })).stderr).toContain('not a recognized')
  })
})

describe('a missing option', () => {
  it('is asked for when both ends are a terminal', async () => {
    const { stdout, questions } = await run('thing --count 1', { terminal: true, answers: ['orders'] })
    expect(stdout).toBe('orders terminal undefined\n')
    expect(questions).toEqual(['--topic (The topic.)'])
  })

  it('is the official error when the answer is empty, or nobody can be asked', async () => {
    const empty = await run('thing --count 1', { terminal: true, answers: [''] })
    expect(empty.stderr).toContain('Missing required argument "[topic]"')
    const piped = await run('thing --count 1', { answers: ['orders'] })
    expect(piped.questions).toEqual([])
    expect(piped.stderr).toContain('Missing required argument "[topic]"')
    const script = await run('kafka-thing.sh --count 1', { terminal: true, answers: ['orders'] })
    expect(script.questions).toEqual([])
  })
})

describe('an option that the script does not have', () => {
  it('is known to kt, with its default', async () => {
    expect((await run('thing --topic t --tail 2')).code).toBe(7)
    let tail: number | undefined
    const keep = async (given: { value(name: 'tail'): number | undefined }): Promise<number> => {
      tail = given.value('tail')
      return 0
    }
    await run('thing --topic t', { run: keep })
    expect(tail).toBe(3)
  })

  it('is unknown, and without its default, under the script’s own name', async () => {
    const { code, stderr } = await run('kafka-thing.sh --topic t --tail 2')
    expect(code).toBe(1)
    expect(stderr).toContain('tail is not a recognized option')
    let tail: number | undefined = 0
    const keep = async (given: { value(name: 'tail'): number | undefined }): Promise<number> => {
      tail = given.value('tail')
      return 0
    }
    expect((await run('kafka-thing.sh --topic t', { run: keep })).code).toBe(0)
    expect(tail).toBeUndefined()
  })

  it('stands apart in help, behind those of the script', async () => {
    const { stdout } = await run('thing --help', { terminal: true })
    const [, ours] = stdout.split('Added by kt:')
    expect(ours).toMatch(/--tail <count>[\s\S]*--format/)
    expect(ours).not.toContain('--topic <')
    expect((await run('kafka-thing.sh --help')).stderr).not.toContain('Added by kt')
  })
})
