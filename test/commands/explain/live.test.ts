import * as net from 'node:net'
import { expect, it } from 'vitest'
import type { CommandContext } from '../../../src/cli/context.ts'
import { ClusterFinder } from '../../../src/commands/explain/live.ts'
import { connectionOfRunning } from '../../../src/commands/find-running.ts'
import { testHome } from '../../support/test-home.ts'

const context = { env: { KT_HOME: testHome() } } as unknown as CommandContext

it('says that there is none where none runs, and starts none', async () => {
  const finder = new ClusterFinder({}, context)
  expect(await finder.find()).toBeNull()
  expect(finder.why).toMatch(/no local cluster runs/)
  await expect(connectionOfRunning({}, context.env)).rejects.toMatchObject({ kind: 'unreachable' })
  await finder.close()
})

it('takes the servers that are named, in the environment as well', async () => {
  expect((await connectionOfRunning({ bootstrapServer: 'a:1,b:2' }, context.env)).bootstrapServers).toEqual([
    'a:1',
    'b:2',
  ])
  const env = { ...context.env, KT_BOOTSTRAP_SERVER: 'c:3' }
  expect((await connectionOfRunning({}, env)).bootstrapServers).toEqual(['c:3'])
})

it('gives up on a server that takes the connection and says nothing; one look is enough', async () => {
  const sockets = new Set<net.Socket>()
  let connections = 0
  const silent = net.createServer((socket) => {
    connections++
    sockets.add(socket)
  })
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const { port } = silent.address() as net.AddressInfo
  const finder = new ClusterFinder({ bootstrapServer: `127.0.0.1:${port}` }, context)
  try {
    expect(await finder.find()).toBeNull()
    const asked = connections
    expect(await finder.find()).toBeNull()
    expect(connections).toBe(asked)
    expect(finder.why).toBe(`127.0.0.1:${port} did not answer`)
  } finally {
    await finder.close()
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => silent.close(resolve))
  }
})
