import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ProfileStore } from '../../../src/cli/profiles.ts'
import { type RunOptions, runCommand } from '../../support/run-command.ts'

let home: string
let store: ProfileStore
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-profile-use-'))
  store = new ProfileStore({ KT_HOME: home })
  store.write('a', new Map([['bootstrap.servers', 'a:1']]))
})
afterEach(() => fs.rmSync(home, { recursive: true }))
const kt = (args: string[], options: RunOptions = {}) =>
  runCommand(['profile', ...args], { ...options, env: { KT_HOME: home, ...options.env } })

it('use: a name, or none', async () => {
  expect((await kt(['use', 'a'])).code).toBe(0)
  expect(store.inUse()).toBe('a')
  expect((await kt(['use', '--none'])).stdout).toBe('No profile is in use.\n')
  expect(store.inUse()).toBeNull()
  expect((await kt(['use'])).code).toBe(2)
  expect((await kt(['use', 'a', '--none'])).code).toBe(2)
  expect((await kt(['use', 'b'])).code).toBe(8)
})

it('use: says when the environment is stronger', async () => {
  const { stderr } = await kt(['use', 'a'], { env: { KT_BOOTSTRAP_SERVER: 'x:1' } })
  expect(stderr).toContain('KT_BOOTSTRAP_SERVER in the environment wins over it')
})

it('remove: asks at a terminal, and takes a no', async () => {
  const no = await kt(['remove', 'a'], { terminal: true, answers: ['no'] })
  expect(no.questions[0]).toContain(store.file('a'))
  expect(store.list()).toEqual(['a'])
  await kt(['remove', 'a'], { terminal: true, answers: ['yes'] })
  expect(store.list()).toEqual([])
  const gone = await kt(['remove', 'a'], { terminal: true })
  expect([gone.code, gone.questions]).toEqual([8, []])
})

it('remove: one that cannot be read as well', async () => {
  const store = new ProfileStore({ KT_HOME: home })
  store.write('broken', new Map([['x', 'y']]))
  fs.writeFileSync(store.file('broken'), 'a=\\u12')
  expect(await runCommand(['profile', 'remove', 'broken', '--yes'], { env: { KT_HOME: home } })).toMatchObject({
    code: 0,
  })
  expect(store.has('broken')).toBe(false)
})

it('remove: does not ask when told so', async () => {
  const { questions, stdout } = await kt(['remove', 'a', '--yes'], { terminal: true })
  expect([questions, stdout]).toEqual([[], 'Removed the profile a.\n'])
})

it('has documents, for a no as well', async () => {
  const document = async (args: string[], options: RunOptions = {}) =>
    JSON.parse((await kt([...args, '--format', 'json'], options)).stdout)
  const added = await document(['add', 'b', '--bootstrap-server', 'b:1'])
  expect(added).toEqual({
    ...{ apiVersion: 'kt/v1', kind: 'ProfileSaved', name: 'b', file: store.file('b'), isReplaced: false },
    ...{ bootstrapServers: 'b:1', securityProtocol: 'PLAINTEXT' },
  })
  const inUse = await document(['use', 'a'], { env: { KT_PROFILE: 'b' } })
  expect(inUse).toMatchObject({ kind: 'ProfileInUse', name: 'a', overriddenBy: ['KT_PROFILE'] })
  expect(await document(['use', '--none'])).toMatchObject({ name: null, overriddenBy: [] })
  const no = await document(['remove', 'a'], { terminal: true, answers: ['no'] })
  expect(no).toMatchObject({ kind: 'ProfileRemoved', name: 'a', isRemoved: false, wasInUse: false })
  await kt(['use', 'a'])
  expect(await document(['remove', 'a', '--yes'])).toMatchObject({ isRemoved: true, wasInUse: true })
  expect((await kt(['remove', 'b', '--yes', '--format', 'xml'])).code).toBe(2)
  expect(store.list()).toEqual(['b'])
})
