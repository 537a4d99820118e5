/** `kt shell` and `kt transact` at a real terminal (that of util-linux's `script`): keys that only a terminal turns into signals. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const BIN = path.resolve(import.meta.dirname, '../../bin')
/** The one of util-linux runs a command and ends with its exit code; that of BSD has other options. */
const hasScript = /util-linux/.test(spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout ?? '')
const CTRL_C = '\x03'
const CTRL_D = '\x04'

describe.skipIf(!hasScript)('a real terminal', () => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-shell-terminal-'))
  const env = {
    ...process.env,
    ...{ KT_HOME: path.join(home, '.kt'), HOME: home, NO_COLOR: '1', KT_BOOTSTRAP_SERVER: '', TERM: 'xterm' },
    PATH: `${BIN}${path.delimiter}${process.env.PATH}`,
  }
  const kt = (...args: string[]) => spawnSync(path.join(BIN, 'kt'), args, { env, encoding: 'utf8' })
  beforeAll(() => {
    expect(kt('cluster', 'start', '--brokers', '1', '--port', '0').status).toBe(0)
    expect(kt('topics', '--create', '--topic', 'orders').status).toBe(0)
  })
  afterAll(() => {
    kt('cluster', 'reset', '--yes')
    fs.rmSync(home, { recursive: true, force: true })
  })

  class Terminal {
    readonly #child: ChildProcess
    readonly #ended: Promise<number | null>
    #screen = ''
    /** What is behind this has not been waited for yet. */
    #seen = 0

    constructor(command: string) {
      // `exec`: a shell in between that waits would end with the number of a Ctrl-C that was not meant for it (dash does).
      this.#child = spawn('script', ['-q', '-e', '-c', `exec ${command}`, '/dev/null'], { cwd: home, env })
      this.#child.stdout!.on('data', (chunk: Buffer) => {
        this.#screen += chunk.toString('utf8')
      })
      this.#ended = new Promise((resolve) => this.#child.on('close', resolve))
    }

    get #text(): string {
      return stripVTControlCharacters(this.#screen).replaceAll('\r', '')
    }

    /** Types, and waits until something new is on the screen. */
    async type(keys: string, then: string): Promise<void> {
      if (keys !== '') this.#child.stdin!.write(keys)
      const until = Date.now() + 60_000
      for (;;) {
        const at = this.#text.indexOf(then, this.#seen)
        if (at >= 0) {
          this.#seen = at + then.length
          return
        }
        if (Date.now() > until)
          throw new Error(`${JSON.stringify(then)} is not in ${JSON.stringify(this.#text.slice(this.#seen))}`)
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    }

    async end(keys: string): Promise<number | null> {
      this.#child.stdin!.write(keys)
      return this.#ended
    }
  }

  it('has Ctrl-C end the command, Ctrl-D its input, and the shell go on', async () => {
    const terminal = new Terminal('kt shell')
    await terminal.type('', 'kt local> ')
    await terminal.type('console-producer --topic orders\r', '>')
    await terminal.type('from the keyboard\r', '>')
    await terminal.type(CTRL_D, 'kt local> ')
    await terminal.type('console-consumer --topic orders --from-beginning\r', 'from the keyboard\n')
    await terminal.type(CTRL_C, 'Processed a total of 1 messages')
    await terminal.type('', 'kt local (exit 130)> ')
    // Told when it runs: a Ctrl-C before that is a letter among those that are typed.
    await terminal.type("!echo u''p; exec sleep 300\r", 'up\n')
    await terminal.type(CTRL_C, 'kt local (exit 130)> ')
    await terminal.type('topics --list | grep -c .\r', 'kt local> ')
    await terminal.type(`half a line${CTRL_C}`, 'kt local> ')
    // What is pasted behind a command that reads is its input.
    await terminal.type('console-producer --topic orders\rpasted\r', 'pasted')
    await terminal.type(CTRL_D, 'kt local> ')
    await terminal.type('console-consumer --topic orders --from-beginning --max-messages 2\r', 'pasted\n')
    await terminal.type('', 'kt local> ')
    expect(await terminal.end('exit 3\r')).toBe(3)
  }, 180_000)

  // Keys that are typed in the moment between two owners of the terminal are lost, here as in any shell: once more, then.
  it('asks in the shell as it does outside of it', { retry: 2, timeout: 60_000 }, async () => {
    const terminal = new Terminal('kt shell')
    await terminal.type('', 'kt local> ')
    await terminal.type('cluster reset\r', 'Delete ')
    await terminal.type('n\r', 'kt local> ')
    await terminal.type('topics --list\r', 'orders\n')
    expect(await terminal.end(CTRL_D)).toBe(0)
  })
})
