/** Programs of lessons as processes: found again by their files, started once, ended as with Ctrl-C, gone with their lesson. */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { startCluster } from '../../../../src/cluster/start-cluster.ts'
import type { LocalCluster } from '../../../../src/cluster/types.ts'
import { Programs } from '../../../../src/commands/learn/programs/processes.ts'
import { type CommandResult, runCommand } from '../../../support/run-command.ts'

let cluster: LocalCluster
let home: string
let env: Record<string, string>
let programs: Programs
beforeAll(async () => {
  cluster = await startCluster()
})
afterAll(() => cluster[Symbol.asyncDispose]())
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-programs-'))
  env = { KT_HOME: home }
  programs = new Programs(env)
})
afterEach(async () => {
  await programs.end('')
  fs.rmSync(home, { recursive: true })
})

const start = (name: string): Promise<void> =>
  programs.start(name, [
    ...['learn', 'act', '--name', name, '--topic', `${name}-orders`, '--delay-ms', '50'],
    ...['--bootstrap-server', cluster.bootstrapServers],
  ])

const learn = (...words: string[]): Promise<CommandResult> => runCommand(['learn', ...words], { env })

it('starts one once, finds it again, and tells it from another process with its pid', async () => {
  expect(programs.list()).toEqual([])
  await start('kt-39-till')
  const { pid } = programs.find('kt-39-till')!
  expect(pid).toBeGreaterThan(0)
  await start('kt-39-till')
  // Another terminal.
  expect(new Programs(env).list()).toMatchObject([{ name: 'kt-39-till', pid }])
  const file = path.join(home, 'learn/programs/kt-39-till.json')
  const recorded = JSON.parse(fs.readFileSync(file, 'utf8'))
  fs.writeFileSync(file, JSON.stringify({ ...recorded, startTicks: '1' }))
  expect(programs.find('kt-39-till')?.pid).toBeNull()
  fs.writeFileSync(file, JSON.stringify(recorded))
  fs.writeFileSync(path.join(home, 'learn/programs/broken.json'), 'no json')
  expect(programs.list()).toHaveLength(1)
})

it('ends one, and those of a lesson with their files', async () => {
  await start('kt-39-till')
  await start('kt-38-booking')
  await programs.stop('kt-39-till')
  expect(programs.find('kt-39-till')).toMatchObject({ pid: null })
  await programs.stop('kt-39-till')
  await programs.end('kt-39-')
  expect(programs.list().map(({ name }) => name)).toEqual(['kt-38-booking'])
  expect(fs.existsSync(path.join(home, 'learn/programs/kt-39-till.log'))).toBe(false)
  expect(programs.find('kt-38-booking')?.pid).not.toBeNull()
})

it('is started anew for another cluster', async () => {
  await start('kt-39-till')
  const { pid } = programs.find('kt-39-till')!
  const file = path.join(home, 'learn/programs/kt-39-till.json')
  fs.writeFileSync(file, JSON.stringify({ ...JSON.parse(fs.readFileSync(file, 'utf8')), clusterId: 'of before' }))
  await start('kt-39-till')
  const now = programs.find('kt-39-till')!.pid
  expect(now).not.toBeNull()
  expect(now).not.toBe(pid)
})

it('ends with its local cluster; one of another cluster stays', async () => {
  await start('kt-39-till')
  await start('kt-38-booking')
  const file = path.join(home, 'learn/programs/kt-39-till.json')
  const recorded = JSON.parse(fs.readFileSync(file, 'utf8'))
  // Where to go was told in its words.
  expect(recorded.cluster).toBeNull()
  fs.writeFileSync(file, JSON.stringify({ ...recorded, cluster: 'local' }))
  await programs.endOn('other')
  expect(programs.names('kt-')).toEqual(['kt-38-booking', 'kt-39-till'])
  const { stdout } = await runCommand(['cluster', 'reset', '--yes', '--format', 'json'], { env })
  expect(JSON.parse(stdout)).toMatchObject({ kind: 'LocalClusterDeleted', isDeleted: false, programs: ['kt-39-till'] })
  expect(programs.names('kt-')).toEqual(['kt-38-booking'])
})

it('is what kt learn programs shows, stops and starts', async () => {
  expect((await learn('programs')).stdout).toBe('No programs.\n')
  await start('kt-38-booking')
  expect((await learn('programs')).stdout).toMatch(/^kt-38-booking {2}running, pid \d+\n {2}says: .*booking\.log\n$/)
  expect((await learn('programs', 'stop', 'kt-38-booking')).stdout).toMatch(/^kt-38-booking {2}stopped\n/)
  const { stdout } = await learn('programs', 'start', 'kt-38-booking', '--format', 'json')
  const [program] = (JSON.parse(stdout) as { programs: { name: string; pid: number }[] }).programs
  expect(program).toMatchObject({ name: 'kt-38-booking', pid: programs.find('kt-38-booking')!.pid })
  expect(await learn('programs', 'pause', 'kt-38-booking')).toMatchObject({ code: 2, stdout: '' })
  const missing = await learn('programs', 'stop', 'nobody')
  expect(missing).toMatchObject({ code: 8 })
  expect(missing.stderr).toContain('kt-38-booking')
})
