import { describe, expect, it } from 'vitest'
import { readBatchHeader } from '../../src/protocol/records/record-batch.ts'
import { readCheckedBatches } from '../../src/raft/batch-reader.ts'
import {
  controlBatch,
  dataBatch,
  kraftVersionRecord,
  leaderChangeRecord,
  readControlRecord,
  snapshotFooter,
  snapshotHeader,
  votersControlRecord,
} from '../../src/raft/control-batches.ts'
import { voterSet } from './support.ts'

const AT = { baseOffset: 5, epoch: 2, timestampMs: 1_700_000_000_000 }

describe('control records', () => {
  it.each([
    ['leader change', leaderChangeRecord(1, voterSet(1, 2), [1]), { type: 'leader-change', leaderId: 1 }],
    ['kraft version', kraftVersionRecord(1), { type: 'kraft-version', kraftVersion: 1 }],
    ['voters', votersControlRecord(voterSet(1, 2)), { type: 'voters', voters: voterSet(1, 2) }],
    ['header', snapshotHeader(77), { type: 'snapshot-header', lastContainedLogTimestamp: 77 }],
    ['footer', snapshotFooter(), { type: 'snapshot-footer' }],
  ])('of a %s come back', (_, { key, value }, expected) => {
    expect(readControlRecord(key, value)).toEqual(expected)
  })

  it('of a leader change with one voter are the 19 bytes Kafka writes', () => {
    expect(leaderChangeRecord(100, voterSet(100), [100]).value.toString('hex')).toBe(
      '0000000000640200000064000200000064' + '0000',
    )
  })

  it('of other kinds are let be', () => {
    expect(readControlRecord(Buffer.from([0, 0, 0, 1]), Buffer.alloc(6))).toEqual({ type: 'other' })
    expect(readControlRecord(Buffer.from([0, 0, 0, 99]), Buffer.alloc(6))).toEqual({ type: 'other' })
    expect(readControlRecord(null, Buffer.alloc(6))).toEqual({ type: 'other' })
    expect(readControlRecord(Buffer.from([0, 0, 0, 2]), null)).toEqual({ type: 'other' })
  })

  it('that lie about their content throw', () => {
    expect(() => readControlRecord(Buffer.from([0, 0, 0, 6]), Buffer.from([0, 0, 0xff]))).toThrow()
  })
})

describe('batches', () => {
  it('carry offset, epoch and time', () => {
    const header = readBatchHeader(dataBatch([Buffer.from('a'), Buffer.from('b')], AT))
    expect(header).toMatchObject({
      baseOffset: 5,
      lastOffset: 6,
      partitionLeaderEpoch: 2,
      producerId: -1n,
      attributes: 0,
    })
    expect(header.maxTimestamp).toBe(AT.timestampMs)
    expect(readBatchHeader(controlBatch([snapshotFooter()], AT)).attributes).toBe(0x20)
  })

  it('are told apart', () => {
    const bytes = Buffer.concat([controlBatch([snapshotFooter()], AT), dataBatch([Buffer.from('x')], AT)])
    const [control, data] = [...readCheckedBatches(bytes)]
    expect([control!.control, control!.values]).toEqual([[{ type: 'snapshot-footer' }], []])
    expect([data!.control, data!.values.map(String)]).toEqual([[], ['x']])
    expect(data!.appendTimestamp).toBe(AT.timestampMs)
  })
})
