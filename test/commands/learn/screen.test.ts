/** `kt learn` as a learner has it: the built program on a pseudo-terminal, keys in, a screen out, brokers that really die. */
import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { hasPty, PtyTerminal } from '../../support/pty-terminal.ts'

const KT = path.resolve(import.meta.dirname, '../../../bin/kt')

let home: string
let env: NodeJS.ProcessEnv
beforeAll(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-learn-screen-'))
  env = { ...process.env, KT_HOME: home, TERM: 'xterm-256color', NO_COLOR: '1', CI: 'true' }
  delete env.FORCE_COLOR
  delete env.KT_BOOTSTRAP_SERVER
})
afterAll(() => {
  execFileSync(process.execPath, [KT, 'cluster', 'reset', '--yes'], { env, stdio: 'ignore' })
  fs.rmSync(home, { recursive: true, force: true })
})

let terminal: PtyTerminal
afterEach(() => terminal.kill())

const start = (args: string, more: NodeJS.ProcessEnv = {}): PtyTerminal =>
  new PtyTerminal(`exec '${process.execPath}' '${KT}' learn ${args}`, {
    env: { ...env, ...more },
    columns: 80,
    rows: 24,
  })

describe.skipIf(!hasPty())('kt learn on a terminal', () => {
  it('walks the first lessons at one prompt: a cluster, a topic, a leader that dies', {
    timeout: 240_000,
  }, async () => {
    terminal = start('')
    await terminal.until(/Lesson 0: A cluster in one command +0 of 2 goals/)
    expect(terminal.isOnSecondPage).toBe(true)
    await terminal.until(/\[ \] three brokers are in service/)

    terminal.type('cluster start --port 0\r')
    await terminal.until(/passed: next goes on/)
    expect(terminal.text).toMatch(/\[x\] three brokers are in service/)

    terminal.type('next\r')
    await terminal.until(/Lesson 1: .* 0 of 3 goals/)
    await terminal.until(/Type:\n/)
    // Completed as in kt shell: the option by its beginning.
    terminal.type('topics --create --topic kt-01-orders --replication\t')
    await terminal.until(/--replication-factor$/m)
    terminal.type('3 --partitions 3\r')
    await terminal.until(/passed: next goes on/)
    await terminal.until(/p2 e0 hw 0 /)

    terminal.type('goto 15\r')
    await terminal.until(/Lesson 15: Kill the leader +0 of 3 goals/)
    await terminal.until(/p0 e\d+ hw 30 .*L 30/)
    terminal.type('answer 1 b\r')
    await terminal.until(/So it is\./)
    terminal.type(`cluster kill ${leaderOf(terminal)}\r`)
    await terminal.until(/passed: next goes on/)
    expect(terminal.text).toMatch(/\d dead/)
    expect(terminal.text).toMatch(/leader of kt-15-orders-0: \d -> \d/)

    // A size that has room for the lesson's text.
    terminal.resize(120, 40)
    await terminal.until(/Thirty orders are in kt-15-orders.* \| \[x\] another broker leads the partition/)
    expect(terminal.lines.every((line) => line.length <= 120)).toBe(true)
    terminal.resize(80, 24)
    await terminal.until((at) => at.lines.every((line) => line.length <= 80) && /\[x\] the ISR/.test(at.text))

    // Ctrl-C ends what runs and nothing else.
    terminal.type('console-consumer --topic kt-15-orders --from-beginning\r')
    await terminal.until(/order 30$/m)
    terminal.type('\x03')
    await terminal.until(/kt \(exit 130\)>/)

    terminal.type('quit\r')
    expect(await terminal.ended).toBe(0)
    expect(terminal.isOnSecondPage).toBe(false)
    expect(terminal.text).toMatch(/The lesson stays open/)
  })

  it('gives the terminal back when it is ended', { timeout: 120_000 }, async () => {
    terminal = start('')
    await terminal.until(/Lesson 15: Kill the leader +3 of 3|Lesson 15: .*passed/)
    const pid = pidOf(home)
    process.kill(pid, 'SIGTERM')
    expect(await terminal.ended).toBe(143)
    expect(terminal.isOnSecondPage).toBe(false)
  })

  it.each([
    ['--plain', {}],
    ['', { TERM: 'dumb' }],
    ['', { ACCESSIBLE: '1' }],
  ])('has lines instead of a screen with %j and %j', { timeout: 120_000 }, async (args, more) => {
    terminal = start(args, more)
    await terminal.until(/Watching the cluster/)
    expect(terminal.isOnSecondPage).toBe(false)
    terminal.type('\x03')
    expect(await terminal.ended).toBe(0)
  })
})

function leaderOf(terminal: PtyTerminal): number {
  const head = terminal.lines.find((line) => / broker +\d/.test(line))!
  const row = terminal.lines.find((line) => /p0 e\d+ hw 30/.test(line))!
  return Number(head.slice(row.indexOf('L 30'), row.indexOf('L 30') + 1))
}

/** The learner's own process: others on this machine may learn too. */
function pidOf(home: string): number {
  const pids = execFileSync('pgrep', ['-f', `${KT} learn`], { encoding: 'utf8' })
    .trim()
    .split('\n')
  const own = pids.find((pid) => {
    const [program = ''] = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    const variables = fs.readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
    return program === process.execPath && variables.includes(`KT_HOME=${home}`)
  })
  return Number(own)
}
