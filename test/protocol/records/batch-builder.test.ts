import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import { BatchBuilder } from '../../../src/protocol/records/batch-builder.ts'
import { decodeRecords, encodeBatch } from '../../../src/protocol/records/record.ts'
import { BATCH_HEADER_BYTES } from '../../../src/protocol/records/record-batch.ts'
import { validateBatch } from '../../../src/protocol/records/validate.ts'
import { asRead, randomRecords } from '../../support/random-records.ts'

describe('BatchBuilder', () => {
  it('foretells its size exactly', () => {
    const builder = new BatchBuilder(64)
    for (const { timestamp, key, value, headers } of randomRecords(400, 500, seededRandom(2))) {
      const foretold = builder.sizeWith(timestamp, key, value, headers)
      builder.append(timestamp, key, value, headers)
      expect(builder.sizeInBytes).toBe(foretold)
    }
    expect(builder.build().length).toBe(builder.sizeInBytes)
    expect(builder.recordCount).toBe(400)
  })

  it('starts again after reset and leaves built batches alone', () => {
    const builder = new BatchBuilder(64)
    const first = randomRecords(30, 100, seededRandom(1))
    for (const { timestamp, key, value, headers } of first) builder.append(timestamp, key, value, headers)
    const batch = builder.build()
    builder.reset()
    expect([builder.recordCount, builder.sizeInBytes, builder.maxTimestamp]).toEqual([0, BATCH_HEADER_BYTES, -1])
    const second = randomRecords(30, 100, seededRandom(9))
    for (const { timestamp, key, value, headers } of second) builder.append(timestamp, key, value, headers)
    expect(decodeRecords(batch)).toEqual(asRead(first))
    expect(decodeRecords(builder.build())).toEqual(asRead(second))
  })

  it('can be built twice, with another header', () => {
    const builder = new BatchBuilder()
    builder.append(5, null, Buffer.from('x'))
    const plain = builder.build()
    const sequenced = builder.build({ producerId: 1n, producerEpoch: 0, baseSequence: 0 })
    expect(decodeRecords(plain)).toEqual(decodeRecords(sequenced))
    expect(plain.equals(sequenced)).toBe(false)
  })

  it('appends ranges of a buffer as if they were buffers of their own', () => {
    const lengths = fc.array(fc.tuple(fc.integer({ min: -1, max: 120 }), fc.integer({ min: -1, max: 300 })), {
      maxLength: 30,
    })
    const source = Buffer.from(Array.from({ length: 1000 }, (_, i) => i & 0xff))
    fc.assert(
      fc.property(lengths, fc.nat(500), (list, at) => {
        const ranges = new BatchBuilder(32)
        const buffers = new BatchBuilder(32)
        list.forEach(([keyLength, valueLength], index) => {
          const keyStart = keyLength < 0 ? -1 : at
          const valueStart = valueLength < 0 ? -1 : at + 100
          ranges.appendRange(index, source, keyStart, at + keyLength, valueStart, at + 100 + valueLength)
          const key = keyLength < 0 ? null : source.subarray(at, at + keyLength)
          const value = valueLength < 0 ? null : source.subarray(at + 100, at + 100 + valueLength)
          buffers.append(index, key, value)
        })
        expect(ranges.build().equals(buffers.build())).toBe(true)
      }),
    )
  })

  it('takes a plain Uint8Array and one with an offset', () => {
    const bytes = new Uint8Array([9, 1, 2, 3]).subarray(1)
    const [record] = decodeRecords(encodeBatch([{ key: bytes, value: new Uint8Array(100).fill(7).subarray(1) }]))
    expect(record?.key).toEqual(Buffer.from([1, 2, 3]))
    expect(record?.value).toEqual(Buffer.alloc(99, 7))
  })

  it('makes batches that are valid for a client', () => {
    const builder = new BatchBuilder()
    for (const { timestamp, key, value, headers } of randomRecords(50, 80, seededRandom(4))) {
      builder.append(timestamp, key, value, headers)
    }
    const result = validateBatch(builder.build(), 0, { client: true, partition: 't-0' })
    expect(result).toMatchObject({ ok: true, recordCount: 50, maxTimestamp: builder.maxTimestamp })
  })
})
