/** The scripts, in the shells themselves where these are here: a line goes in, candidates come out. */
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { cacheFile, writeNames } from '../../src/commands/complete/live-names.ts'
import { offeredByBash, offeredByFish, offeredByZsh } from '../support/in-shell.ts'
import { runCommand } from '../support/run-command.ts'

const BIN = path.resolve(import.meta.dirname, '../../bin')
const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0

let home: string
let env: Record<string, string | undefined>
beforeAll(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-completion-'))
  env = { ...process.env, KT_HOME: home, KT_BOOTSTRAP_SERVER: '', PATH: `${BIN}:${process.env.PATH}` }
  const names = { topics: ['orders', 'orders-eu'], groups: [], brokers: [] }
  for (const server of ['', 'localhost:9092']) writeNames(cacheFile(home, [server, '', '', '']), names, systemClock)
})
afterAll(() => fs.rmSync(home, { recursive: true, force: true }))

describe('kt completion', () => {
  it.each(['bash', 'zsh', 'fish'])('prints a script for %s that covers kt and the scripts', async (shell) => {
    const { code, stdout } = await runCommand(['completion', shell])
    expect(code).toBe(0)
    for (const name of ['kt __complete -- ', 'kafka-topics.sh', 'kafka-topics ']) expect(stdout).toContain(name)
  })

  it.each(['bash', 'zsh', 'fish'].filter(has))('%s can read its script', async (shell) => {
    const file = path.join(home, `script.${shell}`)
    fs.writeFileSync(file, (await runCommand(['completion', shell])).stdout)
    expect(spawnSync(shell, ['-n', file], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
  })

  it('refuses a shell it does not know', async () => {
    expect(await runCommand(['completion', 'csh'])).toMatchObject({ code: 2, stdout: '' })
    expect((await runCommand(['completion'])).code).toBe(2)
  })

  it('completes in bash: options, live names, and words with a colon or an equals sign', async () => {
    const inBash = (line: string) => offeredByBash(line, env)
    expect(await inBash('kt topics --replication')).toEqual(['--replication-factor'])
    expect(await inBash('bin/kafka-topics.sh --describe --topic orders-')).toEqual(['orders-eu'])
    expect(await inBash('kt topics --bootstrap-server localhost:9092 --topic ')).toEqual(['orders', 'orders-eu'])
    expect(await inBash('kt topics --bootstrap-server localhost:90')).toEqual(['9092'])
    expect(await inBash('kt topics --topic=orders-')).toEqual(['orders-eu'])
    expect(await inBash('kt topics --command-config ')).toEqual([''])
  })

  it.skipIf(!has('fish'))('completes in fish', async () => {
    const inFish = (line: string) => offeredByFish(line, env)
    expect(await inFish('kt topics --replication')).toEqual(['--replication-factor'])
    expect(await inFish('bin/kafka-topics.sh --describe --topic orders-')).toEqual(['orders-eu'])
    expect(await inFish('kt topics --bootstrap-server localhost:9092 --topic ')).toEqual(['orders', 'orders-eu'])
    expect(await inFish('kt topics --bootstrap-server localhost:90')).toEqual(['localhost:9092'])
    expect(await inFish('kafka-topics --topic=orders-')).toEqual(['--topic=orders-eu'])
    expect(await inFish(`kt topics --command-config ${BIN}/kafka-top`)).toEqual([`${BIN}/kafka-topics.sh`])
    expect(await inFish('kt cluster sta')).toEqual(['start', 'status'])
  })

  it.skipIf(!has('zsh'))(
    'completes in zsh',
    async () => {
      const inZsh = (line: string) => offeredByZsh(line, home, env)
      expect(await inZsh('kt topics --replication')).toEqual(['--replication-factor'])
      expect(await inZsh('bin/kafka-topics.sh --describe --topic orders-')).toEqual(['orders-eu'])
      expect(await inZsh('kt topics --bootstrap-server localhost:9092 --topic ')).toEqual(['orders', 'orders-eu'])
      expect(await inZsh('kt topics --bootstrap-server localhost:90')).toEqual(['localhost:9092'])
      expect(await inZsh('kafka-topics --topic=orders-')).toEqual(['--topic=orders-eu'])
      expect(await inZsh(`kt topics --command-config ${BIN}/kafka-top`)).toContain('kafka-topics.sh')
      expect(await inZsh('kt cluster sta')).toEqual(['start', 'status'])
    },
    100_000,
  )
})
