import { describe, expect, it } from 'vitest'
import { NodeConfig, parseListeners, securityProtocols } from '../../../src/metadata/config/index.ts'

const PLAIN = new Map([
  ['PLAINTEXT', 'PLAINTEXT'],
  ['OTHER', 'PLAINTEXT'],
  ['THIRD', 'PLAINTEXT'],
] as const)
const parse = (...texts: string[]) => parseListeners(texts, PLAIN, { distinctPorts: true })

describe('parseListeners', () => {
  it('reads name, host and port', () => {
    expect(parse('plaintext://[::1]:9092', ' OTHER://:0')).toEqual([
      { name: 'PLAINTEXT', protocol: 'PLAINTEXT', host: '::1', port: 9092 },
      { name: 'OTHER', protocol: 'PLAINTEXT', host: '', port: 0 },
    ])
  })
  it.each([
    [['nonsense'], 'Unable to parse nonsense to a broker endpoint'],
    [['PLAINTEXT://h:99999'], 'Unable to parse PLAINTEXT://h:99999 to a broker endpoint'],
    [['FOO://h:1'], 'No security protocol defined for listener FOO'],
    [['OTHER://h:1', 'OTHER://h:2'], 'Each listener must have a different name'],
    [['PLAINTEXT://a:1', 'OTHER://b:1'], 'Each listener must have a different port, listeners:'],
    [['PLAINTEXT://127.0.0.1:1', 'OTHER://127.0.0.2:1'], 'one needs to be IPv4 and the other IPv6'],
    [['PLAINTEXT://127.0.0.1:1', 'OTHER://::1:1', 'THIRD://127.0.0.2:1'], 'unless exactly one listener has'],
  ])('refuses %j', (texts, message) => {
    const list = `[${texts.join(', ')}]`
    expect(() => parse(...texts)).toThrow(`Error creating broker listeners from '${list}': `)
    expect(() => parse(...texts)).toThrow(message)
  })
  it('lets an IPv4 and an IPv6 address share a port, and free ports be many', () => {
    expect(parse('PLAINTEXT://127.0.0.1:1', 'OTHER://[::1]:1')).toHaveLength(2)
    expect(parse('PLAINTEXT://h:0', 'OTHER://h:0')).toHaveLength(2)
    expect(parseListeners(['PLAINTEXT://a:1', 'OTHER://b:1'], PLAIN, { distinctPorts: false })).toHaveLength(2)
  })
})

describe('securityProtocols', () => {
  const of = (properties: Record<string, string>) => securityProtocols(new NodeConfig(properties))

  it('gives controllers PLAINTEXT where nobody said otherwise (KIP-801)', () => {
    const names = { 'controller.listener.names': 'controller' }
    expect(of(names).get('CONTROLLER')).toBe('PLAINTEXT')
    expect(of({ ...names, listeners: 'SSL://:1' }).has('CONTROLLER')).toBe(false)
    expect(of({ ...names, 'listener.security.protocol.map': 'A:SSL' })).toEqual(new Map([['A', 'SSL']]))
  })
  it('refuses a protocol Kafka does not have', () => {
    expect(() => of({ 'listener.security.protocol.map': 'A:TLS' })).toThrow(
      'Invalid security protocol `TLS` defined in',
    )
  })
})
