import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MAX_HISTORY_LINES } from '../../../src/cli/shell/line-editor.ts'
import { HistoryFile, isKept } from '../../../src/commands/shell/history.ts'

let home: string
beforeEach(() => {
  home = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'kt-history-')), 'home')
})
afterEach(() => fs.rmSync(path.dirname(home), { recursive: true, force: true }))
const file = (): string => path.join(home, 'shell-history')

describe('the history', () => {
  it('comes back in the next shell, oldest first', () => {
    const first = new HistoryFile(home)
    expect(first.load()).toEqual([])
    for (const line of ['topics --list', 'groups --list  ', 'groups --list']) first.add(line)
    expect(new HistoryFile(home).load()).toEqual(['topics --list', 'groups --list'])
  })
  it('is for its owner alone, also when the file was open to others', () => {
    new HistoryFile(home).add('a')
    expect(fs.statSync(file()).mode & 0o777).toBe(0o600)
    fs.chmodSync(file(), 0o644)
    new HistoryFile(home).add('b')
    expect(fs.statSync(file()).mode & 0o777).toBe(0o600)
  })
  it('is bounded', () => {
    fs.mkdirSync(home)
    fs.writeFileSync(file(), Array.from({ length: 2 * MAX_HISTORY_LINES + 5 }, (_, at) => `error ${at}\n`).join(''))
    const lines = new HistoryFile(home).load()
    expect([lines.length, lines[0], lines.at(-1)]).toEqual([MAX_HISTORY_LINES, 'error 1005', 'error 2004'])
    expect(fs.readFileSync(file(), 'utf8').split('\n')).toHaveLength(MAX_HISTORY_LINES + 1)
  })
  it('has lines of two shells', () => {
    const [one, two] = [new HistoryFile(home), new HistoryFile(home)]
    one.add('a')
    two.add('b')
    one.add('c')
    expect(new HistoryFile(home).load()).toEqual(['a', 'b', 'c'])
  })
  it('is not worth a failure', () => {
    fs.writeFileSync(home, 'a file where the directory should be')
    const history = new HistoryFile(home)
    history.add('a')
    expect(history.load()).toEqual([])
  })
  it('has a line of several lines as one', () => {
    new HistoryFile(home).add('a \\\nb')
    expect(new HistoryFile(home).load()).toEqual(['a \\ b'])
  })
})

it.each([
  ['configs --alter --add-config SCRAM-SHA-256=[password=x] --user a', false],
  ['topics --command-property sasl.jaas.config=x', false],
  ['topics --command-property ssl.key.passphrase=x', false],
  ['delegation-tokens --expire --hmac abc', false],
  ['!curl https://me:pw@host', false],
  ['!echo $API_KEY', false],
  [' topics --list', false],
  ['', false],
  ['x'.repeat(5_000), false],
  ['delegation-tokens --describe', true],
  ['topics --list', true],
])('%s is kept: %s', (line, kept) => expect(isKept(line)).toBe(kept))
