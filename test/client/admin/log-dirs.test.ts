import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAdmin } from '../../../src/client/admin.ts'
import type { Admin } from '../../../src/client/admin-types.ts'
import { Producer } from '../../../src/client/producer.ts'
import { startCluster } from '../../../src/cluster/start-cluster.ts'
import type { LocalCluster } from '../../../src/cluster/types.ts'
import { describeLogDirs } from '../../../src/protocol/messages/35-describe-log-dirs.ts'
import { listPartitionReassignments } from '../../../src/protocol/messages/46-list-partition-reassignments.ts'
import { ScriptedBroker } from '../../support/scripted-broker.ts'

let cluster: LocalCluster
let admin: Admin

beforeAll(async () => {
  cluster = await startCluster()
  admin = createAdmin({ bootstrapServers: [cluster.bootstrapServers] })
  await admin.createTopics([{ name: 't', partitions: 1, replicationFactor: 1 }])
  const producer = new Producer({ bootstrapServers: [cluster.bootstrapServers] })
  await producer.send({ topic: 't', key: null, value: Buffer.alloc(1_000) })
  await producer.close()
})
afterAll(async () => {
  await admin.close()
  await cluster.close()
})

describe('log directories', () => {
  it('tell path, disk and the size of each replica', async () => {
    const found = (await admin.describeLogDirs([1])).get(1)
    if (!found?.ok) throw new Error('not described')
    const [directory] = found.value
    expect(directory).toMatchObject({ error: null })
    expect(directory!.path).toContain(cluster.dataDirectory)
    expect(directory!.totalBytes).toBeGreaterThan(directory!.usableBytes)
    const replica = directory!.replicas.find(({ topic }) => topic === 't')!
    expect(replica).toMatchObject({ partition: 0, offsetLag: 0, isFuture: false })
    expect(replica.sizeBytes).toBeGreaterThan(1_000)
  })

  it('of a broker that is not there are a failure of that broker', async () => {
    const found = await admin.describeLogDirs([1, 7])
    expect(found.get(1)).toMatchObject({ ok: true })
    expect(found.get(7)).toMatchObject({ ok: false, error: { name: 'BROKER_NOT_AVAILABLE' } })
  })

  it('that failed say so, and a refusal of the whole is one', async () => {
    await using broker = await ScriptedBroker.start()
    broker.on(describeLogDirs, (_, { count }) =>
      count === 0 ? { results: [{ errorCode: 56, logDir: '/broken', topics: [] }] } : { errorCode: 31 },
    )
    const scripted = createAdmin({ bootstrapServers: [broker.address] })
    expect((await scripted.describeLogDirs([1])).get(1)).toMatchObject({
      value: [{ path: '/broken', error: { name: 'KAFKA_STORAGE_ERROR' }, totalBytes: -1 }],
    })
    expect((await scripted.describeLogDirs([1])).get(1)).toMatchObject({
      ok: false,
      error: { name: 'CLUSTER_AUTHORIZATION_FAILED' },
    })
    await scripted.close()
  })
})

describe('reassignments', () => {
  it('are listed partition by partition', async () => {
    await using broker = await ScriptedBroker.start()
    broker.on(listPartitionReassignments, () => ({
      errorMessage: null,
      topics: [
        {
          name: 't',
          partitions: [{ partitionIndex: 3, replicas: [1, 2], addingReplicas: [2], removingReplicas: [] }],
        },
      ],
    }))
    const scripted = createAdmin({ bootstrapServers: [broker.address] })
    expect(await scripted.listPartitionReassignments()).toEqual([
      { topic: 't', partition: 3, replicas: [1, 2], addingReplicas: [2], removingReplicas: [] },
    ])
    await scripted.close()
  })

  it('are none where nothing moves', async () => {
    expect(await admin.listPartitionReassignments()).toEqual([])
  })
})
