import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CommandResult, type RunOptions, runCommand } from '../../support/run-command.ts'
import { ORPHAN, RECORDS, segmentOf, snapshotOf } from './support.ts'

let directory: string
beforeAll(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-shell-'))
  fs.writeFileSync(path.join(directory, 'a.log'), segmentOf(RECORDS, [ORPHAN]))
  fs.writeFileSync(path.join(directory, 'a.checkpoint'), snapshotOf())
})
afterAll(() => fs.rmSync(directory, { recursive: true, force: true }))

const run = (words: readonly string[], options?: RunOptions): Promise<CommandResult> =>
  runCommand(['metadata-shell', ...words.map((word) => word.replace('DIR', directory))], options)

it.each([
  [['-s', 'DIR/a.checkpoint', 'ls', '/']],
  [['--snapshot=DIR/a.checkpoint', 'ls']],
  [['-sDIR/a.checkpoint', 'ls', '.', '']],
  [['ls', '-s', 'DIR/a.checkpoint', '/']],
  [['-s', 'DIR/nope', '-s', 'DIR/a.checkpoint', 'ls']],
  [['-s', 'DIR/a.checkpoint', '--', 'ls', '/']],
])('runs the command of %j', async (words) => {
  expect(await run(words)).toMatchObject({ code: 0, stdout: 'image\nlocal\n', stderr: '' })
})

it.each([
  [['foo'], "invalid choice: 'foo' (choose from 'cat', 'find', 'ls', 'tree')\n"],
  [['cat', '/nope'], 'cat: /nope: No such file or directory.\n'],
  [[''], ''],
])('does not fail for a command that finds nothing: %j', async (words, stdout) => {
  expect(await run(['-s', 'DIR/a.checkpoint', ...words])).toMatchObject({ code: 0, stdout })
})

it('tells of records that are left out on stderr', async () => {
  const result = await run(['-s', 'DIR/a.log', 'cat', '/image/topics/byName/orders/name'])
  expect(result).toMatchObject({ code: 0, stdout: 'orders\n' })
  expect(result.stderr).toMatch(/^The record at offset \d+ is left out: record for unknown topic id \S+\n$/)
})

it.each([
  [[], 'argument --snapshot/-s is required'],
  [['ls'], 'argument --snapshot/-s is required'],
  [['-s'], 'argument --snapshot/-s: expected one argument'],
  [['-s', 'DIR/a.log', 'ls', '-x'], "unrecognized arguments: '-x'"],
  [['--directory', 'DIR', 'ls'], "unrecognized arguments: '--directory'"],
  [['-s', 'DIR', 'ls'], 'is a directory'],
  [['-s', 'DIR/nope', 'ls'], 'Cannot read'],
  [['-s', 'DIR/nope'], 'Cannot read'],
])('fails: %j', async (words, message) => {
  const result = await run(words)
  expect(result.code).toBe(1)
  expect(result.stderr).toContain(message)
  expect(result.stderr).not.toContain('    at ')
})

it('prints help as the script does, which exits with 1', async () => {
  const result = await run(['--help'])
  expect(result.code).toBe(1)
  expect(result.stdout).toContain('Usage: kt metadata-shell [options] [COMMAND]')
  expect((await run(['--help'], { terminal: true })).code).toBe(0)
})

it('asks for the file at a terminal', async () => {
  const result = await run(['ls'], { terminal: true, answers: [path.join(directory, 'a.checkpoint')] })
  expect(result).toMatchObject({ code: 0, questions: ['--snapshot'] })
})

it('changes nothing', async () => {
  const state = () =>
    fs.readdirSync(directory).map((name) => {
      const { mtimeMs, size } = fs.statSync(path.join(directory, name))
      return [name, mtimeMs, size]
    })
  const before = state()
  await run(['-s', 'DIR/a.log', 'tree', '/'])
  expect(state()).toEqual(before)
})
