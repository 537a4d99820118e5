import { beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import { writeVarint } from '../../../src/base/varint.ts'
import { loadAllCodecs, loadCodec } from '../../../src/protocol/records/compression.ts'
import { encodeControlBatch } from '../../../src/protocol/records/control-record.ts'
import { encodeBatch } from '../../../src/protocol/records/record.ts'
import { AT, BATCH_HEADER_BYTES, COMPRESSION_NAMES, updateCrc } from '../../../src/protocol/records/record-batch.ts'
import { type ValidateOptions, validateBatch } from '../../../src/protocol/records/validate.ts'
import { randomRecords } from '../../support/random-records.ts'

beforeAll(loadAllCodecs)

const CLIENT: ValidateOptions = { client: true, partition: 'orders-0' }
const records = randomRecords(10, 40, seededRandom(8))

/** A good batch, changed, with its checksum made good again. */
function changed(change: (batch: Buffer) => void): Buffer {
  const batch = encodeBatch(records)
  change(batch)
  updateCrc(batch, 0)
  return batch
}

/** A batch of hand-made record bytes. */
function batchOf(count: number, ...bodies: readonly Buffer[]): Buffer {
  const raw = bodies.map((body) => {
    const prefix = Buffer.alloc(5)
    return Buffer.concat([prefix.subarray(0, writeVarint(prefix, 0, body.length)), body])
  })
  const batch = Buffer.concat([encodeBatch([{ key: null, value: null }]).subarray(0, BATCH_HEADER_BYTES), ...raw])
  batch.writeInt32BE(batch.length - 12, AT.batchLength)
  batch.writeInt32BE(count - 1, AT.lastOffsetDelta)
  batch.writeInt32BE(count, AT.recordCount)
  updateCrc(batch, 0)
  return batch
}

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')
const check = (batch: Buffer, options: Partial<ValidateOptions> = {}) =>
  validateBatch(batch, 0, { ...CLIENT, ...options })
const refusal = (batch: Buffer, options: Partial<ValidateOptions> = {}): string => {
  const result = check(batch, options)
  return result.ok ? 'ok' : `${result.error}: ${result.message}`
}

describe('a good batch', () => {
  it('is good, wherever it stands', () => {
    const batch = Buffer.concat([Buffer.alloc(7), encodeBatch(records), Buffer.alloc(30)])
    const maxTimestamp = Math.max(...records.map((record) => record.timestamp))
    expect(validateBatch(batch, 7, CLIENT)).toEqual({
      ok: true,
      sizeInBytes: batch.length - 37,
      recordCount: 10,
      maxTimestamp,
    })
  })

  it('of hand-made bytes too', () => {
    // attributes, timestamp delta, offset delta, key, value, headers
    expect(check(batchOf(2, hex('00 00 00 01 01 00'), hex('00 02 02 02 61 01 02 02 68 01'))).ok).toBe(true)
  })
})

describe('the frame', () => {
  it('must be whole', () => {
    const batch = encodeBatch(records)
    for (const end of [0, 10, 60, 61, batch.length - 1]) {
      expect(refusal(batch.subarray(0, end))).toMatch(/^CORRUPT_MESSAGE/)
    }
  })

  it('must have a length that holds a header and lies inside', () => {
    for (const length of [0, -1, 13, 48, 2 ** 31 - 1, -(2 ** 31)]) {
      const batch = encodeBatch(records)
      batch.writeInt32BE(length, AT.batchLength)
      expect(refusal(batch)).toMatch(/^CORRUPT_MESSAGE/)
    }
  })

  it('must be of magic 2', () => {
    const withMagic = (magic: number): Buffer => {
      const batch = encodeBatch(records)
      batch.writeInt8(magic, AT.magic)
      return batch
    }
    expect(refusal(withMagic(0))).toMatch(/^UNSUPPORTED_FOR_MESSAGE_FORMAT/)
    expect(refusal(withMagic(1))).toMatch(/^UNSUPPORTED_FOR_MESSAGE_FORMAT/)
    expect(refusal(withMagic(3))).toBe('CORRUPT_MESSAGE: Invalid magic found in record: 3')
    expect(refusal(withMagic(-1))).toMatch(/^CORRUPT_MESSAGE/)
  })

  it('must have its checksum', () => {
    const batch = encodeBatch(records)
    const stored = batch.readUInt32BE(AT.crc)
    batch[batch.length - 1]! ^= 1
    expect(refusal(batch)).toBe(
      `CORRUPT_MESSAGE: Record is corrupt (stored crc = ${stored}) in topic partition orders-0.`,
    )
  })
})

describe('the header of a client batch', () => {
  it.each([
    [
      'base offset',
      (b: Buffer) => b.writeBigInt64BE(5n, 0),
      /^INVALID_RECORD: The baseOffset of the record batch .* is 5$/,
    ],
    [
      'offset range',
      (b: Buffer) => b.writeInt32BE(-1, AT.lastOffsetDelta),
      /^INVALID_RECORD: Batch has an invalid offset/,
    ],
    [
      'count',
      (b: Buffer) => b.writeInt32BE(0, AT.recordCount),
      /^INVALID_RECORD: Invalid reported count for record batch: 0/,
    ],
    [
      'agreement',
      (b: Buffer) => b.writeInt32BE(11, AT.recordCount),
      /^INVALID_RECORD: Inconsistent batch offset range \[0, 9\]/,
    ],
    ['sequence', (b: Buffer) => b.writeBigInt64BE(4n, AT.producerId), /^INVALID_RECORD: Invalid sequence number -1/],
  ])('%s', (_, change, expected) => {
    expect(refusal(changed((batch) => void change(batch)))).toMatch(expected)
  })

  it('may not be of control records', () => {
    const batch = encodeControlBatch([{ type: 'commit', body: {} }], 5)
    expect(refusal(batch)).toBe(
      'INVALID_RECORD: Clients are not allowed to write control records in topic partition orders-0',
    )
    expect(check(batch, { client: false }).ok).toBe(true)
  })

  it('is free for others: gaps and empty batches, as compaction leaves them', () => {
    const gap = batchOf(2, hex('00 00 04 01 01 00'), hex('00 00 0a 01 01 00'))
    expect(refusal(gap)).toMatch(/^INVALID_RECORD: Record 0 has offset delta 2/)
    expect(check(gap, { client: false }).ok).toBe(true)
    expect(check(batchOf(0), { client: false })).toMatchObject({ ok: true, recordCount: 0, maxTimestamp: -1 })
  })
})

describe('records', () => {
  it.each([
    [
      'a size beyond the batch',
      batchOf(1, hex('00 00 00 01 01 00')),
      (b: Buffer) => b.writeUInt8(0x7e, BATCH_HEADER_BYTES),
    ],
    ['a negative size', batchOf(1, hex('00 00 00 01 01 00')), (b: Buffer) => b.writeUInt8(0x0b, BATCH_HEADER_BYTES)],
    ['bytes left in the record', batchOf(1, hex('00 00 00 01 01 00 00')), undefined],
    ['no headers', batchOf(1, hex('00 00 00 01 01')), undefined],
    ['a key beyond the record', batchOf(2, hex('00 00 00 40 01 00'), hex('00 00 02 01 01 00')), undefined],
    ['a value beyond the record', batchOf(2, hex('00 00 00 01 40 00'), hex('00 00 02 01 01 00')), undefined],
    ['a negative header count', batchOf(1, hex('00 00 00 01 01 01')), undefined],
    ['more headers than bytes', batchOf(1, hex('00 00 00 01 01 fe ff ff ff 0f')), undefined],
    ['a null header key', batchOf(1, hex('00 00 00 01 01 02 01 00')), undefined],
    ['a header value beyond the record', batchOf(1, hex('00 00 00 01 01 02 02 61 40')), undefined],
    ['a varint of six bytes', batchOf(1, hex('00 00 80 80 80 80 80 00 01 01 00')), undefined],
    ['a varlong of eleven bytes', batchOf(1, hex('00 80 80 80 80 80 80 80 80 80 80 00 00 01 01 00')), undefined],
    ['fewer records than counted', batchOf(2, hex('00 00 00 01 01 00')), undefined],
    ['more records than counted', batchOf(1, hex('00 00 00 01 01 00'), hex('00 00 02 01 01 00')), undefined],
    ['offsets out of order', batchOf(2, hex('00 00 02 01 01 00'), hex('00 00 00 01 01 00')), undefined],
    ['offsets twice', batchOf(2, hex('00 00 00 01 01 00'), hex('00 00 00 01 01 00')), undefined],
  ] as const)('%s', (_, batch, change) => {
    change?.(batch)
    updateCrc(batch, 0)
    expect(refusal(batch)).toMatch(/^INVALID_RECORD/)
  })

  it('never fail in another way on noise, and never pass with a byte missing', () => {
    const random = seededRandom(77)
    for (let i = 0; i < 3000; i++) {
      const batch = encodeBatch(records)
      for (let n = 0; n < 3; n++) {
        const at = BATCH_HEADER_BYTES + Math.floor(random.next() * (batch.length - BATCH_HEADER_BYTES))
        batch[at] = Math.floor(random.next() * 256)
      }
      updateCrc(batch, 0)
      expect(['ok', 'INVALID_RECORD']).toContain(refusal(batch).split(':')[0])
    }
  })

  it('need a key in a compacted topic', () => {
    const batch = encodeBatch([
      { key: Buffer.from('k'), value: null },
      { key: null, value: null },
      { key: null, value: null },
    ])
    const result = check(batch, { compacted: true })
    expect(result).toMatchObject({
      ok: false,
      error: 'INVALID_RECORD',
      recordErrors: [
        { batchIndex: 1, message: 'Compacted topic cannot accept message without key in topic partition orders-0' },
        { batchIndex: 2 },
      ],
    })
    expect(refusal(batch, { compacted: true })).toContain(
      'One or more records have been rejected due to 2 record errors in total, and only showing the first three errors ' +
        "at most: [RecordError(batchIndex=1, message='Compacted topic",
    )
    expect(check(batch).ok).toBe(true)
  })
})

describe('timestamps', () => {
  const rule = { type: 'CreateTime', nowMs: 10_000, beforeMaxMs: 1000, afterMaxMs: 500 } as const
  const at = (...timestamps: number[]) =>
    encodeBatch(timestamps.map((timestamp) => ({ timestamp, key: null, value: null })))

  it('must lie within the bounds, ends included; none is fine', () => {
    expect(check(at(9000, 10_500, 10_000), { timestamps: rule })).toMatchObject({ ok: true, maxTimestamp: 10_500 })
    expect(check(at(-1), { timestamps: rule })).toMatchObject({ ok: true, maxTimestamp: -1 })
  })

  it('are named record by record when they do not', () => {
    expect(check(at(10_000, 8999, 10_501), { timestamps: rule })).toEqual({
      ok: false,
      error: 'INVALID_TIMESTAMP',
      message: 'One or more records have been rejected due to invalid timestamp',
      recordErrors: [8999, 10_501].map((timestamp, index) => ({
        batchIndex: index + 1,
        message:
          `Timestamp ${timestamp} of message with offset ${index + 1} is out of range. ` +
          'The timestamp should be within [9000, 10500]',
      })),
    })
  })

  it('may not be claimed to be the broker’s by a producer', () => {
    const batch = encodeBatch([{ timestamp: 5, key: null, value: null }], { logAppendTime: true })
    expect(refusal(batch, { timestamps: { type: 'LogAppendTime' } })).toMatch(/^INVALID_TIMESTAMP/)
    expect(check(at(5), { timestamps: { type: 'LogAppendTime' } }).ok).toBe(true)
    expect(check(batch, {}).ok).toBe(true)
  })

  it('of a batch with log append time are the batch’s', () => {
    const batch = encodeBatch([{ timestamp: 10_200, key: null, value: null }], { logAppendTime: true })
    expect(check(batch, { timestamps: rule })).toMatchObject({ ok: true, maxTimestamp: 10_200 })
  })
})

describe('compressed batches', () => {
  it.each(COMPRESSION_NAMES.slice(1))('%s: are unpacked to be checked', async (name) => {
    const codec = await loadCodec(name)
    expect(check(encodeBatch(records, { codec })).ok).toBe(true)
    expect(refusal(encodeBatch([{ key: null, value: null }], { codec }), { compacted: true })).toMatch(
      /^INVALID_RECORD/,
    )
  })

  it.each(COMPRESSION_NAMES.slice(1))('%s: what does not unpack is refused', async (name) => {
    const batch = encodeBatch(records, { codec: await loadCodec(name) })
    batch.fill(0xa5, BATCH_HEADER_BYTES + 1)
    updateCrc(batch, 0)
    expect(refusal(batch)).toMatch(/^(INVALID_RECORD|MESSAGE_TOO_LARGE): .* in topic partition orders-0$/)
  })

  it.each(COMPRESSION_NAMES.slice(1))('%s: a bomb stops at the limit', async (name) => {
    const value = Buffer.alloc(3_000_000)
    const batch = encodeBatch([{ key: null, value }], { codec: await loadCodec(name) })
    expect(batch.length).toBeLessThan(200_000)
    expect(check(batch).ok).toBe(true)
    expect(refusal(batch, { maxDecompressedBytes: 1_000_000 })).toMatch(/^MESSAGE_TOO_LARGE/)
  })

  it('a codec that Kafka does not have is refused', () => {
    for (const id of [5, 6, 7]) {
      const batch = changed((bytes) => void bytes.writeInt16BE(id, AT.attributes))
      expect(refusal(batch)).toMatch(/^UNSUPPORTED_COMPRESSION_TYPE: Unknown compression type id: /)
    }
  })
})
