import { describe, expect, it } from 'vitest'
import { isController, type NodeRoles } from '../../src/cluster/cluster-plan.ts'
import { localDefaults, reasonFor } from '../../src/cluster/local-defaults.ts'
import { brokerDefinition } from '../../src/metadata/config/index.ts'

const ROLES: readonly NodeRoles[] = ['broker', 'controller', 'broker,controller']
const CASES = ROLES.flatMap((roles) =>
  [1, 2, 3, 12].flatMap((brokers) => [1, 3].map((controllers) => [roles, brokers, controllers] as const)),
)

describe.each(CASES)('a %s among %d brokers and %d controllers', (roles, brokers, controllers) => {
  const defaults = localDefaults(roles, brokers, controllers)

  it("differs from Kafka's defaults, each time with the reason that is found again", () => {
    for (const { name, value, why } of defaults) {
      const definition = brokerDefinition(name)
      expect(definition, name).toBeDefined()
      expect(String(definition!.defaultValue), name).not.toBe(value)
      expect(why).toContain('Kafka')
      expect(reasonFor(name, value)).toBe(why)
    }
  })
  it('asks for no more replicas than there are brokers', () => {
    for (const { name, value } of defaults) {
      if (/replication\.factor|min\.isr/.test(name)) expect(Number(value)).toBeLessThanOrEqual(brokers)
    }
  })
  it('has two heartbeats in a session', () => {
    const value = (name: string): number => Number(defaults.find((each) => each.name === name)!.value)
    expect(value('broker.heartbeat.interval.ms') * 2).toBeLessThanOrEqual(value('broker.session.timeout.ms'))
  })
  it('speeds the quorum up only where there is one to wait for', () => {
    const quorum = defaults.some(({ name }) => name.startsWith('controller.quorum'))
    expect(quorum).toBe(isController(roles) && controllers > 1)
  })
})

it('knows no reason for what a person set', () => {
  expect(reasonFor('num.partitions', '4')).toBeNull()
  expect(reasonFor('broker.session.timeout.ms', '9000')).toBeNull()
})
