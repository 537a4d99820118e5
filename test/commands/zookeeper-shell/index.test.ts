import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { describe, expect, it } from 'vitest'
import { ProfileStore } from '../../../src/cli/profiles.ts'
import type { ClientOptions } from '../../../src/client/admin-types.ts'
import { memoryAdmin } from '../../support/memory-admin.ts'
import { type RunOptions, runCommand } from '../../support/run-command.ts'

const cluster = memoryAdmin({
  describeCluster: async () => ({
    clusterId: 'c',
    controllerId: 1,
    brokers: [{ id: 1, host: 'a', port: 1, rack: null }],
  }),
})

/** Where it connected comes with the result. */
async function run(line: string, options: RunOptions = {}) {
  const asked: ClientOptions[] = []
  const localCluster = { find: async () => 'local:1', start: async () => 'started:1' }
  const createAdmin = async (client: ClientOptions) => {
    asked.push(client)
    return cluster.admin
  }
  const result = await runCommand(line.split(' '), { localCluster, createAdmin, ...options })
  return { ...result, servers: asked[0]?.bootstrapServers, clientId: asked[0]?.clientId }
}

describe('kt zookeeper-shell', () => {
  it('answers one command: data on stdout, teaching on stderr', async () => {
    const { code, stdout, stderr, servers } = await run('zookeeper-shell.sh localhost:2181 ls /brokers/ids')
    expect({ code, stdout, servers }).toEqual({ code: 0, stdout: '[1]\n', servers: ['local:1'] })
    expect(stderr).toMatch(/^zookeeper-shell.sh: there is no ZooKeeper since Kafka 4.0/)
  })

  it('asks the brokers on the hosts where ZooKeeper was, or those that are named', async () => {
    expect((await run('zookeeper-shell zk1:2181,zk2:2181/kafka ls /')).servers).toEqual(['zk1:9092', 'zk2:9092'])
    expect((await run('zookeeper-shell ls /')).servers).toEqual(['local:1'])
    expect((await run('zookeeper-shell zk1:2181 --bootstrap-server b:9092 ls /')).servers).toEqual(['b:9092'])
    expect((await run('zookeeper-shell zk1:2181 -zk-tls-config-file x.properties ls /')).stdout).toMatch(/^\[admin, /)
  })

  it('connects as other commands do: a profile, a file, with or without =', async () => {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-zookeeper-'))
    const env = { KT_HOME: home }
    new ProfileStore(env).write(
      'prod',
      new Map([
        ['bootstrap.servers', 'p:9093'],
        ['security.protocol', 'SSL'],
      ]),
    )
    for (const line of ['zk1:2181 --profile prod', 'zk1:2181 --profile=prod', '--profile prod']) {
      const { servers, stdout, code } = await run(`zookeeper-shell ${line} ls /brokers/ids`, { env })
      expect({ code, servers, stdout }).toEqual({ code: 0, servers: ['p:9093'], stdout: '[1]\n' })
    }
    const file = path.join(home, 'client.properties')
    fs.writeFileSync(file, 'client.id=zoo\n')
    const byFile = await run(`zookeeper-shell zk1:2181 --command-config ${file} ls /brokers/ids`)
    expect(byFile).toMatchObject({ code: 0, servers: ['zk1:9092'], clientId: 'zoo' })
    const unknown = await run('zookeeper-shell zk1:2181 --profile nope ls /', { env })
    expect(unknown.code).toBe(1)
    expect(unknown.stderr).toContain('There is no profile nope')
    fs.rmSync(home, { recursive: true, force: true })
  })

  it('reads commands from standard input and goes on after a wrong one', async () => {
    const { code, stdout, stderr } = await run('zookeeper-shell localhost:2181', {
      input: 'ls /brokers/ids\nget /nowhere\nls /cluster\nquit\nls /\n',
    })
    expect({ code, stdout }).toEqual({ code: 0, stdout: '[1]\n[id]\n' })
    expect(stderr).toContain('Node does not exist: /nowhere')
  })

  it('fails for a path that is not there', async () => {
    expect(await run('zookeeper-shell localhost:2181 get /nowhere')).toMatchObject({ code: 1, stdout: '' })
  })

  it('shows how it is used', async () => {
    expect(await run('zookeeper-shell --help')).toMatchObject({ code: 0, servers: undefined })
  })
})
