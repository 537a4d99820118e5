import { describe, expect, it } from 'vitest'
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
  return { ...result, servers: asked[0]?.bootstrapServers }
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
