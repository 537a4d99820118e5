import { describe, expect, it } from 'vitest'
import { socketServerOptions } from '../../src/broker/socket-server-options.ts'
import { NodeConfig } from '../../src/metadata/config/index.ts'

const optionsOf = (config: Readonly<Record<string, string>> = {}) =>
  socketServerOptions(new NodeConfig({ 'node.id': '1', ...config }))

describe('the settings of the sockets', () => {
  it('are Kafka’s where nothing is said', () => {
    expect(optionsOf()).toEqual({
      socketRequestMaxBytes: 104_857_600,
      maxConnections: 2_147_483_647,
      maxConnectionsPerIp: 2_147_483_647,
      maxConnectionsPerIpOverrides: new Map(),
      connectionsMaxIdleMs: 600_000,
      queuedMaxRequestBytes: -1,
      socketListenBacklogSize: 50,
    })
  })

  it('have limits of their own for some addresses', () => {
    const text = 'host: 200, 127.0.0.1:9,[::1]:7,nonsense,other:x'
    const { maxConnectionsPerIpOverrides } = optionsOf({ 'max.connections.per.ip.overrides': text })
    expect([...maxConnectionsPerIpOverrides!]).toEqual([
      ['host', 200],
      ['127.0.0.1', 9],
      ['[::1]', 7],
    ])
  })
})
