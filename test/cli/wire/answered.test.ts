import { describe, expect, it } from 'vitest'
import { Writer } from '../../../src/base/bytes.ts'
import { seededRandom } from '../../../src/base/random.ts'
import { answeredText, isRoutine } from '../../../src/cli/wire/answered.ts'
import { errorsText } from '../../../src/cli/wire/errors.ts'
import { WireKnowledge } from '../../../src/cli/wire/knowledge.ts'
import { encode } from '../../../src/protocol/codec.ts'
import { consumerProtocolAssignment } from '../../../src/protocol/messages/consumer-protocol.ts'
import { BatchBuilder } from '../../../src/protocol/records/batch-builder.ts'
import { loadAllApis } from '../../../src/protocol/registry.ts'
import { parseVersions } from '../../../src/protocol/schema.ts'
import { randomMessage } from '../../support/random-message.ts'

const knowledge = new WireKnowledge()
const answered = (name: string, answer: unknown, request: unknown = {}): string =>
  answeredText(name, answer, knowledge, request)

function records(count: number): Buffer {
  const builder = new BatchBuilder()
  for (let at = 0; at < count; at++) builder.append(1, null, Buffer.from('x'))
  return Buffer.from(builder.build({ baseOffset: 5 }))
}

describe('what an answer says', () => {
  it('of brokers and topics', () => {
    const partitions = [{ leaderId: 2 }, { leaderId: -1 }]
    const brokers = [{ nodeId: 2 }, { nodeId: 1 }]
    expect(answered('Metadata', { brokers, topics: [{ name: 'orders', partitions }] })).toBe(
      '2 brokers (1, 2); orders (2 partitions, led by 2, nobody)',
    )
    const found = { key: 'billing', nodeId: 3, host: 'b3', port: 9094, errorCode: 0 }
    expect(answered('FindCoordinator', { coordinators: [found, { ...found, errorCode: 15 }] })).toBe(
      'billing: broker 3 (b3:9094)',
    )
  })

  it('of records and offsets', () => {
    const stored = { index: 0, errorCode: 0, baseOffset: 5n }
    const refused = { index: 1, errorCode: 6, baseOffset: -1n }
    expect(answered('Produce', { responses: [{ name: 'orders', partitionResponses: [stored, refused] }] })).toBe(
      'orders-0 stored from offset 5 on',
    )
    const partition = { partitionIndex: 0, errorCode: 0, highWatermark: 8n, records: records(3) }
    expect(answered('Fetch', { errorCode: 0, responses: [{ topic: 'orders', partitions: [partition] }] })).toMatch(
      /^orders-0 3 records \(\d+ bytes, offsets 5 to 7; high watermark 8\)$/,
    )
    const empty = { errorCode: 0, responses: [{ topic: 'orders', partitions: [{ ...partition, records: null }] }] }
    expect(answered('Fetch', empty)).toBe('nothing new')
    expect([
      isRoutine('Fetch', empty),
      isRoutine('Heartbeat', { errorCode: 0 }),
      isRoutine('Heartbeat', { errorCode: 27 }),
    ]).toEqual([true, true, false])
    const offset = (more: object) => ({
      topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, errorCode: 0, ...more }] }],
    })
    expect(answered('ListOffsets', offset({ offset: 7n, timestamp: -1n }))).toBe('orders-0 offset 7')
    expect(answered('ListOffsets', offset({ offset: -1n, timestamp: -1n }))).toBe('orders-0 no such offset')
    expect(answered('OffsetFetch', { groups: [{ groupId: 'g', ...offset({ committedOffset: -1n }) }] })).toBe(
      'g: orders-0 nothing',
    )
  })

  it('of groups', () => {
    const joined = {
      errorCode: 0,
      generationId: 3,
      memberId: 'm',
      leader: 'm',
      protocolName: 'range',
      members: [{}, {}],
    }
    expect(answered('JoinGroup', joined)).toBe(
      'member m of generation 3, leader of the group, assigns to 2 members by range',
    )
    const writer = new Writer()
    writer.int16(1)
    encode(consumerProtocolAssignment, 1, { assignedPartitions: [{ topic: 'orders', partitions: [0, 2] }] }, writer)
    expect(answered('SyncGroup', { assignment: writer.toBuffer() })).toBe('its partitions are orders-0 orders-2')
    expect(answered('SyncGroup', { assignment: Buffer.from('connect') })).toBe('an assignment of 7 bytes')
  })

  it('is told of every answer, with whatever is in it', async () => {
    for (const api of await loadAllApis()) {
      const { min, max } = parseVersions(api.validVersions)
      for (let version = min; version <= max; version++) {
        const answer = randomMessage(api.response, version, seededRandom(version + api.key * 100))
        expect(typeof answered(api.name, answer)).toBe('string')
        expect(errorsText(answer, knowledge)).not.toBe('')
        expect(typeof isRoutine(api.name, answer)).toBe('boolean')
        knowledge.learn({
          ...{ api, version, address: { host: 'h', port: 1 }, correlationId: 1, request: {}, requestBytes: 1 },
          ...{ response: answer, responseBytes: 1, elapsedMs: 1, failure: null },
        })
      }
    }
    expect(answered('Unheard', null)).toBe('')
  })
})
