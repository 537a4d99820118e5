import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/base/clock.ts'
import type { CommandTable } from '../../../src/cli/command.ts'
import type { CommandContext } from '../../../src/cli/context.ts'
import { ProfileStore } from '../../../src/cli/profiles.ts'
import { commandOf, ShellSession } from '../../../src/cli/shell/session.ts'
import { SHELL_TARGET } from '../../../src/cli/shell-target.ts'
import { KeptOutput } from '../../support/run-command.ts'

const load = async () => {
  throw new Error('not loaded')
}
const COMMANDS: CommandTable = {
  topics: { summary: '', script: 'kafka-topics.sh', load },
  cluster: { summary: '', verbsOf: 'kafka-cluster.sh', load },
  shell: { summary: '', load },
  secret: { summary: '', hidden: true, load },
}

let home: string
beforeAll(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-shell-session-'))
  new ProfileStore({ KT_HOME: home }).write('prod', new Map([['bootstrap.servers', 'prod:9092']]))
})
afterAll(() => fs.rmSync(home, { recursive: true, force: true }))

let stdout: KeptOutput
let stderr: KeptOutput
let code: number
let ran: { args: readonly string[]; env: CommandContext['env'] | undefined }[]
beforeEach(() => {
  stdout = new KeptOutput()
  stderr = new KeptOutput()
  code = 0
  ran = []
})

function session(env: Record<string, string> = {}): ShellSession {
  const context = {
    ...{ stdout, stderr, clock: systemClock, env: { KT_HOME: home, ...env } },
    run: async (args: readonly string[], surroundings: { env?: CommandContext['env'] }) => {
      ran.push({ args, env: surroundings.env })
      return code
    },
  } as unknown as CommandContext
  const stream = Object.assign(Readable.from([]), { isTerminal: false }) as CommandContext['stdin']
  const openInput = () => ({ stream, close: () => undefined })
  return new ShellSession({ context, commands: COMMANDS, target: {}, isTerminal: false, binDirectory: '/', openInput })
}
const signal = new AbortController().signal

describe('the exit code', () => {
  it('is that of the last line that did something', async () => {
    const shell = session()
    code = 4
    expect(await shell.run('topics', signal)).toBe(4)
    expect(await shell.run('# nothing', signal)).toBe(4)
    code = 0
    expect(await shell.run('topics', signal)).toBe(0)
  })
  it('is said by exit, or stays', async () => {
    const shell = session()
    code = 4
    await shell.run('topics', signal)
    expect(await shell.run('exit', signal)).toBe(4)
    expect(shell.leaving).toBe(true)
    expect(await session().run('quit 9', signal)).toBe(9)
    const other = session()
    expect(await other.run('exit now', signal)).toBe(2)
    expect(other.leaving).toBe(false)
  })
})

describe('where lines connect', () => {
  it('is told by use, for every line from then on', async () => {
    const shell = session()
    expect(shell.place).toBe('local')
    await shell.run('use prod', signal)
    expect(shell.place).toBe('prod')
    await shell.run('topics --list', signal)
    expect(JSON.parse(ran[0]!.env![SHELL_TARGET]!)).toEqual({ profile: 'prod' })
    await shell.run('use --bootstrap-server b:1', signal)
    expect(shell.place).toBe('b:1')
    await shell.run('use --none', signal)
    expect(shell.place).toBe('local')
    expect(shell.env[SHELL_TARGET]).toBeUndefined()
    expect(stdout.text).toBe('Lines connect to prod.\nLines connect to b:1.\nLines connect to the local cluster.\n')
  })
  it('is what the environment says, when the shell was told nothing', () => {
    expect(session({ KT_BOOTSTRAP_SERVER: 'b:2' }).place).toBe('b:2')
    expect(session({ KT_PROFILE: 'prod' }).place).toBe('prod')
  })
  it('stays when the profile is not there, or the words are wrong', async () => {
    const shell = session()
    await shell.run('use prod', signal)
    expect(await shell.run('use prd', signal)).toBe(8)
    expect(await shell.run('use --bootstrap-server', signal)).toBe(2)
    expect(await shell.run('use a b c', signal)).toBe(2)
    expect(shell.place).toBe('prod')
    expect(stderr.text).toContain('There is no profile prd')
  })
})

describe('words of the shell', () => {
  it('help lists them, and commands that are not hidden', async () => {
    await session().run('help', signal)
    expect(stdout.text).toContain('use PROFILE')
    expect(stdout.text).toContain('  topics   cluster\n')
    expect(stdout.text).not.toContain('secret')
  })
  it('help of a command is the command’s', async () => {
    await session().run('help bin/kafka-topics.sh', signal)
    await session().run('help exit', signal)
    expect(ran[0]!.args).toEqual(['kafka-topics.sh', '--help'])
    expect(stdout.text).toMatch(/^exit \[CODE\]/)
  })
  it('there is one shell at a time', async () => {
    expect(await session().run('kt shell', signal)).toBe(2)
    expect(stderr.text).toContain('this is kt shell already')
  })
})

it.each([
  ['topics', 'topics'],
  ['kafka-topics', 'topics'],
  ['kafka-topics.sh', 'topics'],
  ['/opt/kafka/bin/kafka-topics.sh', 'topics'],
  ['bin/kafka-cluster.sh', 'cluster'],
  ['constructor', undefined],
  ['bin/topics', undefined],
])('%s names %s', (word, command) => expect(commandOf(word, COMMANDS)).toBe(command))
