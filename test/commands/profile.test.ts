import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { runCommand } from '../support/run-command.ts'

let home: string
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-profile-'))
})
afterEach(() => fs.rmSync(home, { recursive: true }))
const kt = (...args: string[]) => runCommand(['profile', ...args], { env: { KT_HOME: home } })

it('is saved, used, shown and forgotten', async () => {
  expect(await kt('add', 'here', '--bootstrap-server', 'a:1')).toMatchObject({
    code: 0,
    stdout: 'Saved the profile here.\n',
  })
  expect((await kt('use', 'here')).stdout).toBe('The profile here is in use.\n')
  expect((await kt('show')).stdout).toMatch(/bootstrap\.servers +a:1 +profile here/)
  expect((await kt('list')).stdout).toMatch(/\* here +a:1 +PLAINTEXT/)
  expect((await kt('remove', 'here')).stdout).toBe('Removed the profile here. No profile is in use now.\n')
  expect((await kt('list')).stderr).toContain('No profiles yet')
})

it('is used by other commands', async () => {
  await kt('add', 'gone', '--bootstrap-server', 'no-such-host.invalid:9092')
  const env = { KT_HOME: home }
  const named = await runCommand(['topics', '--list', '--profile', 'gone'], { env })
  const chosen = await runCommand(['topics', '--list'], { env: { ...env, KT_PROFILE: 'gone' } })
  const own = await runCommand(['describe', '--profile', 'gone'], { env })
  expect(named.stdout + chosen.stdout + own.stderr).toMatch(/(no-such-host[\s\S]*){3}/)
  expect([named.code, chosen.code, own.code]).toEqual([1, 1, 3])
})

it('has exit codes of its own', async () => {
  expect((await kt('show', 'none')).code).toBe(8)
  expect((await kt('add', 'bad name', '--bootstrap-server', 'a:1')).code).toBe(2)
  await kt('add', 'a', '--bootstrap-server', 'a:1')
  expect((await kt('add', 'a', '--bootstrap-server', 'b:1')).code).toBe(9)
  expect((await kt('add', 'a', '--bootstrap-server', 'b:1', '--replace')).code).toBe(0)
})
