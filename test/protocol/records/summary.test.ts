import { describe, expect, it } from 'vitest'
import { BatchBuilder } from '../../../src/protocol/records/batch-builder.ts'
import { setBaseOffset } from '../../../src/protocol/records/record-batch.ts'
import { RecordsScanner, summariseRecords } from '../../../src/protocol/records/summary.ts'

function batch(count: number, baseOffset: number): Buffer {
  const builder = new BatchBuilder()
  for (let at = 0; at < count; at++) builder.append(1_700_000_000_000 + at, null, Buffer.from(`record ${at}`))
  const bytes = Buffer.from(builder.build({ producerId: 7n, producerEpoch: 1, baseSequence: 3 }))
  setBaseOffset(bytes, 0, baseOffset)
  return bytes
}

describe('records, summed up', () => {
  const bytes = Buffer.concat([batch(3, 10), batch(1, 13), batch(25, 14)])

  it('are counted by the headers of their batches', () => {
    const summary = summariseRecords(bytes)
    expect(summary).toMatchObject({ sizeInBytes: bytes.length, batchCount: 3, recordCount: 29 })
    expect(summary).toMatchObject({ firstOffset: 10, lastOffset: 38, unreadable: null, incompleteBytes: 0 })
    expect(summary.batches[0]).toMatchObject({
      ...{ baseOffset: 10, lastOffset: 12, recordCount: 3, compression: 'none' },
      ...{ producerId: 7n, producerEpoch: 1, baseSequence: 3, isTransactional: false, isControl: false },
    })
  })

  it('are the same in pieces of any size', () => {
    for (const size of [1, 7, 60, 61, 62, 500]) {
      const scanner = new RecordsScanner()
      for (let at = 0; at < bytes.length; at += size) scanner.push(bytes.subarray(at, at + size))
      expect(scanner.finish()).toEqual(summariseRecords(bytes))
    }
  })

  it('may end within a batch', () => {
    expect(summariseRecords(bytes.subarray(0, -5))).toMatchObject({
      batchCount: 2,
      recordCount: 4,
      incompleteBytes: batch(25, 14).length - 5,
    })
    expect(summariseRecords(Buffer.concat([batch(3, 0), bytes.subarray(0, 20)]))).toMatchObject({
      batchCount: 1,
      incompleteBytes: 20,
    })
    expect(summariseRecords(Buffer.alloc(0))).toMatchObject({ batchCount: 0, firstOffset: -1 })
  })

  it('of old formats, and bytes that are none, are said to be so', () => {
    const old = Buffer.from(bytes)
    old[16] = 1
    expect(summariseRecords(old)).toMatchObject({ batchCount: 0, unreadable: expect.stringContaining('magic 1') })
    const short = Buffer.from(bytes)
    short.writeInt32BE(5, 8)
    expect(summariseRecords(short).unreadable).toBe('a batch of 5 bytes')
  })
})
