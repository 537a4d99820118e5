import { describe, expect, it } from 'vitest'
import type { Clock } from '../../src/base/clock.ts'
import { systemClock } from '../../src/base/clock.ts'
import { KtError } from '../../src/base/errors.ts'
import type { CommandTable } from '../../src/cli/command.ts'
import type { CommandContext } from '../../src/cli/context.ts'
import { COMMANDS } from '../../src/cli/program.ts'
import type { Admin } from '../../src/client/admin-types.ts'
import { type RunOptions, runCommand } from '../support/run-command.ts'

function table(work: (context: CommandContext, args: readonly string[]) => Promise<number>): CommandTable {
  const load = async () => ({
    name: 'topics',
    grammar: async () => ({ summary: '', options: {}, examples: [] }),
    run: (args: readonly string[], context: CommandContext) => work(context, args),
  })
  return {
    topics: { summary: 'Topics', script: 'kafka-topics.sh', load },
    own: { summary: 'Ours', load },
  }
}
const say = table(async (context, args) => {
  context.stdout.write(`${context.programName}|${context.asScript}|${args.join(' ')}`)
  return 0
})
const run = (line: string, commands = say, options: RunOptions = {}) =>
  runCommand(line === '' ? [] : line.split(' '), { ...options, commands })

describe('the program', () => {
  it('finds a command by its name and by its script’s', async () => {
    expect((await run('topics --list')).stdout).toBe('kt topics|false|--list')
    expect((await run('kafka-topics --list')).stdout).toBe('kt topics|false|--list')
    expect((await run('kafka-topics.sh --list')).stdout).toBe('kafka-topics.sh|true|--list')
  })

  it('names the nearest command for one it does not know', async () => {
    const { code, stdout, stderr } = await run('topcis --list')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toBe("kt: 'topcis' is not a command\n  Did you mean kt topics?\n  next: kt --help\n")
    expect((await run('kafka-topic.sh')).stderr).toContain('Did you mean kt topics?')
    expect((await run('constructor')).code).toBe(2)
  })

  it('lists its commands: asked for on stdout, otherwise on stderr', async () => {
    for (const line of ['--help', '-h', 'help']) {
      const { code, stdout } = await run(line)
      expect(code).toBe(0)
      expect(stdout).toMatch(/Commands that mirror a Kafka script:\s+topics +Topics/)
      expect(stdout).toMatch(/Commands of kt:\s+own +Ours/)
    }
    expect(await run('')).toMatchObject({ code: 2, stdout: '' })
  })

  it('turns help topics into topics --help', async () => {
    expect((await run('help topics')).stdout).toBe('kt topics|false|--help')
  })

  it('says its version and the Kafka it mirrors', async () => {
    expect((await run('--version')).stdout).toMatch(/^kt \S+ \(Apache Kafka 4\.3\.1\)\n$/)
  })

  it('shows a failure once and exits by its kind', async () => {
    const failing = table(async () => {
      throw new KtError('unreachable', 'nobody there', { next: 'kt cluster start' })
    })
    expect(await run('own', failing)).toMatchObject({ code: 3, stderr: 'nobody there\n  next: kt cluster start\n' })
    expect(await run('topics', failing)).toMatchObject({ code: 1 })
  })

  it('shows a defect without a stack', async () => {
    const broken = table(async () => {
      throw new TypeError('undefined is not a function')
    })
    const { code, stderr } = await run('own', broken)
    expect(code).toBe(1)
    expect(stderr).not.toContain('    at ')
  })

  it('closes every admin a command opened, whatever happened', async () => {
    let closed = 0
    const createAdmin = async () => ({ close: async () => void closed++ }) as unknown as Admin
    const opening = table(async (context) => {
      await context.admin({ bootstrapServer: 'a:1' })
      await context.admin({ bootstrapServer: 'b:1' })
      throw new KtError('kafka', 'refused')
    })
    await run('own', opening, { createAdmin })
    expect(closed).toBe(2)
  })

  it('shows the connection’s failure, not that of closing', async () => {
    const createAdmin = async (): Promise<Admin> => {
      throw new KtError('usage', 'bad address')
    }
    const opening = table(async (context) => {
      await context.admin({ bootstrapServer: 'a:1' })
      return 0
    })
    expect(await run('own', opening, { createAdmin })).toMatchObject({ code: 2, stderr: 'bad address\n' })
  })
})

describe('an interruption', () => {
  const untilAborted = (context: CommandContext): Promise<void> =>
    new Promise((resolve) => context.signal.addEventListener('abort', () => resolve()))

  function interrupted(commands: CommandTable, reason: string, clock: Clock = systemClock) {
    const controller = new AbortController()
    const result = run('topics', commands, { signal: controller.signal, clock })
    setImmediate(() => controller.abort(reason))
    return result
  }

  it('lets the command end by itself, with its own code and last words', async () => {
    const polite = table(async (context) => {
      await untilAborted(context)
      context.stderr.write('Processed a total of 3 messages\n')
      return 130
    })
    expect(await interrupted(polite, 'SIGINT')).toMatchObject({
      code: 130,
      stderr: 'Processed a total of 3 messages\n',
    })
  })

  it('says nothing about what failed because of it', async () => {
    const failing = table(async (context) => {
      await untilAborted(context)
      throw new Error('connection closed')
    })
    expect(await interrupted(failing, 'SIGTERM')).toMatchObject({ code: 143, stdout: '', stderr: '' })
    expect(await interrupted(failing, 'closed')).toMatchObject({ code: 0, stderr: '' })
  })

  it('does not wait for ever for a command that does not end', async () => {
    const impatient: Clock = { ...systemClock, setTimer: (_, callback) => systemClock.setTimer(0, callback) }
    const stuck = table(() => new Promise(() => undefined))
    expect(await interrupted(stuck, 'SIGINT', impatient)).toMatchObject({ code: 130, stderr: '' })
  })
})

describe('the table of commands', () => {
  it.each(Object.keys(COMMANDS))('%s loads and answers to its name', async (name) => {
    const command = await COMMANDS[name]!.load()
    expect(command.name).toBe(name)
    expect(command.script).toBe(COMMANDS[name]!.script)
  })
})
