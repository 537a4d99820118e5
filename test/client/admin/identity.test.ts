import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAdmin } from '../../../src/client/admin.ts'
import type { Admin } from '../../../src/client/admin-types.ts'
import { startCluster } from '../../../src/cluster/start-cluster.ts'
import type { LocalCluster } from '../../../src/cluster/types.ts'

let cluster: LocalCluster
let admin: Admin
beforeAll(async () => {
  cluster = await startCluster({})
  admin = createAdmin({ bootstrapServers: [cluster.bootstrapServers] })
})
afterAll(async () => {
  await admin.close()
  await cluster.close()
})

describe('identify', () => {
  it('knows the cluster, and topics that are there by their ids', async () => {
    const created = (await admin.createTopics([{ name: 'a', partitions: 1, replicationFactor: 1 }])).get('a')!
    const topicId = created.ok ? created.value.topicId : ''
    await expect.poll(async () => (await admin.identify(['a', 'none'])).topicIds).toEqual(new Map([['a', topicId]]))
    expect(await admin.identify([])).toEqual({ clusterId: cluster.clusterId, topicIds: new Map() })
  })

  it('creates no topic by asking for it', async () => {
    await admin.identify(['made-by-asking'])
    expect((await admin.listTopics()).map(({ name }) => name)).not.toContain('made-by-asking')
  })

  it('tells a topic from the one of its name before', async () => {
    const idOf = async () => (await admin.identify(['b'])).topicIds.get('b')
    await admin.createTopics([{ name: 'b', partitions: 1, replicationFactor: 1 }])
    await expect.poll(idOf).toBeTruthy()
    const before = await idOf()
    await admin.deleteTopics(['b'])
    await expect.poll(idOf).toBeUndefined()
    await admin.createTopics([{ name: 'b', partitions: 1, replicationFactor: 1 }])
    await expect.poll(idOf).toBeTruthy()
    expect(await idOf()).not.toBe(before)
  })
})

describe('describeConfigs', () => {
  it('tells some settings alone', async () => {
    const resource = { type: 'BROKER' as const, name: '1' }
    const [outcome] = await admin.describeConfigs([resource], { names: ['log.cleaner.threads', 'no.such'] })
    expect(outcome).toMatchObject({ ok: true, value: [{ name: 'log.cleaner.threads' }] })
  })
})
