import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAdmin } from '../../../src/client/admin.ts'
import type { Admin } from '../../../src/client/admin-types.ts'
import { startCluster } from '../../../src/cluster/start-cluster.ts'
import type { LocalCluster } from '../../../src/cluster/types.ts'
import { createTopics } from '../../../src/protocol/messages/19-create-topics.ts'
import { deleteTopics } from '../../../src/protocol/messages/20-delete-topics.ts'
import { ScriptedBroker } from '../../support/scripted-broker.ts'

let cluster: LocalCluster
let admin: Admin

beforeAll(async () => {
  cluster = await startCluster()
  admin = createAdmin({ bootstrapServers: [cluster.bootstrapServers] })
})
afterAll(async () => {
  await admin.close()
  await cluster.close()
})

const topic = (name: string, partitions = 1) => ({ name, partitions, replicationFactor: 1 })
const names = async (): Promise<string[]> => (await admin.listTopics()).map(({ name }) => name)

describe('topics', () => {
  it('are created, listed by name, described and deleted', async () => {
    const created = await admin.createTopics([topic('zebra', 2), topic('ant')])
    expect([...created.values()].every(({ ok }) => ok)).toBe(true)
    expect(await names()).toEqual(['ant', 'zebra'])
    const listing = (await admin.listTopics()).find(({ name }) => name === 'zebra')!
    expect(created.get('zebra')).toEqual({ ok: true, value: { topicId: listing.topicId } })
    const deleted = await admin.deleteTopics(['zebra', 'ant'])
    expect([...deleted.values()].every(({ ok }) => ok)).toBe(true)
    expect(await names()).toEqual([])
  })

  it('have an outcome each, with the broker’s own words', async () => {
    const outcomes = await admin.createTopics([
      topic('good'),
      topic('b a d'),
      topic(''),
      { ...topic('many'), replicationFactor: 3 },
    ])
    expect(outcomes.get('good')).toMatchObject({ ok: true })
    expect(outcomes.get('b a d')).toMatchObject({
      error: {
        name: 'INVALID_TOPIC_EXCEPTION',
        message: expect.stringContaining("'b a d' contains one or more characters"),
      },
    })
    expect(outcomes.get('')).toMatchObject({ error: { message: expect.stringContaining('cannot be represented') } })
    expect(outcomes.get('many')).toMatchObject({ error: { name: 'INVALID_REPLICATION_FACTOR' } })
    expect(await admin.createTopics([topic('good')])).toEqual(
      new Map([
        [
          'good',
          { ok: false, error: { code: 36, name: 'TOPIC_ALREADY_EXISTS', message: "Topic 'good' already exists." } },
        ],
      ]),
    )
    expect((await admin.deleteTopics(['never'])).get('never')).toMatchObject({
      error: { name: 'UNKNOWN_TOPIC_OR_PARTITION' },
    })
    await admin.deleteTopics(['good'])
  })

  it('are only tried with validateOnly', async () => {
    const outcome = await admin.createTopics([topic('draft')], { validateOnly: true })
    expect(outcome.get('draft')).toMatchObject({ ok: true })
    expect(await names()).not.toContain('draft')
  })

  it('take explicit assignments and configuration', async () => {
    await admin.createTopics([
      {
        name: 'manual',
        partitions: -1,
        replicationFactor: -1,
        assignments: new Map([
          [0, [1]],
          [1, [1]],
        ]),
        configs: new Map([['retention.ms', '5000']]),
      },
    ])
    const described = (await admin.describeTopics(['manual'])).get('manual')
    expect(described).toMatchObject({ ok: true, value: { partitions: [{ replicas: [1] }, { replicas: [1] }] } })
    const [configs] = await admin.describeConfigs([{ type: 'TOPIC', name: 'manual' }])
    const retention = configs!.ok ? configs!.value.find(({ name }) => name === 'retention.ms') : undefined
    expect(retention).toMatchObject({ value: '5000', source: 'DYNAMIC_TOPIC_CONFIG' })
    await admin.deleteTopics(['manual'])
  })

  it('grow, and refuse to shrink', async () => {
    await admin.createTopics([topic('elastic', 2)])
    expect((await admin.createPartitions(new Map([['elastic', { total: 4 }]]))).get('elastic')).toMatchObject({
      ok: true,
    })
    const described = (await admin.describeTopics(['elastic'])).get('elastic')
    expect(described!.ok && described!.value.partitions).toHaveLength(4)
    expect((await admin.createPartitions(new Map([['elastic', { total: 3 }]]))).get('elastic')).toMatchObject({
      ok: false,
      error: { name: 'INVALID_PARTITIONS' },
    })
    await admin.deleteTopics(['elastic'])
  })
})

describe('topic mutations', () => {
  it('ask again when the controller has moved, and only for what it did not do', async () => {
    await using broker = await ScriptedBroker.start()
    broker.on(createTopics, ({ topics }, { count }) => ({
      topics: topics.map(({ name }) => ({ name, errorCode: count === 0 && name === 'b' ? 41 : 0 })),
    }))
    const scripted = createAdmin({ bootstrapServers: [broker.address] })
    const outcomes = await scripted.createTopics([topic('a'), topic('b')])
    expect([...outcomes.values()].every(({ ok }) => ok)).toBe(true)
    expect(broker.askedFor(createTopics).map(({ topics }) => topics.map(({ name }) => name))).toEqual([
      ['a', 'b'],
      ['b'],
    ])
    await scripted.close()
  })

  it('name topics in the old place for old brokers', async () => {
    await using broker = await ScriptedBroker.start()
    broker.ranges.set(deleteTopics.key, { min: 1, max: 5 })
    broker.on(deleteTopics, ({ topicNames }) => ({ responses: topicNames.map((name) => ({ name })) }))
    const scripted = createAdmin({ bootstrapServers: [broker.address] })
    expect((await scripted.deleteTopics(['old'])).get('old')).toEqual({ ok: true, value: undefined })
    await scripted.close()
  })
})
