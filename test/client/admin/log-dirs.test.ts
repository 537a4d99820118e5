import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAdmin } from '../../../src/client/admin.ts'
import type { Admin } from '../../../src/client/admin-types.ts'
import { Producer } from '../../../src/client/producer.ts'
import { startCluster } from '../../../src/cluster/start-cluster.ts'
import type { LocalCluster } from '../../../src/cluster/types.ts'
import { alterReplicaLogDirs } from '../../../src/protocol/messages/34-alter-replica-log-dirs.ts'
import { describeLogDirs } from '../../../src/protocol/messages/35-describe-log-dirs.ts'
import { ScriptedBroker, Topology } from '../../support/scripted-broker.ts'

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

describe('directories of single replicas', () => {
  const replica = (broker: number, partition = 0) => ({ topic: 't', partition, broker })

  it('are told in the order asked, the copy under way too', async () => {
    const topology = new Topology()
    await using one = await ScriptedBroker.start({ id: 1, topology })
    await using two = await ScriptedBroker.start({ id: 2, topology })
    const held = (isFutureKey: boolean, offsetLag: bigint) => ({
      errorCode: 0,
      topics: [{ name: 't', partitions: [{ partitionIndex: 0, partitionSize: 5n, offsetLag, isFutureKey }] }],
    })
    one.on(describeLogDirs, () => ({
      results: [
        { ...held(true, 40n), logDir: '/b' },
        { ...held(false, 0n), logDir: '/a' },
      ],
    }))
    two.on(describeLogDirs, () => ({ results: [{ errorCode: 0, logDir: '/c', topics: [] }] }))
    const scripted = createAdmin({ bootstrapServers: [one.address] })
    expect(await scripted.describeReplicaLogDirs([replica(2), replica(1), replica(7)])).toEqual([
      { ok: true, value: { current: null, future: null } },
      { ok: true, value: { current: { path: '/a', offsetLag: 0 }, future: { path: '/b', offsetLag: 40 } } },
      { ok: false, error: expect.objectContaining({ name: 'BROKER_NOT_AVAILABLE' }) },
    ])
    expect(one.asked.at(-1)?.body).toMatchObject({ topics: [{ topic: 't', partitions: [0] }] })
    await scripted.close()
  })

  it('are altered broker by broker and directory by directory', async () => {
    await using broker = await ScriptedBroker.start()
    broker.on(alterReplicaLogDirs, () => ({
      results: [
        {
          topicName: 't',
          partitions: [
            { partitionIndex: 0, errorCode: 0 },
            { partitionIndex: 1, errorCode: 9 },
          ],
        },
      ],
    }))
    const scripted = createAdmin({ bootstrapServers: [broker.address] })
    const moves = [
      { ...replica(1, 1), path: '/a' },
      { ...replica(1, 0), path: '/b' },
      { ...replica(1, 2), path: '/b' },
      { ...replica(8, 0), path: '/b' },
    ]
    expect(await scripted.alterReplicaLogDirs(moves)).toMatchObject([
      { error: { name: 'REPLICA_NOT_AVAILABLE' } },
      { ok: true },
      { error: { message: 'Broker 1 did not answer about this replica' } },
      { error: { name: 'BROKER_NOT_AVAILABLE' } },
    ])
    expect(broker.asked.at(-1)?.body).toMatchObject({
      dirs: [
        { path: '/a', topics: [{ name: 't', partitions: [1] }] },
        { path: '/b', topics: [{ name: 't', partitions: [0, 2] }] },
      ],
    })
    await scripted.close()
  })
})
