import { describe, expect, it } from 'vitest'
import { advertisedEndpoints, nodeListeners } from '../../src/broker/listeners.ts'
import { NodeConfig } from '../../src/metadata/config/index.ts'

const config = (properties: Readonly<Record<string, string>>): NodeConfig =>
  new NodeConfig({ 'process.roles': 'broker,controller', 'controller.listener.names': 'CONTROLLER', ...properties })

describe('listeners', () => {
  it('tells the listeners of the broker from those of the controller', () => {
    const listeners = 'PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093,INTERNAL://[::1]:9094'
    const map = 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,INTERNAL:PLAINTEXT'
    const { broker, controller } = nodeListeners(config({ listeners, 'listener.security.protocol.map': map }))
    expect(broker).toEqual([
      { name: 'PLAINTEXT', host: '127.0.0.1', port: 9092 },
      { name: 'INTERNAL', host: '::1', port: 9094 },
    ])
    expect(controller).toEqual([{ name: 'CONTROLLER', host: '127.0.0.1', port: 9093 }])
  })

  it.each(['PLAINTEXT', 'PLAINTEXT://host', 'PLAINTEXT://host:99999', '://host:1'])('refuses %s', (listeners) => {
    expect(() => nodeListeners(config({ listeners }))).toThrow()
  })

  it('refuses what it cannot serve', () => {
    expect(() => nodeListeners(config({ listeners: 'SSL://127.0.0.1:9093' }))).toThrow(/SSL/)
  })

  it('advertises the port it got, or what it is told to', () => {
    const listener = { name: 'PLAINTEXT', host: '127.0.0.1', port: 0 }
    const ports = new Map([['PLAINTEXT', 40123]])
    expect(advertisedEndpoints(config({}), [listener], ports)).toEqual([
      { name: 'PLAINTEXT', host: '127.0.0.1', port: 40123, securityProtocol: 0 },
    ])
    const told = config({ 'advertised.listeners': 'PLAINTEXT://broker.example:19092' })
    expect(advertisedEndpoints(told, [listener], ports)[0]).toMatchObject({ host: 'broker.example', port: 19092 })
  })

  it('does not send clients to 0.0.0.0', () => {
    const listener = { name: 'PLAINTEXT', host: '0.0.0.0', port: 9092 }
    expect(() => advertisedEndpoints(config({}), [listener], new Map([['PLAINTEXT', 9092]]))).toThrow(
      /nonroutable meta-address/,
    )
  })
})
