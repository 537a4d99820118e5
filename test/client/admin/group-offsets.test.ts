import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAdmin } from '../../../src/client/admin.ts'
import type { Admin } from '../../../src/client/admin-types.ts'
import { GroupConsumer } from '../../../src/client/group-consumer.ts'
import { startCluster } from '../../../src/cluster/start-cluster.ts'
import type { LocalCluster } from '../../../src/cluster/types.ts'
import { offsetCommit } from '../../../src/protocol/messages/08-offset-commit.ts'
import { offsetFetch } from '../../../src/protocol/messages/09-offset-fetch.ts'
import { findCoordinator } from '../../../src/protocol/messages/10-find-coordinator.ts'
import { ScriptedBroker } from '../../support/scripted-broker.ts'

let cluster: LocalCluster
let admin: Admin

beforeAll(async () => {
  cluster = await startCluster({ config: { 'group.initial.rebalance.delay.ms': '0' } })
  admin = createAdmin({ bootstrapServers: [cluster.bootstrapServers] })
  await admin.createTopics([{ name: 't', partitions: 3, replicationFactor: 1 }])
})
afterAll(async () => {
  await admin.close()
  await cluster.close()
})

const at = (partition: number, offset: number, more = {}) => ({ topic: 't', partition, offset, ...more })

describe('committed offsets', () => {
  it('are set without joining, and read back for many groups at once', async () => {
    const outcomes = await admin.alterGroupOffsets('g', [at(0, 5, { metadata: 'note' }), at(2, 7)])
    expect(outcomes.every(({ ok }) => ok)).toBe(true)
    const found = await admin.listGroupOffsets(['g', 'other'])
    expect(found.get('g')).toEqual({
      ok: true,
      value: [at(0, 5, { leaderEpoch: -1, metadata: 'note' }), at(2, 7, { leaderEpoch: -1, metadata: '' })],
    })
    expect(found.get('other')).toEqual({ ok: true, value: [] })
  })

  it('of partitions that do not exist are refused one by one', async () => {
    const outcomes = await admin.alterGroupOffsets('g2', [at(0, 1), { topic: 'nope', partition: 0, offset: 1 }])
    expect(outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.error.name))).toEqual([
      'ok',
      'UNKNOWN_TOPIC_OR_PARTITION',
    ])
    expect(await admin.alterGroupOffsets('g2', [])).toEqual([])
  })

  it('are deleted one by one', async () => {
    await admin.alterGroupOffsets('g3', [at(0, 1), at(1, 2)])
    const outcome = await admin.deleteGroupOffsets('g3', [{ topic: 't', partition: 1 }])
    expect(outcome).toEqual({ ok: true, value: [{ ok: true, value: undefined }] })
    const left = (await admin.listGroupOffsets(['g3'])).get('g3')
    expect(left!.ok && left!.value.map(({ partition }) => partition)).toEqual([0])
    expect(await admin.deleteGroupOffsets('nope', [{ topic: 't', partition: 0 }])).toMatchObject({
      error: { name: 'GROUP_ID_NOT_FOUND' },
    })
  })

  it('of a group with members are not touched', async () => {
    const member = await new Promise<GroupConsumer>((resolve, reject) => {
      const consumer = new GroupConsumer(
        { bootstrapServers: [cluster.bootstrapServers] },
        { groupId: 'busy', topics: ['t'], onAssigned: () => resolve(consumer) },
      )
      consumer.start().catch(reject)
    })
    expect(await admin.alterGroupOffsets('busy', [at(0, 1)])).toMatchObject([{ error: { name: 'UNKNOWN_MEMBER_ID' } }])
    expect(await admin.deleteGroupOffsets('busy', [{ topic: 't', partition: 0 }])).toMatchObject({
      value: [{ error: { name: 'GROUP_SUBSCRIBED_TO_TOPIC' } }],
    })
    await member.close()
  })
})

describe('older and moving coordinators', () => {
  async function scripted(): Promise<ScriptedBroker> {
    const broker = await ScriptedBroker.start()
    broker.on(findCoordinator, ({ coordinatorKeys }) => ({
      coordinators: coordinatorKeys.map((key) => ({ key, nodeId: 1, host: '127.0.0.1', port: broker.port })),
    }))
    return broker
  }

  it('are asked group by group before OffsetFetch 8', async () => {
    await using broker = await scripted()
    broker.ranges.set(offsetFetch.key, { min: 1, max: 7 })
    broker.on(offsetFetch, ({ groupId }) => ({
      topics: [{ name: groupId, partitions: [{ partitionIndex: 0, committedOffset: 4n, metadata: null }] }],
    }))
    const client = createAdmin({ bootstrapServers: [broker.address] })
    const found = await client.listGroupOffsets(['a', 'b'])
    expect([...found.values()].map((outcome) => outcome.ok && outcome.value[0]!.topic)).toEqual(['a', 'b'])
    await client.close()
  })

  it('leave out partitions without an offset', async () => {
    await using broker = await scripted()
    broker.on(offsetFetch, ({ groups }) => ({
      groups: groups.map(({ groupId }) => ({
        groupId,
        topics: [{ name: 't', partitions: [{ partitionIndex: 0, committedOffset: -1n, metadata: '' }] }],
      })),
    }))
    const client = createAdmin({ bootstrapServers: [broker.address] })
    expect((await client.listGroupOffsets(['a'])).get('a')).toEqual({ ok: true, value: [] })
    await client.close()
  })

  it('are looked up again when they say they no longer are', async () => {
    await using broker = await scripted()
    broker.on(offsetCommit, ({ topics }, { count }) => ({
      topics: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode: count === 0 ? 16 : 0 })),
      })),
    }))
    const client = createAdmin({ bootstrapServers: [broker.address] })
    expect(await client.alterGroupOffsets('g', [at(0, 1), at(1, 1)])).toEqual([
      { ok: true, value: undefined },
      { ok: true, value: undefined },
    ])
    expect(broker.askedFor(findCoordinator)).toHaveLength(2)
    await client.close()
  })
})
