import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import { fieldLines } from '../../../src/cli/wire/fields.ts'
import { produce } from '../../../src/protocol/messages/00-produce.ts'
import { fetch } from '../../../src/protocol/messages/01-fetch.ts'
import { metadata } from '../../../src/protocol/messages/03-metadata.ts'
import { createDelegationToken } from '../../../src/protocol/messages/38-create-delegation-token.ts'
import { alterUserScramCredentials } from '../../../src/protocol/messages/51-alter-user-scram-credentials.ts'
import { BatchBuilder } from '../../../src/protocol/records/batch-builder.ts'
import { loadAllApis } from '../../../src/protocol/registry.ts'
import { parseVersions } from '../../../src/protocol/schema.ts'
import { randomMessage } from '../../support/random-message.ts'

const names = { topicName: (id: unknown) => (id === 'id' ? 'orders' : String(id)) }

function records(): Buffer {
  const builder = new BatchBuilder()
  builder.append(1, null, Buffer.from('my secret'))
  builder.append(2, null, Buffer.from('another'))
  return Buffer.from(builder.build({ producerId: 7n, producerEpoch: 0, baseSequence: 5 }))
}

describe('fields of a message', () => {
  it('are those of the version, with what was left out at its default', () => {
    expect(fieldLines(metadata.request, 4, { topics: [{ name: 'orders' }] }, names)).toEqual([
      'topics: 1',
      '  - name: orders',
      'allowAutoTopicCreation: true',
    ])
    expect(fieldLines(metadata.request, 12, { topics: null }, names)).toContain('topics: null')
  })

  it('show records by the headers of their batches, never what is in them', () => {
    const data = [{ topicId: 'id', partitionData: [{ index: 0, records: records() }] }]
    const lines = fieldLines(produce.request, 13, { acks: -1, timeoutMs: 1500, topicData: data }, names)
    expect(lines).toContain('  - topicId: id (orders)')
    expect(lines.join('\n')).toMatch(
      / {8}records: 1 batch, 2 records, \d+ bytes\n {10}- offsets 0 to 1, 2 records, \d+ bytes, not compressed, producer 7 epoch 0 sequence 5/,
    )
    expect(lines.join('\n')).not.toContain('secret')
  })

  it('name errors', () => {
    const responses = [
      { topic: 't', partitions: [{ partitionIndex: 0, errorCode: 6, highWatermark: 5n, records: null }] },
    ]
    const lines = fieldLines(fetch.response, 11, { responses }, names)
    expect(lines).toContain('        errorCode: 6 (NOT_LEADER_OR_FOLLOWER)')
    expect(lines).toContain('        highWatermark: 5')
    expect(lines).toContain('        records: null')
  })

  it('hide passwords and tokens', () => {
    const upsertions = [
      {
        name: 'alice',
        mechanism: 1,
        iterations: 4096,
        salt: Buffer.from('salt'),
        saltedPassword: Buffer.from('hunter2'),
      },
    ]
    const scram = fieldLines(alterUserScramCredentials.request, 0, { upsertions }, names).join('\n')
    expect(scram).toContain('saltedPassword: <7 bytes, not shown>')
    const token = fieldLines(
      createDelegationToken.response,
      3,
      { tokenId: 'T1', hmac: Buffer.from('hunter2') },
      names,
    ).join('\n')
    expect(token).toContain('tokenId: T1')
    expect(scram + token).not.toContain('hunter2')
  })

  it('are cut where they are many, and text of others reaches no terminal as it is', () => {
    const topics = Array.from({ length: 500 }, (_, at) => ({ name: `t${at}` }))
    const lines = fieldLines(metadata.request, 4, { topics }, names)
    expect(lines).toContain('  ... and 490 more')
    expect(lines.length).toBe(13)
    expect(fieldLines(metadata.request, 4, { topics: [{ name: '\u001b[2J' }] }, names)).toContain(
      '  - name: "\\u001b[2J"',
    )
    const long = fieldLines(metadata.request, 4, { topics: [{ name: 'x'.repeat(900) }] }, names)[1]!
    expect(long.length).toBeLessThan(250)
  })

  it('of every message in every version can be told', async () => {
    for (const api of await loadAllApis()) {
      for (const schema of [api.request, api.response]) {
        const { min, max } = parseVersions(schema.validVersions)
        for (let version = min; version <= max; version++) {
          const random = seededRandom(version * 7 + api.key)
          const lines = fieldLines(schema, version, randomMessage(schema, version, random), names)
          expect(lines.length).toBeLessThanOrEqual(201)
        }
      }
    }
  })
})
