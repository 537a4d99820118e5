/** Records in Kafka's own bytes, read and replayed onto a view of the group. */
import { describe, expect, it } from 'vitest'
import type { Uuid } from '../../../../src/base/uuid.ts'
import { type GroupRecord, groupRecordOf } from '../../../../src/commands/consumer-groups/steps/group-records.ts'
import { operations, partitionFor } from '../../../../src/commands/consumer-groups/steps/record-source.ts'
import { replay, type Unsettled } from '../../../../src/commands/consumer-groups/steps/replay.ts'
import { type GroupView, NO_GROUP } from '../../../../src/commands/consumer-groups/steps/view.ts'
import { encodeToBuffer } from '../../../../src/protocol/codec.ts'
import { GROUP_RECORD_TYPES } from '../../../../src/protocol/coordinator/index.ts'
import { consumerProtocolAssignment } from '../../../../src/protocol/messages/consumer-protocol.ts'
import type { KafkaRecord } from '../../../../src/protocol/records/record.ts'
import type { Schema, SchemaInput } from '../../../../src/protocol/schema.ts'

const TOPIC_ID = 'AAAAAAAAAAAAAAAAAAAAEQ' as Uuid

function versioned(schema: Schema, version: number, prefix: number, fields: object): Buffer {
  const head = Buffer.alloc(2)
  head.writeInt16BE(prefix)
  return Buffer.concat([head, encodeToBuffer(schema, version, fields as SchemaInput<Schema>)])
}

function record(type: number, key: object, value: object | null, version = 0): KafkaRecord {
  const schemas = GROUP_RECORD_TYPES.get(type)!
  return {
    offset: 0,
    timestamp: 0,
    headers: [],
    key: versioned(schemas.key, 0, type, key),
    value: value === null ? null : versioned(schemas.value, version, version, value),
  }
}

const read = (type: number, key: object, value: object | null, version = 0): GroupRecord =>
  groupRecordOf(record(type, key, value, version))!

function generation(number: number, owned: Readonly<Record<string, number[]>>): GroupRecord {
  const members = Object.entries(owned).map(([memberId, partitions]) => ({
    memberId,
    clientId: 'app',
    clientHost: '/h',
    sessionTimeout: 45_000,
    subscription: Buffer.alloc(0),
    assignment: Buffer.concat([
      Buffer.from([0, 0]),
      encodeToBuffer(consumerProtocolAssignment, 0, { assignedPartitions: [{ topic: 'orders', partitions }] }),
    ]),
  }))
  const value = { protocolType: 'consumer', generation: number, protocol: 'range', leader: 'm1', members }
  return read(2, { group: 'g' }, value, 3)
}

const names = (topicId: Uuid): string => (topicId === TOPIC_ID ? 'orders' : topicId)

function replayed(records: readonly GroupRecord[], from: GroupView = NO_GROUP): GroupView {
  const unsettled: Unsettled = new Set()
  return records.reduce((view, each) => replay(view, each, names, unsettled), from)
}

describe('a classic group', () => {
  it('is its newest generation', () => {
    const view = replayed([generation(1, { m1: [0, 1] }), generation(2, { m1: [0], m2: [1] })])
    expect(view).toMatchObject({ type: 'Classic', state: 'Stable', generation: 2, assignor: 'range' })
    expect([...view.members.values()].map(({ memberId, assignment }) => [memberId, assignment])).toEqual([
      ['m1', [{ topic: 'orders', partition: 0 }]],
      ['m2', [{ topic: 'orders', partition: 1 }]],
    ])
  })

  it('is empty without members, and gone with a tombstone', () => {
    expect(replayed([generation(3, {})]).state).toBe('Empty')
    expect(replayed([generation(3, {}), read(2, { group: 'g' }, null)])).toBe(NO_GROUP)
  })

  it('does not go back to what was before', () => {
    expect(replayed([generation(5, { m1: [0] }), generation(4, {})]).generation).toBe(5)
  })
})

describe('a group of the consumer protocol', () => {
  const key = { groupId: 'g', memberId: 'm1' }
  const joined = [
    read(5, key, {
      instanceId: null,
      rackId: null,
      clientId: 'app',
      clientHost: '/h',
      subscribedTopicNames: ['orders'],
      subscribedTopicRegex: null,
      serverAssignor: null,
    }),
    read(3, { groupId: 'g' }, { epoch: 2 }),
  ]
  const target = [
    read(7, key, { topicPartitions: [{ topicId: TOPIC_ID, partitions: [0, 1] }] }),
    read(6, { groupId: 'g' }, { assignmentEpoch: 2 }),
  ]
  const current = (state: number, partitions: number[]): GroupRecord =>
    read(8, key, {
      memberEpoch: 2,
      previousMemberEpoch: 0,
      state,
      assignedPartitions: [{ topicId: TOPIC_ID, partitions }],
      partitionsPendingRevocation: [],
    })

  it('goes from Assigning over Reconciling to Stable', () => {
    expect(replayed(joined).state).toBe('Assigning')
    expect(replayed([...joined, ...target]).state).toBe('Reconciling')
    expect(replayed([...joined, ...target, current(2, [0])]).state).toBe('Reconciling')
    const view = replayed([...joined, ...target, current(2, [0]), current(0, [0, 1])])
    expect(view).toMatchObject({ type: 'Consumer', state: 'Stable', groupEpoch: 2, targetAssignmentEpoch: 2 })
    expect(view.members.get('m1')).toEqual({
      memberId: 'm1',
      groupInstanceId: null,
      clientId: 'app',
      host: '/h',
      memberEpoch: 2,
      assignment: [
        { topic: 'orders', partition: 0 },
        { topic: 'orders', partition: 1 },
      ],
      target: [
        { topic: 'orders', partition: 0 },
        { topic: 'orders', partition: 1 },
      ],
    })
  })

  it('loses members, and itself', () => {
    const all = [...joined, ...target, current(0, [0, 1])]
    const gone = [read(8, key, null), read(7, key, null), read(5, key, null), read(3, { groupId: 'g' }, { epoch: 3 })]
    expect(replayed([...all, ...gone])).toMatchObject({ state: 'Empty', groupEpoch: 3 })
    expect(replayed([...all, ...gone, read(3, { groupId: 'g' }, null)])).toEqual(NO_GROUP)
  })

  it('leaves out what is older than the view', () => {
    const all = [...joined, ...target, current(0, [0, 1])]
    expect(replayed([read(3, { groupId: 'g' }, { epoch: 1 })], replayed(all)).groupEpoch).toBe(2)
  })

  it('is told operation by operation, though they share a batch', () => {
    const two = [...joined, ...target, current(0, [0]), current(0, [0, 1])]
    expect(operations(two).map((each) => each.map(({ type }) => type))).toEqual([
      ['member', 'groupEpoch', 'target', 'targetEpoch', 'current'],
      ['current'],
    ])
    const leaving = [
      read(8, key, null),
      read(7, key, null),
      read(5, key, null),
      read(3, { groupId: 'g' }, { epoch: 3 }),
    ]
    expect(operations(leaving)).toHaveLength(1)
    const other = read(8, { groupId: 'g', memberId: 'm2' }, null)
    expect(operations([...leaving, other, read(3, { groupId: 'g' }, { epoch: 4 })]).map((each) => each.length)).toEqual(
      [4, 2],
    )
    expect(operations([generation(1, {}), generation(2, {})])).toHaveLength(2)
  })
})

describe('other records', () => {
  it('are no steps', () => {
    expect(groupRecordOf({ ...record(3, { groupId: 'g' }, null), key: null })).toBeNull()
    expect(groupRecordOf(record(1, { group: 'g', topic: 't', partition: 0 }, null))).toBeNull()
  })

  it('lie where the coordinator puts them', () => {
    // Apache Kafka 4.3.1 with 50 partitions.
    expect(partitionFor('g2', 50)).toBe(43)
    // Their hashes are below zero.
    expect(partitionFor('billing', 50)).toBe(9)
    expect(partitionFor('my-application', 50)).toBe(7)
  })
})
