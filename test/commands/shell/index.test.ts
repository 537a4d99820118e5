import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { main } from '../../../src/cli/main.ts'
import { wireWatcher } from '../../../src/client/trace.ts'
import { KeptOutput, runCommand } from '../../support/run-command.ts'
import { RunningNode } from '../../support/running-node.ts'

let directory: string
beforeAll(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-shell-index-'))
})
afterAll(() => fs.rmSync(directory, { recursive: true, force: true }))

describe('a script', () => {
  it('comes from a pipe', async () => {
    const { code, stdout, stderr } = await runCommand(['shell'], {
      input: 'error 3 --format json\nerror nope\nerror 0\n',
    })
    expect(code).toBe(0)
    expect(JSON.parse(stdout.slice(0, stdout.indexOf('\n}') + 2)).kind).toBe('ErrorList')
    expect(stderr).toContain('kt shell: line 2: exit code 8\n')
  })
  it('comes from a file, and ends where it fails with -e', async () => {
    const file = path.join(directory, 'lines.kt')
    fs.writeFileSync(file, '# first\nerror 3\nerror nope\nerror 4\n')
    const { code, stdout } = await runCommand(['shell', '-e', file])
    expect(code).toBe(8)
    expect(stdout).toContain('UNKNOWN_TOPIC_OR_PARTITION')
    expect(stdout).not.toContain('INVALID_FETCH_SIZE')
  })
  it('that is not there is said to be', async () => {
    const { code, stderr } = await runCommand(['shell', path.join(directory, 'none')])
    expect(code).toBe(8)
    expect(stderr).toContain('Cannot read ')
  })
  it('has commands whose standard input is empty: the rest of the script is not theirs', async () => {
    const { stdout, code } = await runCommand(['shell'], { input: 'explain\nerror 3\n' })
    expect(stdout).toContain('UNKNOWN_TOPIC_OR_PARTITION')
    expect(code).toBe(0)
  })
})

it.each([
  [['--profile', 'none-such'], 8, 'There is no profile none-such'],
  [['--command-config', '/no/such/file'], 8, 'There is no file /no/such/file'],
  [['--bogus'], 2, "unknown option '--bogus'"],
])('what is wrong is told before the first line: %j', async (words, code, text) => {
  const result = await runCommand(['shell', ...words], { input: 'error 3\n' })
  expect(result).toMatchObject({ code, stdout: '' })
  expect(result.stderr).toContain(text)
})

describe('after two hundred commands', () => {
  it('nothing is left behind in the process', async () => {
    await using node = new RunningNode()
    await node.start()
    const env = { KT_HOME: directory, NO_COLOR: '1', PATH: process.env.PATH }
    const lines = (count: number): string => {
      const kinds = [
        'topics --list',
        'topics --describe --topic none',
        'topics --create --topic t --if-not-exists',
        'console-producer --topic t',
        'console-consumer --topic t --from-beginning --timeout-ms 1',
        'groups --list --format json',
        'error 3 --explain',
        'nonsense',
        'describe cluster',
        'get-offsets --topic t --format yaml',
      ]
      return Array.from({ length: count }, (_, at) => `${kinds[at % kinds.length]}\n`).join('')
    }
    const run = async (count: number): Promise<void> => {
      const file = path.join(directory, 'many.kt')
      fs.writeFileSync(file, lines(count))
      const [stdout, stderr] = [new KeptOutput(), new KeptOutput()]
      const stdin = () => Object.assign(fs.createReadStream('/dev/null'), { isTerminal: false })
      const io = { stdout, stderr, stdin: stdin as never, stdinIsTerminal: false }
      await main(['shell', '--bootstrap-server', node.bootstrapServers, file], env, io)
      expect(stdout.text).toContain('UNKNOWN_TOPIC_OR_PARTITION')
    }
    // What is loaded once and stays is there after the first ones.
    await run(10)
    const before = leftBehind()
    await run(200)
    expect(leftBehind()).toEqual(before)
  }, 120_000)
})

/** Listeners by emitter and event, open sockets and timers, the exit code. */
function leftBehind(): unknown {
  const emitters = { process, stdin: process.stdin, stdout: process.stdout, stderr: process.stderr }
  const listeners = Object.entries(emitters).map(([name, emitter]) => [
    name,
    Object.fromEntries(emitter.eventNames().map((event) => [String(event), emitter.listenerCount(event as never)])),
  ])
  const sockets = process.getActiveResourcesInfo().filter((kind) => /TCP|TLS/.test(kind)).length
  return { listeners, sockets, exitCode: process.exitCode, directory: process.cwd(), watcher: wireWatcher() }
}
