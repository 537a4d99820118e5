import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../../src/base/clock.ts'
import type { CommandTable } from '../../../../src/cli/command.ts'
import type { CommandContext } from '../../../../src/cli/context.ts'
import { runProgram } from '../../../../src/cli/program.ts'
import { LineRunner } from '../../../../src/commands/learn/screen/line-runner.ts'
import { OutputPane } from '../../../../src/commands/learn/screen/output-pane.ts'
import { KeptOutput } from '../../../support/run-command.ts'

type Run = (context: CommandContext, args: readonly string[]) => Promise<number>

const command = (name: string, run: Run): CommandTable[string] => ({
  summary: name,
  load: async () => ({
    name,
    grammar: async () => ({ summary: '', options: {}, examples: [] }),
    run: (args, context) => run(context, args),
  }),
})

/** Commands that need no cluster. */
const commands: CommandTable = {
  say: command('say', async ({ stdout }, args) => {
    stdout.write(`${args.join(' ')}\n`)
    return 0
  }),
  echoes: command('echoes', async ({ stdin, stdout }) => {
    for await (const chunk of stdin) stdout.write(`got ${String(chunk).trim()}\n`)
    return 0
  }),
  wait: command('wait', ({ signal, stdout }) => {
    stdout.write('waiting\n')
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve(130)))
  }),
  asks: command('asks', async ({ ask, stdout, interactive }) => {
    stdout.write(`${interactive} ${await ask({ message: 'Really?', kind: 'confirm' })}\n`)
    return 0
  }),
}

let pane: OutputPane
let outside: KeptOutput
let runner: LineRunner
let ending: AbortController
beforeEach(async () => {
  pane = new OutputPane(() => undefined)
  pane.resize(80, 20)
  outside = new KeptOutput(true)
  ending = new AbortController()
  const all: CommandTable = { ...commands, screen: command('screen', async (context) => begin(context, all)) }
  const parts = {
    ...{ stdout: outside, stderr: outside, clock: systemClock, signal: ending.signal },
    stdin: () => Object.assign(process.stdin, { isTerminal: true }) as CommandContext['stdin'],
    stdinIsTerminal: true,
    env: { NO_COLOR: '1', PATH: process.env.PATH, KT_HOME: '/nowhere' },
    localCluster: { find: async () => null, start: async () => Promise.reject(new Error('none here')) },
    createAdmin: async () => Promise.reject(new Error('no admin here')),
    ask: async () => Promise.reject(new Error('the terminal is not to be asked')),
  }
  await runProgram(['screen'], parts, all)
})
afterEach(() => ending.abort())

async function begin(context: CommandContext, table: CommandTable): Promise<number> {
  const words = { hello: async () => 0 }
  runner = new LineRunner({
    ...{ context, commands: table, pane, words, binDirectory: '/nowhere' },
    onChange: () => undefined,
  })
  return 0
}

async function until(what: () => boolean): Promise<void> {
  while (!what()) await new Promise((resolve) => setImmediate(resolve))
}

describe('lines on the screen', () => {
  it('write into the pane and nowhere else', async () => {
    await runner.run('say hello')
    await runner.run("kt say 'one two' three")
    await runner.run('nonsense')
    expect(pane.text()).toContain('hello\none two three\n')
    expect(pane.text()).toContain('nonsense')
    expect(outside.text).toBe('')
    expect(runner.session.lastExitCode).not.toBe(0)
    await runner.run('hello')
    expect(runner.session.lastExitCode).toBe(0)
  })

  it('get what is typed while they run, until Ctrl-D', async () => {
    const running = runner.run('echoes')
    runner.type('early')
    await until(() => pane.text().includes('got early'))
    runner.type('late')
    await until(() => pane.text().includes('got late'))
    runner.endInput()
    expect(await running).toEqual([])
    expect(runner.isRunning).toBe(false)
    expect(pane.text()).toBe('early\ngot early\nlate\ngot late')
  })

  it('that want no input leave what was typed meanwhile to be run', async () => {
    const running = runner.run('say one')
    runner.type('say two')
    expect(await running).toEqual(['say two'])
  })

  it('end with Ctrl-C, and nothing else does; what was typed meanwhile is forgotten', async () => {
    const running = runner.run('wait')
    await until(() => pane.text().includes('waiting'))
    runner.type('say two')
    runner.interrupt()
    expect(await running).toEqual([])
    expect(runner.session.lastExitCode).toBe(130)
    expect(ending.signal.aborted).toBe(false)
    await runner.run('say still here')
    expect(pane.text()).toMatch(/\^C\nstill here$/)
  })

  it('ask at the prompt of the screen', async () => {
    const running = runner.run('asks')
    await until(() => runner.question !== null)
    expect(runner.question).toMatchObject({ message: 'Really?', kind: 'confirm' })
    runner.type('y')
    await running
    expect(pane.text()).toBe('Really? (y/N) y\ntrue yes')
  })

  it('that ask end with Ctrl-C', async () => {
    const running = runner.run('asks')
    await until(() => runner.question !== null)
    runner.interrupt()
    await running
    expect(runner.question).toBeNull()
    expect(runner.session.lastExitCode).toBe(130)
  })

  it('may be pipelines of the system, ended as a whole', async () => {
    await runner.run('!printf "b\\na\\n" | sort')
    expect(pane.text()).toBe('a\nb')
    const running = runner.run('!echo begun; sleep 600 | cat')
    await until(() => pane.text().includes('begun'))
    runner.interrupt()
    await running
    expect(runner.session.lastExitCode).toBe(130)
  })

  it('answer nothing that is secret in plain sight', async () => {
    const asked = runner.ask({ message: 'Password', kind: 'secret' }, ending.signal)
    runner.type('hunter2')
    expect(await asked).toBe('hunter2')
    expect(pane.text()).toBe('Password *******')
  })
})
