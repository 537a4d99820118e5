import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { classicAssignment } from '../../../src/client/admin/groups.ts'
import { createAdmin } from '../../../src/client/admin.ts'
import type { Admin } from '../../../src/client/admin-types.ts'
import { GroupConsumer } from '../../../src/client/group-consumer.ts'
import { startCluster } from '../../../src/cluster/start-cluster.ts'
import type { LocalCluster } from '../../../src/cluster/types.ts'
import { findCoordinator } from '../../../src/protocol/messages/10-find-coordinator.ts'
import { describeGroups } from '../../../src/protocol/messages/15-describe-groups.ts'
import { listGroups } from '../../../src/protocol/messages/16-list-groups.ts'
import { consumerGroupDescribe } from '../../../src/protocol/messages/69-consumer-group-describe.ts'
import { ScriptedBroker, Topology } from '../../support/scripted-broker.ts'

let cluster: LocalCluster
let admin: Admin
let member: GroupConsumer

beforeAll(async () => {
  cluster = await startCluster({ config: { 'group.initial.rebalance.delay.ms': '0' } })
  admin = createAdmin({ bootstrapServers: [cluster.bootstrapServers] })
  await admin.createTopics([{ name: 't', partitions: 2, replicationFactor: 1 }])
  await admin.alterGroupOffsets('empty', [{ topic: 't', partition: 0, offset: 0 }])
  await new Promise<void>((resolve, reject) => {
    member = new GroupConsumer(
      { bootstrapServers: [cluster.bootstrapServers], clientId: 'reader' },
      { groupId: 'live', topics: ['t'], onAssigned: () => resolve() },
    )
    member.start().catch(reject)
  })
})
afterAll(async () => {
  await member.close()
  await admin.close()
  await cluster.close()
})

describe('groups', () => {
  it('are listed by id, with state and type', async () => {
    expect(await admin.listGroups()).toEqual([
      { groupId: 'empty', protocolType: '', state: 'Empty', type: 'Classic' },
      { groupId: 'live', protocolType: 'consumer', state: 'Stable', type: 'Classic' },
    ])
  })

  it('are filtered by state, type and protocol', async () => {
    const ids = async (filter: object) => (await admin.listGroups(filter)).map(({ groupId }) => groupId)
    expect(await ids({ states: ['Stable'] })).toEqual(['live'])
    expect(await ids({ types: ['classic'] })).toEqual(['empty', 'live'])
    expect(await ids({ types: ['consumer'] })).toEqual([])
    expect(await ids({ protocolTypes: ['consumer'] })).toEqual(['live'])
  })

  it('are described with members and what they read', async () => {
    const described = (await admin.describeGroups(['live'])).get('live')
    expect(described).toMatchObject({
      ok: true,
      value: {
        groupId: 'live',
        type: 'Classic',
        protocolType: 'consumer',
        state: 'Stable',
        assignor: 'range',
        coordinator: { id: 1, host: '127.0.0.1' },
        members: [
          {
            clientId: 'reader',
            groupInstanceId: null,
            assignment: [
              { topic: 't', partition: 0 },
              { topic: 't', partition: 1 },
            ],
          },
        ],
      },
    })
  })

  it('without members have none, and groups that do not exist are told apart', async () => {
    const described = await admin.describeGroups(['empty', 'nope'])
    expect(described.get('empty')).toMatchObject({ ok: true, value: { state: 'Empty', members: [] } })
    expect(described.get('nope')).toMatchObject({ ok: false, error: { name: 'GROUP_ID_NOT_FOUND' } })
  })

  it('are deleted when they are empty', async () => {
    await admin.alterGroupOffsets('gone', [{ topic: 't', partition: 0, offset: 0 }])
    const outcomes = await admin.deleteGroups(['gone', 'live', 'nope'])
    expect([...outcomes].map(([id, outcome]) => [id, outcome.ok ? 'deleted' : outcome.error.name])).toEqual([
      ['gone', 'deleted'],
      ['live', 'NON_EMPTY_GROUP'],
      ['nope', 'GROUP_ID_NOT_FOUND'],
    ])
  })
})

/** Two brokers, the second one coordinating everything. */
async function scriptedPair(): Promise<[ScriptedBroker, ScriptedBroker]> {
  const topology = new Topology()
  const first = await ScriptedBroker.start({ id: 1, topology })
  const second = await ScriptedBroker.start({ id: 2, topology })
  for (const broker of [first, second]) {
    broker.on(findCoordinator, ({ coordinatorKeys }) => ({
      coordinators: coordinatorKeys.map((key) => ({ key, nodeId: 2, host: '127.0.0.1', port: second.port })),
    }))
  }
  return [first, second]
}

describe('groups of several brokers', () => {
  it('are listed from all of them, once each', async () => {
    const [first, second] = await scriptedPair()
    first.on(listGroups, () => ({ groups: [{ groupId: 'b' }, { groupId: 'moved' }] }))
    second.on(listGroups, () => ({ groups: [{ groupId: 'a' }, { groupId: 'moved' }] }))
    const scripted = createAdmin({ bootstrapServers: [first.address] })
    expect((await scripted.listGroups()).map(({ groupId }) => groupId)).toEqual(['a', 'b', 'moved'])
    await scripted.close()
    for (const broker of [first, second]) await broker[Symbol.asyncDispose]()
  })

  it('of the new protocol are described by their own API, the others by the old one', async () => {
    const [first, second] = await scriptedPair()
    second.on(consumerGroupDescribe, ({ groupIds }) => ({
      groups: groupIds.map((groupId) =>
        groupId === 'new'
          ? {
              groupId,
              groupState: 'Stable',
              groupEpoch: 7,
              assignmentEpoch: 6,
              assignorName: 'uniform',
              members: [
                {
                  memberId: 'm',
                  memberEpoch: 6,
                  clientId: 'c',
                  clientHost: '/h',
                  memberType: 1,
                  assignment: { topicPartitions: [{ topicName: 't', partitions: [3] }] },
                },
              ],
            }
          : { groupId, errorCode: 69 },
      ),
    }))
    second.on(describeGroups, ({ groups }) => ({
      groups: groups.map((groupId) => ({ groupId, groupState: 'Empty', members: [] })),
    }))
    const scripted = createAdmin({ bootstrapServers: [first.address] })
    const described = await scripted.describeGroups(['new', 'old'])
    expect(described.get('new')).toMatchObject({
      ok: true,
      value: {
        type: 'Consumer',
        groupEpoch: 7,
        targetAssignmentEpoch: 6,
        members: [{ memberEpoch: 6, upgraded: true, assignment: [{ topic: 't', partition: 3 }] }],
      },
    })
    expect(described.get('old')).toMatchObject({ ok: true, value: { type: 'Classic', state: 'Empty' } })
    expect(second.askedFor(describeGroups).map(({ groups }) => groups)).toEqual([['old']])
    await scripted.close()
    for (const broker of [first, second]) await broker[Symbol.asyncDispose]()
  })

  it('cannot be filtered by what old brokers do not know', async () => {
    await using broker = await ScriptedBroker.start()
    broker.ranges.set(listGroups.key, { min: 0, max: 3 })
    broker.on(listGroups, () => ({ groups: [{ groupId: 'g', protocolType: 'consumer' }] }))
    const scripted = createAdmin({ bootstrapServers: [broker.address] })
    await expect(scripted.listGroups({ states: ['Empty'] })).rejects.toThrow('too old to filter groups by state')
    expect(await scripted.listGroups()).toEqual([{ groupId: 'g', protocolType: 'consumer', state: '', type: '' }])
    await scripted.close()
  })
})

describe('the embedded consumer protocol', () => {
  it('is read in any version, newer ones too', () => {
    const assignment = Buffer.from('000000000001000174000000020000000000000001ffffffff', 'hex')
    const expected = [
      { topic: 't', partition: 0 },
      { topic: 't', partition: 1 },
    ]
    expect(classicAssignment(assignment)).toEqual(expected)
    const newer = Buffer.from(assignment)
    newer.writeInt16BE(99)
    expect(classicAssignment(newer)).toEqual(expected)
    expect(classicAssignment(Buffer.alloc(0))).toEqual([])
  })
})
