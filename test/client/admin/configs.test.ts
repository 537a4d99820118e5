import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAdmin } from '../../../src/client/admin.ts'
import type { Admin, ConfigChange, ConfigEntry, ConfigResource } from '../../../src/client/admin-types.ts'
import { startCluster } from '../../../src/cluster/start-cluster.ts'
import type { LocalCluster } from '../../../src/cluster/types.ts'
import { describeConfigs } from '../../../src/protocol/messages/32-describe-configs.ts'
import { listConfigResources } from '../../../src/protocol/messages/74-list-config-resources.ts'
import { ScriptedBroker, Topology } from '../../support/scripted-broker.ts'

let cluster: LocalCluster
let admin: Admin

beforeAll(async () => {
  cluster = await startCluster()
  admin = createAdmin({ bootstrapServers: [cluster.bootstrapServers] })
  await admin.createTopics([{ name: 't', partitions: 1, replicationFactor: 1 }])
})
afterAll(async () => {
  await admin.close()
  await cluster.close()
})

const TOPIC: ConfigResource = { type: 'TOPIC', name: 't' }

async function entry(resource: ConfigResource, name: string, options = {}): Promise<ConfigEntry> {
  const [outcome] = await admin.describeConfigs([resource], options)
  if (!outcome!.ok) throw new Error(outcome!.error.message)
  return outcome!.value.find((one) => one.name === name)!
}

const alter = (resource: ConfigResource, ...changes: ConfigChange[]) =>
  admin.incrementalAlterConfigs([{ resource, changes }])

describe('configuration', () => {
  it('has a source, a type and, when asked, synonyms and documentation', async () => {
    const plain = await entry(TOPIC, 'retention.ms')
    expect(plain).toMatchObject({ source: 'DEFAULT_CONFIG', type: 'LONG', isReadOnly: false, synonyms: [] })
    expect(plain.documentation).toBeNull()
    const full = await entry(TOPIC, 'cleanup.policy', { synonyms: true, documentation: true })
    expect(full.documentation).toMatch(/\w/)
    expect(full.synonyms.map(({ name }) => name)).toContain('log.cleanup.policy')
  })

  it('is changed key by key, others left alone', async () => {
    await alter(TOPIC, { name: 'retention.ms', operation: 'SET', value: '1000' })
    await alter(TOPIC, { name: 'segment.bytes', operation: 'SET', value: '1048576' })
    expect(await entry(TOPIC, 'retention.ms')).toMatchObject({ value: '1000', source: 'DYNAMIC_TOPIC_CONFIG' })
    await alter(TOPIC, { name: 'retention.ms', operation: 'DELETE', value: null })
    expect((await entry(TOPIC, 'retention.ms')).source).toBe('DEFAULT_CONFIG')
    expect((await entry(TOPIC, 'segment.bytes')).value).toBe('1048576')
  })

  it('lists are added to and taken from', async () => {
    await alter(TOPIC, { name: 'cleanup.policy', operation: 'APPEND', value: 'compact' })
    expect((await entry(TOPIC, 'cleanup.policy')).value).toBe('delete,compact')
    await alter(TOPIC, { name: 'cleanup.policy', operation: 'SUBTRACT', value: 'delete' })
    expect((await entry(TOPIC, 'cleanup.policy')).value).toBe('compact')
  })

  it('has an outcome per resource, in the order asked', async () => {
    const outcomes = await admin.incrementalAlterConfigs([
      { resource: { type: 'TOPIC', name: 'nope' }, changes: [{ name: 'retention.ms', operation: 'SET', value: '1' }] },
      { resource: TOPIC, changes: [{ name: 'no.such.key', operation: 'SET', value: '1' }] },
      { resource: TOPIC, changes: [] },
    ])
    expect(outcomes[0]).toMatchObject({ ok: false, error: { name: 'UNKNOWN_TOPIC_OR_PARTITION' } })
    expect(outcomes).toHaveLength(3)
    const described = await admin.describeConfigs([
      { type: 'TOPIC', name: 'nope' },
      TOPIC,
      { type: 'BROKER', name: '99' },
    ])
    expect(described.map(({ ok }) => ok)).toEqual([false, true, false])
    expect(described[2]).toMatchObject({ error: { message: 'Broker 99 is not part of the cluster or not alive' } })
  })

  it('of a broker and of all brokers', async () => {
    expect(await entry({ type: 'BROKER', name: '1' }, 'node.id')).toMatchObject({ value: '1', isReadOnly: true })
    await alter({ type: 'BROKER', name: '' }, { name: 'log.retention.ms', operation: 'SET', value: '7200000' })
    expect(await entry({ type: 'BROKER', name: '' }, 'log.retention.ms')).toMatchObject({
      value: '7200000',
      source: 'DYNAMIC_DEFAULT_BROKER_CONFIG',
    })
  })

  it('resources are listed by type', async () => {
    const found = await admin.listConfigResources(['TOPIC', 'BROKER'])
    expect(found).toContainEqual(TOPIC)
    expect(found).toContainEqual({ type: 'BROKER', name: '1' })
  })
})

describe('where configuration is asked for', () => {
  it('a broker’s own at that broker, the rest anywhere', async () => {
    const topology = new Topology()
    await using first = await ScriptedBroker.start({ id: 1, topology })
    await using second = await ScriptedBroker.start({ id: 2, topology })
    for (const broker of [first, second]) {
      broker.on(describeConfigs, ({ resources }) => ({
        results: resources.map(({ resourceType, resourceName }) => ({ resourceType, resourceName, configs: [] })),
      }))
    }
    const scripted = createAdmin({ bootstrapServers: [first.address] })
    const outcomes = await scripted.describeConfigs([
      { type: 'BROKER', name: '2' },
      TOPIC,
      { type: 'BROKER_LOGGER', name: '2' },
      { type: 'BROKER', name: '' },
    ])
    expect(outcomes.every(({ ok }) => ok)).toBe(true)
    const asked = (broker: ScriptedBroker) =>
      broker
        .askedFor(describeConfigs)
        .flatMap(({ resources }) => resources.map((one) => `${one.resourceType}:${one.resourceName}`))
    expect(asked(first)).toEqual(['2:t', '4:'])
    expect(asked(second)).toEqual(['4:2', '8:2'])
    await scripted.close()
  })

  it('resources of brokers that cannot list them are found by other means, or refused', async () => {
    await using broker = await ScriptedBroker.start()
    broker.topology.topics.set('t', { partitions: [] })
    broker.ranges.set(listConfigResources.key, { min: 0, max: 0 })
    broker.on(listConfigResources, () => ({ configResources: [{ resourceName: 'm' }] }))
    const scripted = createAdmin({ bootstrapServers: [broker.address] })
    expect(await scripted.listConfigResources(['TOPIC', 'BROKER'])).toEqual([TOPIC, { type: 'BROKER', name: '1' }])
    expect(await scripted.listConfigResources(['CLIENT_METRICS'])).toEqual([{ type: 'CLIENT_METRICS', name: 'm' }])
    await expect(scripted.listConfigResources(['GROUP'])).rejects.toThrow('too old to list resources of type GROUP')
    await scripted.close()
  })
})
