import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemClock } from '../../../src/base/clock.ts'
import { ProfileStore } from '../../../src/cli/profiles.ts'
import { COMMANDS } from '../../../src/cli/program.ts'
import { SHELL_TARGET } from '../../../src/cli/shell-target.ts'
import { cacheFile, writeNames } from '../../../src/commands/complete/live-names.ts'
import { completeLine } from '../../../src/commands/shell/completer.ts'

const TARGET = JSON.stringify({ bootstrapServer: 'b:1' })
let home: string
let env: Record<string, string>
beforeAll(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-completer-'))
  env = { KT_HOME: home, [SHELL_TARGET]: TARGET }
  new ProfileStore(env).write('prod', new Map([['bootstrap.servers', 'prod:9092']]))
  fs.writeFileSync(path.join(home, 'plan.json'), '')
  fs.mkdirSync(path.join(home, 'plans'))
  const names = { topics: ['orders', 'orders-2', 'payments'], groups: ['billing'], brokers: ['1', '2'] }
  writeNames(cacheFile(home, ['', '', '', '', TARGET]), names, systemClock)
})
afterAll(() => fs.rmSync(home, { recursive: true, force: true }))

const complete = (line: string): ReturnType<typeof completeLine> =>
  completeLine(line, COMMANDS, { env, clock: systemClock })

it.each<[string, string[], string]>([
  ['topi', ['topics '], 'topi'],
  ['exi', ['exit '], 'exi'],
  ['kafka-top', ['kafka-topics.sh '], 'kafka-top'],
  ['bin/kafka-cluster', ['bin/kafka-cluster.sh '], 'bin/kafka-cluster'],
  ['topics --desc', ['--describe '], '--desc'],
  ['kt topics --desc', ['--describe '], '--desc'],
  ['topics --describe --topic ', ['orders', 'orders-2', 'payments'], ''],
  ['topics --describe --topic pay', ['payments '], 'pay'],
  ['bin/kafka-topics.sh --describe --topic pay', ['payments '], 'pay'],
  ['topics --list | consumer-groups --describe --group b', ['billing '], 'b'],
  ['use p', ['prod '], 'p'],
  ['use --n', ['--none '], '--n'],
  ['use prod ', [], ''],
  ['nothing-of-ours --x', [], '--x'],
])('%j', async (line, candidates, word) => expect(await complete(line)).toEqual([candidates, word]))

it('files, a directory to go on with', async () => {
  const line = `reassign-partitions --reassignment-json-file ${home}/pla`
  expect(await complete(line)).toEqual([[`${home}/plan.json`, `${home}/plans/`], `${home}/pla`])
  expect(await complete(`reassign-partitions --reassignment-json-file ${home}/none/`)).toEqual([[], `${home}/none/`])
})

it('commands and words of the shell for nothing', async () => {
  const [all] = await complete('')
  expect(all).toEqual(expect.arrayContaining(['topics', 'use', 'exit', 'help', 'quickstart']))
  expect(all).not.toContain('kafka-topics.sh')
})
