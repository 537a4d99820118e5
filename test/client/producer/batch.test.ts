import { describe, expect, it } from 'vitest'
import { crc32c } from '../../../src/base/crc32c.ts'
import { ProducerBatch } from '../../../src/client/producer/batch.ts'
import { BatchBuilder } from '../../../src/protocol/records/batch-builder.ts'
import { loadCodec } from '../../../src/protocol/records/compression.ts'
import { decodeRecords } from '../../../src/protocol/records/record.ts'
import { AT, readBatchHeader } from '../../../src/protocol/records/record-batch.ts'

const none = await loadCodec('none')
const PRODUCER = { producerId: 77n, epoch: 3 }

function batchOf(values: readonly string[]): ProducerBatch {
  const batch = new ProducerBatch('t', 0, 0, new BatchBuilder())
  for (const value of values) batch.open!.append(1_000, null, Buffer.from(value))
  return batch
}

const storedCrc = (bytes: Buffer): boolean => bytes.readUInt32BE(AT.crc) === crc32c(bytes, AT.attributes)

describe('a batch', () => {
  it('is open, then closed, then sealed', () => {
    const batch = batchOf(['a', 'b'])
    expect(batch.open).not.toBeNull()
    batch.close()
    expect(batch.open).toBeNull()
    expect(batch.isSealed).toBe(false)
    const builder = batch.seal(none, undefined)
    expect(batch).toMatchObject({ isSealed: true, recordCount: 2, sizeInBytes: batch.sealedBytes.length })
    // The builder may be used again at once: the bytes are the batch's own.
    builder.reset()
    builder.append(1, null, Buffer.from('something else'))
    expect(decodeRecords(batch.sealedBytes).map(({ value }) => String(value))).toEqual(['a', 'b'])
  })

  it('carries producer state and sequence, assigned before or after sealing', () => {
    const before = batchOf(['a'])
    before.assign(PRODUCER, 12)
    before.seal(none, undefined)
    const after = batchOf(['a'])
    after.seal(none, undefined)
    after.assign(PRODUCER, 12)
    expect(after.sealedBytes).toEqual(before.sealedBytes)
    expect(readBatchHeader(after.sealedBytes)).toMatchObject({ producerId: 77n, producerEpoch: 3, baseSequence: 12 })
    expect(storedCrc(after.sealedBytes)).toBe(true)
  })

  it('keeps its checksum right when its place in the sequence changes', () => {
    const batch = batchOf(['a'])
    batch.assign(PRODUCER, 5)
    batch.seal(none, undefined)
    batch.assign({ producerId: 77n, epoch: 4 }, 0)
    expect(readBatchHeader(batch.sealedBytes)).toMatchObject({ producerEpoch: 4, baseSequence: 0 })
    expect(storedCrc(batch.sealedBytes)).toBe(true)
  })

  it('tells each record its offset', async () => {
    const batch = batchOf(['a'])
    const first = batch.delivery(1_000)
    batch.open!.append(2_000, null, Buffer.from('b'))
    const second = batch.delivery(2_000)
    batch.succeed({ baseOffset: 40, logAppendTimeMs: -1 })
    expect(await first).toEqual({ topic: 't', partition: 0, offset: 40, timestamp: 1_000 })
    expect(await second).toMatchObject({ offset: 41, timestamp: 2_000 })
  })

  it('tells the broker’s time where the topic keeps that, and no offset where none came', async () => {
    const batch = batchOf(['a'])
    const delivery = batch.delivery(1_000)
    batch.succeed({ baseOffset: -1, logAppendTimeMs: 9_000 })
    expect(await delivery).toMatchObject({ offset: -1, timestamp: 9_000 })
  })

  it('fails every record with the same error, and is finished then too', async () => {
    const batch = batchOf(['a'])
    const delivery = batch.delivery(1)
    const finished = batch.whenFinished()
    batch.fail(new Error('no'))
    await expect(delivery).rejects.toThrow('no')
    await expect(finished).resolves.toBeUndefined()
  })

  it('splits into halves that keep records, order and those who wait', async () => {
    const batch = new ProducerBatch('t', 0, 0, new BatchBuilder())
    const deliveries = ['a', 'b', 'c'].map((value, at) => {
      batch.open!.append(1_000 + at, Buffer.from(`k${at}`), Buffer.from(value), [{ key: 'h', value: null }])
      return batch.delivery(1_000 + at)
    })
    const finished = batch.whenFinished()
    batch.seal(none, undefined)
    const [left, right] = batch.split(decodeRecords(batch.sealedBytes))
    expect([left.recordCount, right.recordCount]).toEqual([2, 1])
    left.seal(none, undefined)
    expect(decodeRecords(left.sealedBytes)[1]).toMatchObject({ timestamp: 1_001, headers: [{ key: 'h', value: null }] })
    left.succeed({ baseOffset: 10, logAppendTimeMs: -1 })
    right.succeed({ baseOffset: 20, logAppendTimeMs: -1 })
    expect((await Promise.all(deliveries)).map(({ offset }) => offset)).toEqual([10, 11, 20])
    await finished
  })

  it('remembers when its records came, its parts too', () => {
    const batch = new ProducerBatch('t', 0, 0, new BatchBuilder())
    for (const timestamp of [5, 5, 7, 5]) {
      batch.open!.append(timestamp, null, Buffer.from('abc'))
      batch.noteAppended(timestamp, 3)
    }
    expect(batch.appended).toEqual([
      { timestamp: 5, count: 2, bytes: 6 },
      { timestamp: 7, count: 1, bytes: 3 },
      { timestamp: 5, count: 1, bytes: 3 },
    ])
    batch.seal(none, undefined)
    const [left, right] = batch.split(decodeRecords(batch.sealedBytes))
    expect(left.appended).toEqual([{ timestamp: 5, count: 2, bytes: 6 }])
    expect(right.appended).toHaveLength(2)
  })
})
