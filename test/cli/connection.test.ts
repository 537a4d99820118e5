import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type LocalClusterAccess, resolveConnection } from '../../src/cli/connection.ts'
import type { ConnectionTarget } from '../../src/cli/context.ts'
import { ProfileStore } from '../../src/cli/profiles.ts'
import { KeptOutput } from '../support/run-command.ts'

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-connection-'))
const file = path.join(directory, 'client.properties')
fs.writeFileSync(file, 'bootstrap.servers=file:1\nclient.id=from-file\nrequest.timeout.ms=1234\n')
afterAll(() => fs.rmSync(directory, { recursive: true }))

async function resolve(target: ConnectionTarget, env: Record<string, string> = {}, running: string | null = null) {
  const stderr = new KeptOutput()
  const calls: string[] = []
  const localCluster: LocalClusterAccess = {
    async find() {
      calls.push('find')
      return running
    },
    async start() {
      calls.push('start')
      return '127.0.0.1:9092'
    },
  }
  const options = await resolveConnection(target, { env, stderr, localCluster })
  return { options, calls, stderr: stderr.text }
}

describe('where to connect', () => {
  it('is what the command line says, and nothing is looked for then', async () => {
    const { options, calls } = await resolve({ bootstrapServer: 'a:1, b:2,' }, { KT_BOOTSTRAP_SERVER: 'env:1' })
    expect(options.bootstrapServers).toEqual(['a:1', 'b:2'])
    expect(calls).toEqual([])
  })

  it('is a controller, whatever else is known of brokers', async () => {
    const { options, calls } = await resolve(
      { bootstrapController: 'c:1,d:2', commandConfig: file },
      { KT_BOOTSTRAP_SERVER: 'env:1' },
    )
    expect(options).toMatchObject({ bootstrapServers: ['c:1', 'd:2'], toControllers: true, clientId: 'from-file' })
    expect(calls).toEqual([])
    expect((await resolve({ bootstrapServer: 'a:1' })).options.toControllers).toBeUndefined()
  })

  it('is what the environment says, then the properties file', async () => {
    const both = await resolve({ commandConfig: file }, { KT_BOOTSTRAP_SERVER: 'env:1' })
    expect(both.options).toMatchObject({ bootstrapServers: ['env:1'], clientId: 'from-file' })
    expect((await resolve({ commandConfig: file })).options.bootstrapServers).toEqual(['file:1'])
    const fromEnv = await resolve({}, { KT_BOOTSTRAP_SERVER: 'env:1' })
    expect(fromEnv.options.bootstrapServers).toEqual(['env:1'])
    expect(fromEnv.calls).toEqual([])
  })

  it('is the local cluster that runs, without a word', async () => {
    const { options, calls, stderr } = await resolve({}, { KT_BOOTSTRAP_SERVER: '' }, '127.0.0.1:19092')
    expect(options.bootstrapServers).toEqual(['127.0.0.1:19092'])
    expect(calls).toEqual(['find'])
    expect(stderr).toBe('')
  })

  it('is a local cluster started first, in one line on stderr', async () => {
    const { options, calls, stderr } = await resolve({})
    expect(options.bootstrapServers).toEqual(['127.0.0.1:9092'])
    expect(calls).toEqual(['find', 'start'])
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(stderr).toContain('starting one')
  })

  it('is told with what is not as usual about it', async () => {
    const stderr = new KeptOutput()
    const localCluster = {
      find: async () => null,
      start: async (_: unknown, tell: (line: string) => void) => {
        tell('port 9092 is taken: this one begins at 9292')
        return '127.0.0.1:9292'
      },
    }
    const options = await resolveConnection({}, { env: {}, stderr, localCluster })
    expect(options.bootstrapServers).toEqual(['127.0.0.1:9292'])
    expect(stderr.text).toMatch(/starting one .*\nkt: port 9092 is taken: this one begins at 9292\n$/)
  })

  it('takes settings from the file, and from properties that win over it', async () => {
    const { options } = await resolve({ bootstrapServer: 'a:1', commandConfig: file })
    expect(options).toMatchObject({ bootstrapServers: ['a:1'], clientId: 'from-file', requestTimeoutMs: 1234 })
    const properties = new Map([['client.id', 'mine']])
    const changed = await resolve({ commandConfig: file, properties })
    expect(changed.options.clientId).toBe('mine')
  })

  it('names the client for the command unless the file does', async () => {
    expect((await resolve({ bootstrapServer: 'a:1', clientId: 'tool' })).options.clientId).toBe('tool')
    const named = await resolve({ commandConfig: file, clientId: 'tool' })
    expect(named.options.clientId).toBe('from-file')
  })

  it('fails for a file that is not there, before anything is started', async () => {
    await expect(resolve({ commandConfig: '/no/such/file' })).rejects.toMatchObject({ kind: 'not-found' })
  })

  it('is what a profile says, when one is named or in use', async () => {
    const store = new ProfileStore({ KT_HOME: directory })
    store.write('here', new Map([['bootstrap.servers', 'profile:1']]))
    const env = { KT_HOME: directory }
    expect((await resolve({ profile: 'here' }, env)).options.bootstrapServers).toEqual(['profile:1'])
    expect((await resolve({}, env)).calls).toEqual(['find', 'start'])
    store.use('here')
    const { options, calls } = await resolve({}, env)
    expect([options.bootstrapServers, calls]).toEqual([['profile:1'], []])
    await expect(resolve({ profile: 'her' }, env)).rejects.toThrow('There is no profile her')
  })

  it('says when others can read the profile', async () => {
    const store = new ProfileStore({ KT_HOME: directory })
    store.write('open', new Map([['bootstrap.servers', 'profile:1']]))
    fs.chmodSync(store.file('open'), 0o644)
    const { stderr } = await resolve({ profile: 'open' }, { KT_HOME: directory })
    expect(stderr).toContain(`chmod 600 ${store.file('open')}`)
  })
})
