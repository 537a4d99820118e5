import * as net from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { silentLogger } from '../../src/base/logger.ts'
import { defineHandler, type Handler } from '../../src/broker/handler.ts'
import { RequestDispatcher } from '../../src/broker/request-dispatcher.ts'
import { tcpNetwork } from '../../src/broker/tcp-peers.ts'
import type { NodeServer } from '../../src/network/node-network.ts'
import { ErrorCode } from '../../src/protocol/error-codes.ts'
import { unregisterBroker } from '../../src/protocol/messages/64-unregister-broker.ts'

const OPTIONS = {
  socketRequestMaxBytes: 1_000_000,
  maxConnections: 100,
  maxConnectionsPerIp: 100,
  connectionsMaxIdleMs: -1,
  queuedMaxRequestBytes: -1,
  socketListenBacklogSize: 50,
}
const network = tcpNetwork(systemClock)
const open: { stop(): unknown }[] = []

afterEach(async () => {
  for (const each of open.splice(0)) await each.stop()
})

async function serve(port = 0): Promise<{ server: NodeServer; port: number; clients: (string | null)[] }> {
  const clients: (string | null)[] = []
  const handler = defineHandler(unregisterBroker, { min: 0, max: 0 }, ({ brokerId }, { clientId }) => {
    clients.push(clientId)
    return { response: { errorCode: brokerId, errorMessage: null } }
  })
  const processor = new RequestDispatcher([handler as unknown as Handler], silentLogger)
  const server = network.server(OPTIONS, { processor, clock: systemClock, logger: silentLogger })
  open.push(server)
  return { server, port: await server.listen({ name: 'CONTROLLER', host: '127.0.0.1', port }), clients }
}

describe('tcpNetwork', () => {
  it('asks over one connection, under the name it was given', async () => {
    const { port, clients } = await serve()
    const channel = network.peers.open({ host: '127.0.0.1', port }, 'raft-client-1')
    const answers = await Promise.all(
      [1, 2, 3].map((brokerId) => channel.send(unregisterBroker, 0, { brokerId }, 5000)),
    )
    expect(answers.map(({ errorCode }) => errorCode)).toEqual([1, 2, 3])
    expect(clients).toEqual(['raft-client-1', 'raft-client-1', 'raft-client-1'])
    channel.close()
  })

  it('fails while nobody listens, and connects again when somebody does', async () => {
    const first = await serve()
    const channel = network.peers.open({ host: '127.0.0.1', port: first.port }, 'x')
    await channel.send(unregisterBroker, 0, { brokerId: 1 }, 5000)
    await first.server.stop()
    const failed = { code: ErrorCode.NETWORK_EXCEPTION }
    await expect(channel.send(unregisterBroker, 0, { brokerId: 1 }, 5000)).rejects.toMatchObject(failed)
    await expect(channel.send(unregisterBroker, 0, { brokerId: 1 }, 5000)).rejects.toMatchObject(failed)
    await serve(first.port)
    expect(await channel.send(unregisterBroker, 0, { brokerId: 9 }, 5000)).toMatchObject({ errorCode: 9 })
    channel.close()
    await expect(channel.send(unregisterBroker, 0, { brokerId: 1 }, 5000)).rejects.toMatchObject(failed)
  })

  it('tells a late answer from a lost connection', async () => {
    const silent = net.createServer(() => undefined)
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    open.push({ stop: () => silent.close() })
    const { port } = silent.address() as net.AddressInfo
    const channel = network.peers.open({ host: '127.0.0.1', port }, 'x')
    await expect(channel.send(unregisterBroker, 0, { brokerId: 1 }, 30)).rejects.toMatchObject({
      code: ErrorCode.REQUEST_TIMED_OUT,
    })
    channel.close()
  })
})
