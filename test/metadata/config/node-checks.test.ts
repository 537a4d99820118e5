import { describe, expect, it } from 'vitest'
import { checkNodeConfig, NodeConfig } from '../../../src/metadata/config/index.ts'

const COMMON = {
  'node.id': '1',
  'controller.listener.names': 'CONTROLLER',
  'controller.quorum.bootstrap.servers': '127.0.0.1:9093',
}
const BROKER = { ...COMMON, 'process.roles': 'broker', listeners: 'PLAINTEXT://127.0.0.1:9092' }
const CONTROLLER = { ...COMMON, 'process.roles': 'controller', listeners: 'CONTROLLER://127.0.0.1:9093' }
const COMBINED = {
  ...COMMON,
  'process.roles': 'broker,controller',
  listeners: 'PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093',
}

type Properties = Readonly<Record<string, string | null>>

function check(base: Properties, changes: Properties = {}): string[] {
  const warnings: string[] = []
  const given = Object.entries({ ...base, ...changes }).filter(([, value]) => value !== null)
  checkNodeConfig(new NodeConfig(Object.fromEntries(given) as Record<string, string>), (text) => warnings.push(text))
  return warnings
}

describe('a configuration that may start', () => {
  it.each([
    ['broker', BROKER],
    ['controller', CONTROLLER],
    ['both', COMBINED],
  ])('%s', (_name, base) => {
    expect(check(base)).toEqual([])
  })
  it('may have a static quorum', () => {
    const voters = { 'controller.quorum.bootstrap.servers': null, 'controller.quorum.voters': '1@h:1,2@h:2' }
    expect(check(CONTROLLER, voters)).toEqual([])
    expect(check(BROKER, { ...voters, 'node.id': '3' })).toEqual([])
  })
  it('is warned of heartbeats that do not fit into the session', () => {
    expect(check(BROKER, { 'broker.session.timeout.ms': '3000' })[0]).toMatch(
      /^broker\.heartbeat\.interval\.ms \(2000 ms\) must be less than or equal to half of the broker\.session\.timeout\.ms/,
    )
    expect(check(BROKER, { 'controller.listener.names': 'CONTROLLER,MORE' })[0]).toMatch(/has multiple entries/)
  })
})

describe('a configuration that may not', () => {
  it.each<[string, Properties, Properties]>([
    ['Missing required configuration "node.id"', BROKER, { 'node.id': null }],
    ['Missing required configuration "process.roles"', BROKER, { 'process.roles': null }],
    ['Missing required configuration "controller.listener.names"', BROKER, { 'controller.listener.names': null }],
    ['`node.id` and `broker.id` must be set to the same value.', BROKER, { 'broker.id': '2' }],
    ['log.roll.ms must be greater than or equal to 1', BROKER, { 'log.roll.hours': '1', 'log.roll.ms': '0' }],
    ['log.retention.ms must be unlimited (-1) or', BROKER, { 'log.retention.ms': '0' }],
    ['replica.socket.timeout.ms should always be at least', BROKER, { 'replica.socket.timeout.ms': '100' }],
    ['replica.fetch.wait.max.ms should always be less', BROKER, { 'replica.lag.time.max.ms': '100' }],
    ['queued.max.request.bytes must be larger', BROKER, { 'queued.max.request.bytes': '1000' }],
    ['If using process.roles, either', BROKER, { 'controller.quorum.bootstrap.servers': null }],
    ["contains just the 'broker' role, the node id 1 must not", BROKER, { 'controller.quorum.voters': '1@h:1' }],
    ['must not contain a value appearing in the', BROKER, { 'controller.listener.names': 'PLAINTEXT' }],
    [
      'Controller listener with name CONTROLLER defined in controller.listener.names not found',
      BROKER,
      { 'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT' },
    ],
    ['controller.quorum.auto.join.enable is only', BROKER, { 'controller.quorum.auto.join.enable': 'true' }],
    ['inter.broker.listener.name must be a listener name', BROKER, { 'inter.broker.listener.name': 'SSL' }],
    ['Listener with name NONE defined in inter.broker', BROKER, { 'inter.broker.listener.name': 'NONE' }],
    [
      'Only one of inter.broker.listener.name',
      BROKER,
      { 'inter.broker.listener.name': 'PLAINTEXT', 'security.inter.broker.protocol': 'PLAINTEXT' },
    ],
    [
      'advertised.listeners listener names must be equal to or a subset',
      BROKER,
      { 'advertised.listeners': 'PLAINTEXT://h:1,SSL://h:2' },
    ],
    ['cannot use the nonroutable meta-address 0.0.0.0', BROKER, { listeners: 'PLAINTEXT://0.0.0.0:9092' }],
    ['The listeners config must only contain KRaft controller', CONTROLLER, { listeners: COMBINED.listeners }],
    ['must not contain an explicitly set inter.broker', CONTROLLER, { 'inter.broker.listener.name': 'CONTROLLER' }],
    ['the node id 1 must be included in the set of voters', CONTROLLER, { 'controller.quorum.voters': '2@h:1' }],
    ['must contain at least one value appearing in the', COMBINED, { listeners: BROKER.listeners }],
    ['must only contain values appearing in the', COMBINED, { 'controller.listener.names': 'CONTROLLER,PLAIN2' }],
    ['There must be at least one broker advertised listener', COMBINED, { listeners: CONTROLLER.listeners }],
  ])('%s', (message, base, changes) => {
    expect(() => check(base, changes)).toThrow(message)
    expect(() => check(base, changes)).toThrow(expect.objectContaining({ kind: 'usage' }))
  })

  it('tells who copied the file of a first node how a second one is made', () => {
    const next = expect.stringContaining('process.roles=broker')
    expect(() => check(COMBINED, { listeners: BROKER.listeners })).toThrow(expect.objectContaining({ next }))
  })
})
