import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { noteAttempt } from '../../src/cli/note-attempt.ts'
import { mayHaveSecret } from '../../src/cli/secret-words.ts'
import { LearnStore } from '../../src/learn/store.ts'
import { KeptOutput, runCommand } from '../support/run-command.ts'

let home: string
let store: LearnStore
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-noted-'))
  store = new LearnStore(home)
})
afterEach(() => fs.rmSync(home, { recursive: true }))

const open = (at = Date.now()) => store.writeOpen({ lesson: 5, at, target: null })
const run = (...args: string[]) => runCommand(args, { env: { KT_HOME: home } })

describe('command lines', () => {
  it('are not noted while no lesson is open, and nothing is written', async () => {
    await run('error', '3')
    expect(fs.readdirSync(home)).toEqual([])
  })

  it('are noted while one is, with how they ended and what they said', async () => {
    open()
    const { code, stderr } = await run('topics', '--creat', '--topic', 'two words')
    await run('error', '3')
    const [failed, worked] = store.readAttempts()
    expect(failed).toMatchObject({ lesson: 5, line: "kt topics --creat --topic 'two words'", exitCode: code })
    expect(stderr.startsWith(failed!.error)).toBe(true)
    expect(worked).toMatchObject({ line: 'kt error 3', exitCode: 0, error: '' })
  })

  it('with a slip in the command itself are noted too', async () => {
    open()
    await run('topcis', '--list')
    expect(store.readAttempts()).toMatchObject([
      { line: 'kt topcis --list', exitCode: 2, error: "kt: 'topcis' is not a command" },
    ])
  })

  it('under a script’s name are noted under it', async () => {
    open()
    await run('kafka-topics.sh', '--creat')
    expect(store.readAttempts()[0]!.line).toBe('kafka-topics.sh --creat')
  })

  it('of kt learn, of help and of completion are not attempts', async () => {
    open()
    for (const args of [['learn', 'list'], ['topics', '--help'], ['--version'], [], ['__complete', 'kt', '']])
      await run(...args)
    expect(store.readAttempts()).toEqual([])
  })

  it('are not noted when the lesson was opened long ago', async () => {
    open(Date.now() - 13 * 60 * 60 * 1000)
    await run('error', '3')
    expect(store.readAttempts()).toEqual([])
  })

  it('never have a secret in them', async () => {
    open()
    await run('error', 'password=hunter2')
    expect(JSON.stringify(store.readAttempts())).not.toContain('hunter2')
    expect(store.readAttempts()[0]!.line).toBe('kt error (not kept: it may have a secret in it)')
  })

  it('are passed on whole, whatever is kept of them', () => {
    open()
    const [stdout, stderr] = [new KeptOutput(true, 99), new KeptOutput()]
    const noted = noteAttempt({ args: ['x'], stdout, stderr, now: Date.now }, home)!
    noted.streams.stdout.write('Error while executing: ')
    noted.streams.stdout.write(Buffer.from(`no topic\n${'more '.repeat(1_000)}`))
    noted.end(1)
    expect(stdout.text.length).toBe('Error while executing: no topic\n'.length + 5_000)
    expect(noted.streams.stdout).toMatchObject({ isTerminal: true, columns: 99 })
    expect(store.readAttempts()[0]!.error).toBe('Error while executing: no topic')
  })

  it('are bounded, one by one', () => {
    open()
    const [stdout, stderr] = [new KeptOutput(), new KeptOutput()]
    const noted = noteAttempt({ args: ['x', 'y'.repeat(10_000)], stdout, stderr, now: Date.now }, home)!
    noted.streams.stderr.write('z'.repeat(10_000))
    noted.end(1)
    expect(JSON.stringify(store.readAttempts()[0]).length).toBeLessThan(1_000)
  })

  it('are lost when they cannot be kept; the command is not', async () => {
    open()
    fs.mkdirSync(path.join(home, 'learn/commands.jsonl'))
    expect((await run('error', '3')).code).toBe(0)
  })
})

describe('secrets', () => {
  it('are suspected by their words', () => {
    expect(['--password x', 'sasl.jaas.config=...', 'https://a:b@host'].every(mayHaveSecret)).toBe(true)
    expect(['kt topics --list', 'kt console-producer --topic orders'].some(mayHaveSecret)).toBe(false)
  })
})
