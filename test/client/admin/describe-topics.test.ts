import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ZERO_UUID } from '../../../src/base/uuid.ts'
import { createAdmin } from '../../../src/client/admin.ts'
import type { Admin } from '../../../src/client/admin-types.ts'
import { startCluster } from '../../../src/cluster/start-cluster.ts'
import type { LocalCluster } from '../../../src/cluster/types.ts'
import { metadata } from '../../../src/protocol/messages/03-metadata.ts'
import { describeTopicPartitions } from '../../../src/protocol/messages/75-describe-topic-partitions.ts'
import { ScriptedBroker } from '../../support/scripted-broker.ts'

let cluster: LocalCluster
let admin: Admin

beforeAll(async () => {
  cluster = await startCluster()
  admin = createAdmin({ bootstrapServers: [cluster.bootstrapServers] })
  await admin.createTopics([
    { name: 'b', partitions: 3, replicationFactor: 1 },
    { name: 'a', partitions: 1, replicationFactor: 1 },
  ])
})
afterAll(async () => {
  await admin.close()
  await cluster.close()
})

describe('topic descriptions', () => {
  it('come in the order asked, a missing topic in its place', async () => {
    const described = await admin.describeTopics(['b', 'nope', 'a'])
    expect([...described.keys()]).toEqual(['b', 'nope', 'a'])
    expect(described.get('nope')).toMatchObject({ ok: false, error: { name: 'UNKNOWN_TOPIC_OR_PARTITION' } })
    expect(described.get('b')).toMatchObject({
      ok: true,
      value: {
        name: 'b',
        isInternal: false,
        partitions: [0, 1, 2].map((partition) => ({
          partition,
          leader: 1,
          leaderEpoch: 0,
          replicas: [1],
          isr: [1],
          offlineReplicas: [],
          elr: [],
          lastKnownElr: [],
          error: null,
        })),
      },
    })
  })

  it('of all topics are sorted by name', async () => {
    expect([...(await admin.describeTopics('all')).keys()]).toEqual(['a', 'b'])
  })

  it('of none ask nobody', async () => {
    const nobody = createAdmin({ bootstrapServers: ['127.0.0.1:1'] })
    expect(await nobody.describeTopics([])).toEqual(new Map())
  })

  it('are found by id, unknown ids in their place', async () => {
    const b = (await admin.listTopics()).find(({ name }) => name === 'b')!
    const unknown = 'mmmmmmmmmmmmmmmmmmmmmg'
    const described = await admin.describeTopicsById([unknown, b.topicId, ZERO_UUID])
    expect(described.get(b.topicId)).toMatchObject({ ok: true, value: { name: 'b' } })
    for (const id of [unknown, ZERO_UUID]) {
      expect(described.get(id)).toMatchObject({ ok: false, error: { name: 'UNKNOWN_TOPIC_ID' } })
    }
  })
})

const partitionsFrom = (first: number, count: number) =>
  Array.from({ length: count }, (_, at) => ({
    partitionIndex: first + at,
    leaderId: 1,
    replicaNodes: [1],
    isrNodes: [1],
  }))

describe('pages', () => {
  it('are joined, a topic that spans two of them too', async () => {
    await using broker = await ScriptedBroker.start()
    broker.on(describeTopicPartitions, ({ cursor }) => {
      if (cursor === null) {
        return {
          topics: [
            { name: 'a', partitions: partitionsFrom(0, 2) },
            { name: 'b', partitions: partitionsFrom(0, 3) },
          ],
          nextCursor: { topicName: 'b', partitionIndex: 3 },
        }
      }
      return { topics: [{ name: 'b', partitions: partitionsFrom(3, 2) }], nextCursor: null }
    })
    const scripted = createAdmin({ bootstrapServers: [broker.address] })
    const described = await scripted.describeTopics('all')
    const counts = [...described].map(([name, outcome]) => [
      name,
      outcome.ok && outcome.value.partitions.map((p) => p.partition),
    ])
    expect(counts).toEqual([
      ['a', [0, 1]],
      ['b', [0, 1, 2, 3, 4]],
    ])
    expect(broker.askedFor(describeTopicPartitions)).toHaveLength(2)
    await scripted.close()
  })

  it('that do not move on are refused instead of asked for for ever', async () => {
    await using broker = await ScriptedBroker.start()
    broker.on(describeTopicPartitions, () => ({ topics: [], nextCursor: { topicName: 'a', partitionIndex: 0 } }))
    const scripted = createAdmin({ bootstrapServers: [broker.address] })
    await expect(scripted.describeTopics('all')).rejects.toThrow('the cursor does not move')
    await scripted.close()
  })
})

describe('brokers that do not know DescribeTopicPartitions', () => {
  it('are asked for Metadata, which knows nothing of eligible leaders', async () => {
    await using broker = await ScriptedBroker.start()
    broker.topology.topics.set('old', {
      partitions: [
        { leader: 1, leaderEpoch: 4 },
        { leader: -1, error: 5 },
      ],
    })
    const scripted = createAdmin({ bootstrapServers: [broker.address] })
    const described = (await scripted.describeTopics(['old', 'nope'])).get('old')
    expect(described).toMatchObject({
      ok: true,
      value: {
        partitions: [
          { leader: 1, leaderEpoch: 4, elr: null, lastKnownElr: null, error: null },
          // A partition without a leader is part of the description, not a failure of it.
          { leader: -1, error: null },
        ],
      },
    })
    await scripted.close()
  })

  it('and cannot look up ids say so per id', async () => {
    await using broker = await ScriptedBroker.start()
    broker.ranges.set(metadata.key, { min: 0, max: 9 })
    const scripted = createAdmin({ bootstrapServers: [broker.address] })
    const described = await scripted.describeTopicsById(['mmmmmmmmmmmmmmmmmmmmmg'])
    expect([...described.values()]).toMatchObject([{ ok: false, error: { name: 'UNSUPPORTED_VERSION' } }])
    await scripted.close()
  })
})
