import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAdmin } from '../../../src/client/admin.ts'
import type { Admin } from '../../../src/client/admin-types.ts'
import { findCoordinator } from '../../../src/protocol/messages/10-find-coordinator.ts'
import { shareGroupDescribe } from '../../../src/protocol/messages/77-share-group-describe.ts'
import { describeShareGroupOffsets } from '../../../src/protocol/messages/90-describe-share-group-offsets.ts'
import { alterShareGroupOffsets } from '../../../src/protocol/messages/91-alter-share-group-offsets.ts'
import { deleteShareGroupOffsets } from '../../../src/protocol/messages/92-delete-share-group-offsets.ts'
import { ScriptedBroker } from '../../support/scripted-broker.ts'

let broker: ScriptedBroker
let admin: Admin

beforeEach(async () => {
  broker = await ScriptedBroker.start()
  broker.on(findCoordinator, ({ coordinatorKeys }) => ({
    coordinators: coordinatorKeys.map((key) => ({ key, nodeId: 1, host: '127.0.0.1', port: broker.port })),
  }))
  admin = createAdmin({ bootstrapServers: [broker.address] })
})
afterEach(async () => {
  await admin.close()
  await broker[Symbol.asyncDispose]()
})

describe('share groups', () => {
  it('are described with their members, asked of the group coordinator', async () => {
    broker.on(shareGroupDescribe, ({ groupIds }) => ({
      groups: groupIds.map((groupId) => ({
        groupId,
        errorCode: groupId === 'g' ? 0 : 69,
        errorMessage: groupId === 'g' ? null : 'not found',
        groupState: 'Stable',
        groupEpoch: 3,
        assignmentEpoch: 2,
        assignorName: 'simple',
        members: [
          {
            memberId: 'm',
            memberEpoch: 3,
            clientId: 'c',
            clientHost: '/h',
            subscribedTopicNames: ['t'],
            assignment: { topicPartitions: [{ topicName: 't', partitions: [0, 1] }] },
          },
        ],
      })),
    }))
    const found = await admin.describeShareGroups(['g', 'x'])
    expect(broker.askedFor(findCoordinator)[0]).toMatchObject({ keyType: 0 })
    expect(found.get('g')).toMatchObject({
      ok: true,
      value: {
        state: 'Stable',
        groupEpoch: 3,
        targetAssignmentEpoch: 2,
        coordinator: { id: 1 },
        members: [
          {
            memberId: 'm',
            assignment: [
              { topic: 't', partition: 0 },
              { topic: 't', partition: 1 },
            ],
          },
        ],
      },
    })
    expect(found.get('x')).toMatchObject({ ok: false, error: { name: 'GROUP_ID_NOT_FOUND', message: 'not found' } })
  })

  it('begin somewhere in each partition, or it is not known', async () => {
    const partitions = [
      { partitionIndex: 0, startOffset: 5n, leaderEpoch: 1, lag: 2n },
      { partitionIndex: 1, startOffset: -1n, leaderEpoch: 0, lag: -1n },
      { partitionIndex: 2, startOffset: 5n, errorCode: 3 },
    ]
    broker.on(describeShareGroupOffsets, () => ({
      groups: [{ groupId: 'g', topics: [{ topicName: 't', partitions }] }],
    }))
    expect((await admin.listShareGroupOffsets(['g'])).get('g')).toEqual({
      ok: true,
      value: [
        { topic: 't', partition: 0, startOffset: 5, leaderEpoch: 1, lag: 2 },
        { topic: 't', partition: 1, startOffset: null, leaderEpoch: null, lag: null },
      ],
    })
    expect(broker.askedFor(describeShareGroupOffsets)).toEqual([{ groups: [{ groupId: 'g', topics: null }] }])
  })

  it('get new offsets, with an outcome each', async () => {
    broker.on(alterShareGroupOffsets, () => ({
      responses: [
        {
          topicName: 't',
          partitions: [{ partitionIndex: 1, errorCode: 3, errorMessage: 'no' }, { partitionIndex: 0 }],
        },
      ],
    }))
    const offsets = [0, 1, 2].map((partition) => ({ topic: 't', partition, offset: 7 }))
    expect(await admin.alterShareGroupOffsets('g', offsets)).toMatchObject({
      ok: true,
      value: [{ ok: true }, { ok: false, error: { message: 'no' } }, { ok: false }],
    })
    broker.on(alterShareGroupOffsets, () => ({ errorCode: 68, responses: [] }))
    expect(await admin.alterShareGroupOffsets('g', offsets)).toMatchObject({ error: { name: 'NON_EMPTY_GROUP' } })
  })

  it('forget topics, with an outcome each', async () => {
    broker.on(deleteShareGroupOffsets, () => ({ responses: [{ topicName: 'b', errorCode: 3 }, { topicName: 'a' }] }))
    expect(await admin.deleteShareGroupOffsets('g', ['a', 'b'])).toMatchObject({
      ok: true,
      value: [{ ok: true }, { ok: false, error: { name: 'UNKNOWN_TOPIC_OR_PARTITION' } }],
    })
    expect(broker.askedFor(deleteShareGroupOffsets)).toEqual([
      { groupId: 'g', topics: [{ topicName: 'a' }, { topicName: 'b' }] },
    ])
  })
})
