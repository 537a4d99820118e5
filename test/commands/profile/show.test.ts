import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ProfileStore } from '../../../src/cli/profiles.ts'
import { runCommand } from '../../support/run-command.ts'

let home: string
let store: ProfileStore
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-profile-show-'))
  store = new ProfileStore({ KT_HOME: home })
  store.write(
    'a',
    new Map([
      ['bootstrap.servers', 'a:1'],
      ['ssl.key.password', 'sesame'],
    ]),
  )
})
afterEach(() => fs.rmSync(home, { recursive: true }))
const kt = (args: string[], env: Record<string, string> = {}) =>
  runCommand(['profile', ...args], { env: { KT_HOME: home, ...env } })

describe('kt profile show', () => {
  it('tells each value with its source, and hides secrets', async () => {
    const { stdout, stderr } = await kt(['show', 'a'])
    expect(stdout).toMatch(
      /^SETTING +VALUE +FROM\nbootstrap\.servers +a:1 +profile a\nssl\.key\.password +\(hidden\) +profile a\n$/,
    )
    expect(stderr).toContain('The profile a, by --profile.')
    expect(stderr).toContain('What wins: flag, environment, profile, file')
  })

  it('tells what was said in vain', async () => {
    store.use('a')
    const { stdout } = await kt(['show'], { KT_BOOTSTRAP_SERVER: 'env:1' })
    expect(stdout).toMatch(/bootstrap\.servers +env:1 +environment KT_BOOTSTRAP_SERVER\n/)
    expect(stdout).toMatch(/a:1 +profile a \(not used: environment KT_BOOTSTRAP_SERVER wins\)/)
  })

  it('is a document for programs', async () => {
    const { stdout } = await kt(['show', '--format', 'json', '--bootstrap-server', 'flag:1'], { KT_PROFILE: 'a' })
    const document = JSON.parse(stdout)
    expect(document).toMatchObject({
      apiVersion: 'kt/v1',
      kind: 'ConnectionSettings',
      profile: { name: 'a', chosenBy: 'KT_PROFILE' },
    })
    expect(document.settings).toEqual([
      { name: 'bootstrap.servers', value: 'flag:1', source: 'flag --bootstrap-server', overriddenBy: null },
      { name: 'bootstrap.servers', value: 'a:1', source: 'profile a', overriddenBy: 'flag --bootstrap-server' },
      { name: 'ssl.key.password', value: '(hidden)', source: 'profile a', overriddenBy: null },
    ])
  })

  it('says so when nothing is set at all', async () => {
    const { stdout, stderr } = await kt(['show'])
    expect(stdout).toBe('')
    expect(stderr).toContain('No profile applies.')
    expect(stderr).toContain('the local cluster')
  })

  it('refuses two names and formats it does not have', async () => {
    expect((await kt(['show', 'a', '--profile', 'b'])).code).toBe(2)
    expect((await kt(['show', '--format', 'xml'])).stderr).toContain("Unknown format 'xml'")
  })
})

it('kt profile list is a document too', async () => {
  store.use('a')
  expect(JSON.parse((await kt(['list', '--format', 'json'])).stdout)).toEqual({
    apiVersion: 'kt/v1',
    kind: 'ProfileList',
    profiles: [{ name: 'a', isInUse: true, bootstrapServers: 'a:1', securityProtocol: 'PLAINTEXT' }],
  })
})

it('kt profile list tells which one cannot be read, and shows the others', async () => {
  store.write('b', new Map([['bootstrap.servers', 'b:1']]))
  fs.writeFileSync(store.file('a'), 'x=\\u12')
  const { code, stdout, stderr } = await kt(['list'])
  expect(code).toBe(0)
  expect(stdout).toContain('b:1')
  expect(stderr).toContain('Cannot read the profile a')
})
