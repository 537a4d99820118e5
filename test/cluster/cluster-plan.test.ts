import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  CONTROLLER_COUNTS,
  checkCounts,
  isBroker,
  isController,
  MAX_BROKERS,
  planNodes,
  portsFrom,
  portsOf,
} from '../../src/cluster/cluster-plan.ts'

const plan = (brokers: number, controllers: number, base = 9092) =>
  planNodes({ brokers, controllers, host: '127.0.0.1', ...portsFrom(base, brokers, controllers) })

describe('planNodes', () => {
  it('is three brokers and a controller of its own by the usual ports', () => {
    expect(
      plan(3, 1).map(({ nodeId, roles, brokerPort, controllerPort }) => [nodeId, roles, brokerPort, controllerPort]),
    ).toEqual([
      [1, 'broker', 9092, null],
      [2, 'broker', 9093, null],
      [3, 'broker', 9094, null],
      [100, 'controller', null, 9192],
    ])
  })
  it('is one node of both roles where there is one of each', () => {
    expect(plan(1, 1)).toEqual([
      { nodeId: 1, roles: 'broker,controller', host: '127.0.0.1', brokerPort: 9092, controllerPort: 9192 },
    ])
    expect(plan(1, 3).map(({ roles }) => roles)).toEqual(['broker', 'controller', 'controller', 'controller'])
  })
  it('never gives an id or a port twice, and every node what its role needs', () => {
    const counts = fc.tuple(fc.integer({ min: 1, max: MAX_BROKERS }), fc.constantFrom(...CONTROLLER_COUNTS))
    const property = fc.property(counts, ([brokers, controllers]) => {
      const nodes = plan(brokers, controllers, 20_000)
      const ports = nodes.flatMap(portsOf)
      expect(new Set(ports).size).toBe(ports.length)
      expect(new Set(nodes.map(({ nodeId }) => nodeId)).size).toBe(nodes.length)
      expect(nodes.filter(({ roles }) => isBroker(roles))).toHaveLength(brokers)
      expect(nodes.filter(({ roles }) => isController(roles))).toHaveLength(controllers)
      for (const { roles, brokerPort, controllerPort } of nodes) {
        expect([brokerPort !== null, controllerPort !== null]).toEqual([isBroker(roles), isController(roles)])
      }
    })
    fc.assert(property)
  })
})

describe('checkCounts', () => {
  it('takes what can be started', () => {
    for (const [brokers, controllers] of [
      [1, 1],
      [12, 3],
      [50, 5],
    ] as const) {
      expect(() => checkCounts(brokers, controllers)).not.toThrow()
    }
  })
  it.each([
    [0, 1, '1 to 50 brokers, not 0'],
    [51, 1, '1 to 50 brokers, not 51'],
    [1.5, 1, '1 to 50 brokers, not 1.5'],
    [3, 2, '1, 3, 5 controllers, not 2'],
    [3, 0, '1, 3, 5 controllers, not 0'],
  ])('refuses %d brokers with %d controllers', (brokers, controllers, message) => {
    expect(() => checkCounts(brokers, controllers)).toThrow(message)
  })
})
