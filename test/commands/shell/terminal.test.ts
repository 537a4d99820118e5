/** The shell at a terminal: keys in, screen out; the commands are real, and none of them needs a cluster. */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/base/clock.ts'
import type { CommandTable } from '../../../src/cli/command.ts'
import type { CommandContext } from '../../../src/cli/context.ts'
import { COMMANDS, runProgram } from '../../../src/cli/program.ts'
import { shellCommand } from '../../../src/commands/shell/index.ts'
import { KeptOutput } from '../../support/run-command.ts'

const WAIT_FOR_CTRL_C: CommandTable[string] = {
  summary: 'Waits',
  load: async () => ({
    name: 'wait',
    grammar: async () => ({ summary: '', options: {}, examples: [] }),
    run: (_, { signal, stdout }) =>
      new Promise((resolve) => {
        stdout.write('waiting\n')
        signal.addEventListener('abort', () => resolve(signal.reason === 'SIGINT' ? 130 : 1))
      }),
  }),
}
const commands: CommandTable = {
  ...COMMANDS,
  wait: WAIT_FOR_CTRL_C,
  shell: { summary: '', load: async () => shellCommand(commands) },
}

let home: string
let keyboard: PassThrough
let screen: KeptOutput
let interrupt: (() => void) | null
let ended: Promise<number>
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-terminal-'))
  keyboard = new PassThrough()
  screen = new KeptOutput(true, 100)
  interrupt = null
  ended = runProgram(
    ['shell'],
    {
      ...{ stdout: screen, stderr: screen, clock: systemClock, signal: new AbortController().signal },
      stdin: () => Object.assign(keyboard, { isTerminal: true }) as unknown as CommandContext['stdin'],
      stdinIsTerminal: true,
      env: { KT_HOME: home, NO_COLOR: '1', PATH: process.env.PATH },
      localCluster: { find: async () => null, start: async () => Promise.reject(new Error('none here')) },
      createAdmin: async () => Promise.reject(new Error('no admin here')),
      ask: async () => '',
      holdInterrupts(listener) {
        interrupt = listener
        return () => {
          interrupt = null
        }
      },
    },
    commands,
  )
})
afterEach(async () => {
  keyboard.end()
  await ended
  fs.rmSync(home, { recursive: true, force: true })
})

const shown = (): string => stripVTControlCharacters(screen.text).replaceAll('\r', '')
async function until(text: string | RegExp): Promise<void> {
  const isThere = (): boolean => (typeof text === 'string' ? shown().includes(text) : text.test(shown()))
  while (!isThere()) await new Promise((resolve) => setTimeout(resolve, 5))
}
async function type(keys: string, then: string | RegExp): Promise<void> {
  keyboard.write(keys)
  await until(then)
}

describe('the prompt', () => {
  it('runs a line, shows a failure, and forgets it with the next success', async () => {
    await until('kt local> ')
    await type('error 99999\r', 'kt local (exit ')
    await type('error 3\r', /UNKNOWN_TOPIC_OR_PARTITION[\s\S]*kt local> $/)
    await type('exit 5\r', 'exit 5')
    expect(await ended).toBe(5)
  })

  it('drops the line at Ctrl-C, what was begun before included', async () => {
    await until('kt local> ')
    await type('error "3\r', '\n> ')
    await type('x\x03', /\^C\n.*kt local> $/)
    await type('nonsense\x03', /nonsense\^C\n.*kt local> $/)
    await type('error 3\r', 'UNKNOWN_TOPIC_OR_PARTITION')
  })

  it('ends with Ctrl-D', async () => {
    await until('kt local> ')
    keyboard.write('\x04')
    expect(await ended).toBe(0)
  })

  it('completes with Tab', async () => {
    await until('kt local> ')
    await type('err\t', 'error ')
    await type('3 --for\t', '--format ')
    await type('json\r', '"kind": "ErrorList"')
  })

  it('takes lines that are pasted one after the other', async () => {
    await until('kt local> ')
    keyboard.write('error 3\rerror 4\r')
    await until(/UNKNOWN_TOPIC[\s\S]*kt local> error 4\n[\s\S]*INVALID_FETCH_SIZE[\s\S]*kt local> $/)
  })

  it('keeps its lines for the next shell, without secrets', async () => {
    await until('kt local> ')
    await type('error 3\r', /UNKNOWN_TOPIC[\s\S]*kt local> $/)
    await type('error password\r', 'kt local (exit')
    expect(fs.readFileSync(path.join(home, 'shell-history'), 'utf8')).toBe('error 3\n')
  })
})

describe('Ctrl-C while a command runs', () => {
  it('ends the command, and the shell goes on', async () => {
    await until('kt local> ')
    await type('wait\r', 'waiting\n')
    interrupt!()
    await until('kt local (exit 130)> ')
    // As a Ctrl-C that the process is told of when what it ended has ended already.
    interrupt!()
    await type('wait\r', /waiting\n[\s\S]*waiting\n/)
    interrupt!()
    await until(/exit 130[\s\S]*exit 130/)
    await type('exit 5\r', 'exit 5')
    expect(await ended).toBe(5)
    expect(interrupt).toBeNull()
  })
})
