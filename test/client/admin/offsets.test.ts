import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAdmin } from '../../../src/client/admin.ts'
import type { Admin, OffsetSpec } from '../../../src/client/admin-types.ts'
import { Producer } from '../../../src/client/producer.ts'
import { startCluster } from '../../../src/cluster/start-cluster.ts'
import type { LocalCluster } from '../../../src/cluster/types.ts'
import { listOffsets } from '../../../src/protocol/messages/02-list-offsets.ts'
import { drive } from '../../support/drive-clock.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { ScriptedBroker, Topology } from '../../support/scripted-broker.ts'

let cluster: LocalCluster
let admin: Admin

beforeAll(async () => {
  cluster = await startCluster()
  admin = createAdmin({ bootstrapServers: [cluster.bootstrapServers] })
  await admin.createTopics([{ name: 't', partitions: 2, replicationFactor: 1 }])
  const producer = new Producer({ bootstrapServers: [cluster.bootstrapServers] })
  for (const [at, timestamp] of [1_000, 3_000, 2_000].entries()) {
    await producer.send({ topic: 't', partition: 0, timestamp, key: null, value: Buffer.from(String(at)) })
  }
  await producer.close()
})
afterAll(async () => {
  await admin.close()
  await cluster.close()
})

const query = (spec: OffsetSpec, partition = 0, topic = 't') => ({ topic, partition, spec })

describe('offsets', () => {
  it.each<[OffsetSpec, number, number]>([
    ['earliest', 0, -1],
    ['latest', 3, -1],
    ['max-timestamp', 1, 3_000],
    [0, 0, 1_000],
    [1_001, 1, 3_000],
    [3_001, -1, -1],
  ])('%s is found', async (spec, offset, timestamp) => {
    const [outcome] = await admin.listOffsets([query(spec)])
    expect(outcome).toMatchObject({ ok: true, value: { offset, timestamp } })
  })

  it('of an empty partition', async () => {
    const outcomes = await admin.listOffsets([query('earliest', 1), query('latest', 1), query(5, 1)])
    expect(outcomes.map((outcome) => outcome.ok && outcome.value.offset)).toEqual([0, 0, -1])
  })

  it('come in the order asked, several of one partition too, what is missing in its place', async () => {
    const outcomes = await admin.listOffsets([
      query('latest'),
      query('earliest', 0, 'nope'),
      query('earliest'),
      query('latest', 7),
    ])
    expect(outcomes.map((outcome) => (outcome.ok ? outcome.value.offset : outcome.error.name))).toEqual([
      3,
      'UNKNOWN_TOPIC_OR_PARTITION',
      0,
      'UNKNOWN_TOPIC_OR_PARTITION',
    ])
  })
})

describe('deleting records', () => {
  it('moves the start of the log, up to its end', async () => {
    const outcomes = await admin.deleteRecords([
      { topic: 't', partition: 0, offset: 2 },
      { topic: 'nope', partition: 0, offset: 1 },
    ])
    expect(outcomes[0]).toEqual({ ok: true, value: { lowWatermark: 2 } })
    expect(outcomes[1]).toMatchObject({ error: { name: 'UNKNOWN_TOPIC_OR_PARTITION' } })
    const [earliest] = await admin.listOffsets([query('earliest')])
    expect(earliest).toMatchObject({ value: { offset: 2 } })
    const [tooFar] = await admin.deleteRecords([{ topic: 't', partition: 0, offset: 99 }])
    expect(tooFar).toMatchObject({ error: { name: 'OFFSET_OUT_OF_RANGE' } })
    expect(await admin.deleteRecords([{ topic: 't', partition: 0, offset: -1 }])).toEqual([
      { ok: true, value: { lowWatermark: 3 } },
    ])
  })
})

describe('leaders', () => {
  it('that have moved are looked up again', async () => {
    await using broker = await ScriptedBroker.start()
    broker.topology.topics.set('t', { partitions: [{ leader: 1 }] })
    broker.on(listOffsets, (_, { count }) => ({
      topics: [{ name: 't', partitions: [{ partitionIndex: 0, errorCode: count === 0 ? 6 : 0, offset: 5n }] }],
    }))
    const scripted = createAdmin({ bootstrapServers: [broker.address] })
    expect(await scripted.listOffsets([query('latest')])).toMatchObject([{ ok: true, value: { offset: 5 } }])
    await scripted.close()
  })

  it('that do not exist do not hold up the others for longer than a few seconds', async () => {
    await using broker = await ScriptedBroker.start()
    broker.topology.topics.set('t', { partitions: [{ leader: 1 }, { leader: -1, error: 5 }] })
    broker.on(listOffsets, () => ({ topics: [{ name: 't', partitions: [{ partitionIndex: 0, offset: 5n }] }] }))
    const clock = new ManualClock()
    const scripted = createAdmin({ bootstrapServers: [broker.address] }, { clock })
    const outcomes = await drive(clock, scripted.listOffsets([query('latest'), query('latest', 1)]), 4_000)
    expect(outcomes).toMatchObject([{ ok: true, value: { offset: 5 } }, { error: { name: 'LEADER_NOT_AVAILABLE' } }])
    // The one that was answered is not asked for again.
    expect(broker.askedFor(listOffsets)).toHaveLength(1)
    await scripted.close()
  })

  it('too old for a special offset refuse that query alone', async () => {
    await using broker = await ScriptedBroker.start()
    broker.topology.topics.set('t', { partitions: [{ leader: 1 }] })
    broker.ranges.set(listOffsets.key, { min: 1, max: 6 })
    broker.on(listOffsets, () => ({ topics: [{ name: 't', partitions: [{ partitionIndex: 0, offset: 5n }] }] }))
    const scripted = createAdmin({ bootstrapServers: [broker.address] })
    expect(await scripted.listOffsets([query('max-timestamp'), query('latest')])).toMatchObject([
      { error: { name: 'UNSUPPORTED_VERSION', message: expect.stringContaining('max-timestamp') } },
      { ok: true },
    ])
    await scripted.close()
  })
})

describe('log ends of replicas', () => {
  const replica = (broker: number, partition = 0) => ({ topic: 't', partition, broker })

  it('are those of our node', async () => {
    expect(await admin.listReplicaEnds([replica(1, 1), replica(1), replica(1, 9)])).toMatchObject([
      { ok: true, value: 0 },
      { ok: true, value: 3 },
      { ok: false, error: { name: 'UNKNOWN_TOPIC_OR_PARTITION' } },
    ])
  })

  it('are asked of the brokers that hold them, followers too', async () => {
    const topology = new Topology()
    await using one = await ScriptedBroker.start({ id: 1, topology })
    await using two = await ScriptedBroker.start({ id: 2, topology })
    one.on(listOffsets, () => ({ topics: [{ name: 't', partitions: [{ partitionIndex: 0, offset: 9n }] }] }))
    two.on(listOffsets, () => ({
      topics: [
        {
          name: 't',
          partitions: [
            { partitionIndex: 0, offset: 7n },
            { partitionIndex: 1, errorCode: 6 },
          ],
        },
      ],
    }))
    const scripted = createAdmin({ bootstrapServers: [one.address] })
    const outcomes = await scripted.listReplicaEnds([replica(2), replica(2, 1), replica(1), replica(2, 2), replica(3)])
    expect(outcomes).toMatchObject([
      { value: 7 },
      { error: { name: 'NOT_LEADER_OR_FOLLOWER' } },
      { value: 9 },
      { error: { message: 'Broker 2 did not answer about this replica' } },
      { error: { name: 'BROKER_NOT_AVAILABLE' } },
    ])
    // By this replica id a follower knows that it is not taken for the leader.
    expect(two.askedFor(listOffsets)[0]).toMatchObject({ replicaId: -2 })
    await scripted.close()
  })
})
