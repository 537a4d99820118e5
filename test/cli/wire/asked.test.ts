import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import { askedText } from '../../../src/cli/wire/asked.ts'
import { WireKnowledge } from '../../../src/cli/wire/knowledge.ts'
import { BatchBuilder } from '../../../src/protocol/records/batch-builder.ts'
import { loadAllApis } from '../../../src/protocol/registry.ts'
import { parseVersions } from '../../../src/protocol/schema.ts'
import { randomMessage } from '../../support/random-message.ts'

const knowledge = new WireKnowledge()
const asked = (name: string, request: unknown): string => askedText(name, request, knowledge)

function records(count: number): Buffer {
  const builder = new BatchBuilder()
  for (let at = 0; at < count; at++) builder.append(1, null, Buffer.from('x'))
  return Buffer.from(builder.build({}))
}

describe('what a request asks', () => {
  it('of brokers and topics', () => {
    expect(asked('Metadata', { topics: null })).toBe('all topics')
    expect(asked('Metadata', { topics: [] })).toBe('the brokers alone')
    const topics = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => ({ name }))
    expect(asked('Metadata', { topics })).toBe('topics a b c d e and 2 more')
    expect(asked('FindCoordinator', { keyType: 1, coordinatorKeys: ['pay'] })).toBe('transactional id pay')
    expect(asked('FindCoordinator', { key: 'billing', coordinatorKeys: [] })).toBe('group billing')
  })

  it('of records', () => {
    const part = (index: number, count: number) => ({ index, records: records(count) })
    const topicData = [{ name: 'orders', partitionData: [part(0, 3), part(1, 1)] }]
    expect(asked('Produce', { acks: -1, transactionalId: 'pay', topicData })).toMatch(
      /^4 records \(\d+ bytes\) for orders-0 orders-1, transactional id pay; answer when all in-sync replicas have them \(acks=all\)$/,
    )
    expect(asked('Produce', { acks: 0, transactionalId: null, topicData: [] })).toContain('no answer wanted (acks=0)')
    const topics = [{ topic: 'orders', partitions: [{ partition: 0, fetchOffset: 5n }] }]
    expect(asked('Fetch', { sessionId: 0, maxWaitMs: 500, minBytes: 1, topics })).toBe(
      'orders-0 from offset 5; waits up to 500 ms for 1 byte',
    )
    expect(asked('Fetch', { sessionId: 7, maxWaitMs: 500, minBytes: 1, topics: [] })).toMatch(
      /^what is new in the partitions of session 7;/,
    )
    const when = [
      {
        name: 'orders',
        partitions: [
          { partitionIndex: 0, timestamp: -1n },
          { partitionIndex: 1, timestamp: 0n },
        ],
      },
    ]
    expect(asked('ListOffsets', { topics: when })).toBe(
      'orders-0 its end, orders-1 the first record from 1970-01-01T00:00:00.000Z on',
    )
    const absurd = [{ name: 'orders', partitions: [{ partitionIndex: 0, timestamp: 2n ** 62n }] }]
    expect(asked('ListOffsets', { topics: absurd })).toContain('from 4611686018427388000 on')
  })

  it('of groups', () => {
    const join = {
      groupId: 'g',
      memberId: '',
      sessionTimeoutMs: 45000,
      protocols: [{ name: 'range' }, { name: 'sticky' }],
    }
    expect(asked('JoinGroup', join)).toBe(
      'group g, as a new member; can assign by range, sticky; dead after 45000 ms of silence',
    )
    expect(asked('OffsetFetch', { groups: [{ groupId: 'g', topics: null }] })).toBe(
      'group g: all that it has committed',
    )
    const beat = {
      groupId: 'g',
      memberEpoch: 0,
      subscribedTopicNames: ['orders'],
      topicPartitions: [{ partitions: [1, 2] }],
    }
    expect(asked('ConsumerGroupHeartbeat', beat)).toBe('group g: the member joins; reads orders; has 2 partitions')
    expect(
      asked('ConsumerGroupHeartbeat', { ...beat, memberEpoch: -1, subscribedTopicNames: null, topicPartitions: null }),
    ).toBe('group g: the member leaves')
  })

  it('never shows a login', () => {
    expect(asked('SaslAuthenticate', { authBytes: Buffer.from('\0alice\0secret') })).toBe(
      '13 bytes of the login, not shown',
    )
  })

  it('is told of every request, with whatever is in it', async () => {
    for (const api of await loadAllApis()) {
      const { min, max } = parseVersions(api.validVersions)
      for (let version = min; version <= max; version++) {
        const random = seededRandom(version + api.key * 100)
        expect(asked(api.name, randomMessage(api.request, version, random))).not.toBe('')
        expect(asked(api.name, {})).not.toBe('')
      }
    }
    expect(asked('Unheard', null)).toBe('what kt cannot read')
  })
})
