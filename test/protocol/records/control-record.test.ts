import { describe, expect, it } from 'vitest'
import { ProtocolError } from '../../../src/base/errors.ts'
import { ZERO_UUID } from '../../../src/base/uuid.ts'
import {
  type ControlRecordInput,
  controlRecordKey,
  controlRecordType,
  controlRecordValue,
  decodeControlRecord,
  encodeControlBatch,
  encodeEndTxnMarker,
} from '../../../src/protocol/records/control-record.ts'
import { decodeRecords } from '../../../src/protocol/records/record.ts'
import { isControlBatch, isTransactional, readBatchHeader } from '../../../src/protocol/records/record-batch.ts'

describe('control records', () => {
  const voters = [{ voterId: 1, voterDirectoryId: ZERO_UUID }]
  it.each<ControlRecordInput>([
    { type: 'abort', body: { coordinatorEpoch: 1 } },
    { type: 'commit', body: { coordinatorEpoch: 2 } },
    { type: 'leaderChange', body: { version: 0, leaderId: 3, voters, grantingVoters: [] } },
    { type: 'leaderChange', body: { version: 1, leaderId: 3, voters, grantingVoters: voters } },
    { type: 'snapshotHeader', body: { version: 0, lastContainedLogTimestamp: 5n } },
    { type: 'snapshotFooter', body: { version: 0 } },
    { type: 'kRaftVersion', body: { version: 0, kRaftVersion: 1 } },
    { type: 'kRaftVoters', body: { version: 0, voters: [] } },
  ])('$type is read back', (record) => {
    expect(decodeControlRecord(controlRecordKey(record.type), controlRecordValue(record))).toEqual(record)
  })

  it('have Kafka’s bytes', () => {
    expect(controlRecordKey('commit').toString('hex')).toBe('00000001')
    expect(controlRecordValue({ type: 'commit', body: { coordinatorEpoch: 21 } }).toString('hex')).toBe('000000000015')
  })

  it('of a later version are read as the latest we know', () => {
    const value = Buffer.from('0009' + '00000015' + 'ffff', 'hex')
    expect(decodeControlRecord(controlRecordKey('abort'), value)?.body).toEqual({ coordinatorEpoch: 21 })
    expect(controlRecordType(Buffer.from('00070001' + 'ff', 'hex'))).toBe('commit')
  })

  it('of a type we do not know are null', () => {
    expect(controlRecordType(Buffer.from('00000063', 'hex'))).toBeNull()
    expect(controlRecordType(Buffer.from('0000ffff', 'hex'))).toBeNull()
    expect(decodeControlRecord(Buffer.from('00000063', 'hex'), null)).toBeNull()
  })

  it('that are none are refused', () => {
    expect(() => controlRecordType(null)).toThrow(ProtocolError)
    expect(() => controlRecordType(Buffer.from('000000', 'hex'))).toThrow(ProtocolError)
    expect(() => controlRecordType(Buffer.from('ffff0000', 'hex'))).toThrow(
      'Invalid version found for control record: -1',
    )
    expect(() => decodeControlRecord(controlRecordKey('commit'), null)).toThrow(ProtocolError)
    expect(() => decodeControlRecord(controlRecordKey('commit'), Buffer.alloc(3))).toThrow(ProtocolError)
  })
})

describe('control batches', () => {
  it('that end a transaction are transactional and carry the producer', () => {
    const batch = encodeEndTxnMarker({
      commit: false,
      coordinatorEpoch: 8,
      producerId: 4000n,
      producerEpoch: 6,
      timestamp: 1234,
      partitionLeaderEpoch: 2,
    })
    const header = readBatchHeader(batch)
    expect([isControlBatch(header.attributes), isTransactional(header.attributes)]).toEqual([true, true])
    expect(header).toMatchObject({ producerId: 4000n, producerEpoch: 6, baseSequence: -1, partitionLeaderEpoch: 2 })
    const [record] = decodeRecords(batch)
    expect(record?.timestamp).toBe(1234)
    expect(decodeControlRecord(record!.key, record!.value)).toEqual({ type: 'abort', body: { coordinatorEpoch: 8 } })
  })

  it('of the quorum hold several records and no producer', () => {
    const batch = encodeControlBatch(
      [
        { type: 'snapshotHeader', body: { lastContainedLogTimestamp: 9n } },
        { type: 'kRaftVersion', body: { kRaftVersion: 1 } },
      ],
      77,
      { baseOffset: 5, partitionLeaderEpoch: 3 },
    )
    const header = readBatchHeader(batch)
    expect(header).toMatchObject({ baseOffset: 5, lastOffset: 6, producerId: -1n, partitionLeaderEpoch: 3 })
    expect(isTransactional(header.attributes)).toBe(false)
    expect(decodeRecords(batch).map((record) => controlRecordType(record.key))).toEqual([
      'snapshotHeader',
      'kRaftVersion',
    ])
  })
})
