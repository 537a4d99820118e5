import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Writer } from '../../../src/base/bytes.ts'
import { ProtocolError } from '../../../src/base/errors.ts'
import { ZERO_UUID } from '../../../src/base/uuid.ts'
import type { CommittedOffset } from '../../../src/coordinator/group/offsets.ts'
import {
  groupMetadataRecord,
  groupMetadataTombstone,
  offsetCommitRecord,
  offsetCommitTombstone,
  parseRecord,
} from '../../../src/coordinator/group/records.ts'
import { encode } from '../../../src/protocol/codec.ts'
import {
  legacyOffsetCommitKey,
  legacyOffsetCommitValue,
} from '../../../src/protocol/coordinator/00-legacy-offset-commit.ts'
import { offsetCommitKey, offsetCommitValue } from '../../../src/protocol/coordinator/01-offset-commit.ts'
import { groupMetadataKey, groupMetadataValue } from '../../../src/protocol/coordinator/02-group-metadata.ts'

const KEY = { group: 'g', topic: 't', partition: 1 }
const TOPIC_ID = '9GWe_uQKRB2mqIa1ZDxOgg'

const OFFSET: CommittedOffset = {
  committedOffset: 5n,
  leaderEpoch: 2,
  metadata: 'md',
  commitTimestampMs: 1_795_252_007_201,
  expireTimestampMs: null,
  topicId: TOPIC_ID,
}

function raw(prefix: number, write: (writer: Writer) => void): Buffer {
  const writer = new Writer()
  writer.int16(prefix)
  write(writer)
  return writer.toBuffer()
}

describe('offset commit records', () => {
  it('has the bytes of a record taken from a segment of Apache Kafka 4.3.1', () => {
    const at = { group: 'D-g1', topic: 'D-t', partition: 0 }
    const { key, value } = offsetCommitRecord(at, { ...OFFSET, leaderEpoch: -1 })
    expect(key.toString('hex')).toBe('00010004442d67310003442d7400000000')
    expect(value!.toString('hex')).toBe(
      '00040000000000000005ffffffff036d64000001a1fd5bb121010010f4659efee40a441da6a886b5643c4e82',
    )
  })

  it('uses version 1 for an offset with an end of its own', () => {
    const record = offsetCommitRecord(KEY, { ...OFFSET, expireTimestampMs: 77 })
    expect(record.value!.readInt16BE(0)).toBe(1)
    expect(parseRecord(record)).toEqual({
      kind: 'offset',
      key: KEY,
      value: { ...OFFSET, leaderEpoch: -1, topicId: ZERO_UUID, expireTimestampMs: 77 },
    })
  })

  it('leaves out an unknown topic id', () => {
    const record = offsetCommitRecord(KEY, { ...OFFSET, topicId: ZERO_UUID })
    expect(record.value!.at(-1)).toBe(0)
    expect(parseRecord(record)).toMatchObject({ value: { topicId: ZERO_UUID } })
  })

  it('reads back what it wrote', () => {
    const offset = fc.record({
      committedOffset: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      leaderEpoch: fc.integer({ min: -1, max: 2 ** 31 - 1 }),
      metadata: fc.string({ unit: 'binary', maxLength: 50 }),
      commitTimestampMs: fc.maxSafeNat(),
      expireTimestampMs: fc.constant(null),
      topicId: fc.constantFrom(ZERO_UUID, TOPIC_ID),
    })
    const key = fc.record({ group: fc.string(), topic: fc.string(), partition: fc.nat(100_000) })
    fc.assert(
      fc.property(key, offset, (at, value) => {
        expect(parseRecord(offsetCommitRecord(at, value))).toEqual({ kind: 'offset', key: at, value })
      }),
    )
  })

  it('reads every version Kafka ever wrote', () => {
    for (const version of [0, 1, 2, 3, 4]) {
      const value = raw(version, (writer) =>
        encode(
          offsetCommitValue,
          version,
          { offset: 9n, leaderEpoch: 3, metadata: 'm', commitTimestamp: 1n, expireTimestamp: 50n, topicId: TOPIC_ID },
          writer,
        ),
      )
      const key = raw(1, (writer) => encode(offsetCommitKey, 0, KEY, writer))
      expect(parseRecord({ key, value })).toEqual({
        kind: 'offset',
        key: KEY,
        value: {
          committedOffset: 9n,
          leaderEpoch: version >= 3 ? 3 : -1,
          metadata: 'm',
          commitTimestampMs: 1,
          expireTimestampMs: version === 1 ? 50 : null,
          topicId: version >= 4 ? TOPIC_ID : ZERO_UUID,
        },
      })
    }
  })

  it('reads records of type 0', () => {
    const key = raw(0, (writer) => encode(legacyOffsetCommitKey, 0, KEY, writer))
    const value = raw(0, (writer) =>
      encode(legacyOffsetCommitValue, 0, { offset: 4n, metadata: 'old', commitTimestamp: 2n }, writer),
    )
    expect(parseRecord({ key, value })).toMatchObject({
      kind: 'offset',
      key: KEY,
      value: { committedOffset: 4n, metadata: 'old', commitTimestampMs: 2, leaderEpoch: -1 },
    })
    expect(parseRecord({ key, value: null })).toMatchObject({ kind: 'offset', value: null })
  })

  it('deletes with a null value', () => {
    const record = offsetCommitTombstone(KEY)
    expect(record.value).toBeNull()
    expect(record.key).toEqual(offsetCommitRecord(KEY, OFFSET).key)
    expect(parseRecord(record)).toEqual({ kind: 'offset', key: KEY, value: null })
  })
})

describe('group metadata records', () => {
  const member = {
    memberId: 'm-1',
    groupInstanceId: 'one',
    clientId: 'c',
    clientHost: '/127.0.0.1',
    rebalanceTimeout: 60_000,
    sessionTimeout: 10_000,
    subscription: Buffer.from('sub'),
    assignment: Buffer.from('asg'),
  }
  const value = {
    protocolType: 'consumer',
    generation: 3,
    protocol: 'range',
    leader: 'm-1',
    currentStateTimestamp: 123n,
    members: [member],
  }

  it('is written in version 3, as Apache Kafka 4.3.1 does', () => {
    const record = groupMetadataRecord('g', value)
    expect(record.key.toString('hex')).toBe('0002' + '000167')
    expect(record.value!.readInt16BE(0)).toBe(3)
    expect(parseRecord(record)).toEqual({ kind: 'group', groupId: 'g', value })
  })

  it('is read in every version', () => {
    const key = raw(2, (writer) => encode(groupMetadataKey, 0, { group: 'g' }, writer))
    for (const version of [0, 1, 2, 3, 4]) {
      const parsed = parseRecord({
        key,
        value: raw(version, (writer) => encode(groupMetadataValue, version, value, writer)),
      })
      expect(parsed).toMatchObject({
        kind: 'group',
        value: {
          generation: 3,
          currentStateTimestamp: version >= 2 ? 123n : -1n,
          members: [
            {
              groupInstanceId: version >= 3 ? 'one' : null,
              rebalanceTimeout: version >= 1 ? 60_000 : -1,
              clientId: 'c',
            },
          ],
        },
      })
    }
  })

  it('does not keep the batch alive that it was read from', () => {
    const record = groupMetadataRecord('g', value)
    const bytes = Buffer.from(record.value!)
    const parsed = parseRecord({ key: record.key, value: bytes })
    bytes.fill(0)
    expect(parsed).toMatchObject({ value: { members: [{ assignment: Buffer.from('asg') }] } })
  })

  it('deletes with a null value', () => {
    expect(parseRecord(groupMetadataTombstone('g'))).toEqual({ kind: 'group', groupId: 'g', value: null })
  })
})

describe('other records', () => {
  it('are left alone', () => {
    expect(parseRecord({ key: raw(3, () => undefined), value: null })).toEqual({ kind: 'unknown', type: 3 })
    expect(parseRecord({ key: raw(99, () => undefined), value: Buffer.alloc(4) })).toEqual({
      kind: 'unknown',
      type: 99,
    })
  })

  it('are refused when they break their promise', () => {
    const { key, value } = offsetCommitRecord(KEY, OFFSET)
    expect(() => parseRecord({ key: key.subarray(0, 6), value })).toThrow(ProtocolError)
    expect(() => parseRecord({ key, value: value!.subarray(0, 5) })).toThrow(ProtocolError)
  })
})
