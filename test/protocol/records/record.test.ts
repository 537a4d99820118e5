import { createRequire } from 'node:module'
import { beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import { KafkaError } from '../../../src/protocol/error-codes.ts'
import { loadAllCodecs, loadCodec } from '../../../src/protocol/records/compression.ts'
import {
  codecsUsed,
  decodeRecords,
  encodeBatch,
  forEachRecord,
  loadCodecsFor,
  recompressBatch,
} from '../../../src/protocol/records/record.ts'
import {
  AT,
  COMPRESSION_NAMES,
  compressionOf,
  readBatchHeader,
  setBaseOffset,
  setMaxTimestamp,
  setPartitionLeaderEpoch,
  updateCrc,
} from '../../../src/protocol/records/record-batch.ts'
import { validateBatch } from '../../../src/protocol/records/validate.ts'
import { asRead, randomRecords } from '../../support/random-records.ts'

beforeAll(loadAllCodecs)

const isValid = (batch: Buffer): boolean => validateBatch(batch, 0, { client: false, partition: 't-0' }).ok

describe.each(COMPRESSION_NAMES)('a batch compressed with %s', (name) => {
  it('holds what was put in', async () => {
    const random = seededRandom(5)
    const codec = await loadCodec(name)
    for (const [count, bytes] of [
      [1, 10],
      [50, 200],
      [500, 1000],
      [20, 40_000],
    ] as const) {
      const records = randomRecords(count, bytes, random)
      const batch = encodeBatch(records, { codec, baseOffset: 1_000_000_007 })
      expect(decodeRecords(batch)).toEqual(asRead(records, 1_000_000_007))
      expect(isValid(batch)).toBe(true)
      expect(codecsUsed(batch)).toEqual(new Set([name]))
    }
  })

  it('can be compressed again with every other codec', async () => {
    const records = randomRecords(80, 300, seededRandom(6))
    const options = { producerId: 9n, producerEpoch: 2, baseSequence: 14, transactional: true, baseOffset: 33 }
    const batch = encodeBatch(records, { codec: await loadCodec(name), ...options })
    for (const target of COMPRESSION_NAMES) {
      const other = recompressBatch(batch, 0, await loadCodec(target))
      const header = readBatchHeader(other)
      expect(COMPRESSION_NAMES[compressionOf(header.attributes)]).toBe(target)
      expect(header).toMatchObject({ sizeInBytes: other.length, producerId: 9n, baseSequence: 14, baseOffset: 33 })
      expect(decodeRecords(other)).toEqual(asRead(records, 33))
      expect(isValid(other)).toBe(true)
    }
  })
})

describe('a batch header', () => {
  const records = randomRecords(7, 50, seededRandom(1))
  const options = { partitionLeaderEpoch: 4, producerId: 77n, producerEpoch: 3, baseSequence: 21, transactional: true }

  it('says what the builder was told', () => {
    expect(readBatchHeader(encodeBatch(records, { ...options, baseOffset: 12 }))).toMatchObject({
      baseOffset: 12,
      partitionLeaderEpoch: 4,
      magic: 2,
      attributes: 0x10,
      lastOffsetDelta: 6,
      lastOffset: 18,
      baseTimestamp: records[0]?.timestamp,
      maxTimestamp: Math.max(...records.map((record) => record.timestamp)),
      producerId: 77n,
      producerEpoch: 3,
      baseSequence: 21,
      recordCount: 7,
    })
  })

  it('has Kafka defaults otherwise', () => {
    expect(readBatchHeader(encodeBatch([{ key: null, value: null }]))).toMatchObject({
      baseOffset: 0,
      partitionLeaderEpoch: -1,
      attributes: 0,
      baseTimestamp: -1,
      maxTimestamp: -1,
      producerId: -1n,
      producerEpoch: -1,
      baseSequence: -1,
    })
  })

  it('keeps its checksum when offset and leader epoch are written into it', () => {
    const batch = encodeBatch(records)
    setBaseOffset(batch, 0, 123_456_789_012)
    setPartitionLeaderEpoch(batch, 0, 42)
    expect(isValid(batch)).toBe(true)
    expect(decodeRecords(batch)).toEqual(asRead(records, 123_456_789_012))
  })

  it('gets a new checksum with a new timestamp, and is not touched where it says so already', () => {
    const batch = encodeBatch(records)
    const before = Buffer.from(batch)
    setMaxTimestamp(batch, 0, false, readBatchHeader(batch).maxTimestamp)
    expect(batch.equals(before)).toBe(true)
    setMaxTimestamp(batch, 0, true, 1_800_000_000_000)
    expect(isValid(batch)).toBe(true)
    expect(decodeRecords(batch).map((record) => record.timestamp)).toEqual(records.map(() => 1_800_000_000_000))
    setMaxTimestamp(batch, 0, false, readBatchHeader(before).maxTimestamp)
    expect(batch.equals(before)).toBe(true)
  })
})

describe('forEachRecord', () => {
  const records = randomRecords(20, 60, seededRandom(3))
  const batch = encodeBatch(records)

  it('gives positions into the buffer', () => {
    const padded = Buffer.concat([Buffer.alloc(13), batch])
    let index = 0
    forEachRecord(padded, 13, (record, offset) => {
      const { key, value } = records[index]!
      expect(offset).toBe(index++)
      expect(record.buffer).toBe(padded)
      expect(record.keyLength).toBe(key === null ? -1 : key.length)
      if (value !== null) {
        const bytes = padded.subarray(record.valueStart, record.valueStart + record.valueLength)
        expect(bytes.equals(value)).toBe(true)
      }
    })
    expect(index).toBe(20)
  })

  it('stops when told to', () => {
    let seen = 0
    forEachRecord(batch, 0, () => ++seen < 5)
    expect(seen).toBe(5)
  })

  it('refuses a count that is not the number of records', () => {
    for (const count of [19, 21, 0, -1]) {
      const lying = Buffer.from(batch)
      lying.writeInt32BE(count, AT.recordCount)
      expect(() => decodeRecords(lying)).toThrow(KafkaError)
    }
  })

  it('refuses magic 0 and 1 by the error the protocol has for them', () => {
    for (const magic of [0, 1]) {
      const old = Buffer.from(batch)
      old[AT.magic] = magic
      expect(() => decodeRecords(old)).toThrow(`Message format v${magic} is not supported`)
    }
  })

  it('refuses what is not a whole batch', () => {
    expect(() => decodeRecords(batch.subarray(0, 40))).toThrow('The batch is cut short')
    expect(() => decodeRecords(batch.subarray(0, batch.length - 1))).toThrow(/where \d+ are left/)
  })
})

describe('codecs of a set of batches', () => {
  it('are found over several batches and loaded', async () => {
    const batches = await Promise.all(
      (['none', 'gzip', 'zstd'] as const).map(async (name) =>
        encodeBatch([{ key: null, value: Buffer.from('x') }], { codec: await loadCodec(name) }),
      ),
    )
    const all = Buffer.concat(batches)
    expect(codecsUsed(all)).toEqual(new Set(['none', 'gzip', 'zstd']))
    expect(codecsUsed(all.subarray(0, all.length - 1)).size).toBe(3)
    expect(codecsUsed(Buffer.alloc(200)).size).toBeLessThan(2)
    await loadCodecsFor(all)
  })
})

describe('kafkajs', () => {
  const require = createRequire(import.meta.url)
  const { RecordBatch } = require('kafkajs/src/protocol/recordBatch/v0')
  const Record = require('kafkajs/src/protocol/recordBatch/record/v0')
  const decodeKafkajs = require('kafkajs/src/protocol/recordBatch/v0/decoder')
  const Decoder = require('kafkajs/src/protocol/decoder')

  const records = [
    { timestamp: 1_700_000_000_000, key: Buffer.from('k'), value: Buffer.from('größer'), headers: [] },
    { timestamp: 1_700_000_000_900, key: null, value: null, headers: [] },
    {
      timestamp: 1_699_999_999_000,
      key: Buffer.alloc(0),
      value: Buffer.alloc(300, 'z'),
      headers: [{ key: 'h', value: Buffer.from('v') }],
    },
  ]

  it('reads our batches', async () => {
    for (const name of ['none', 'gzip'] as const) {
      const batch = encodeBatch(records, { codec: await loadCodec(name), baseOffset: 5 })
      const decoded = await decodeKafkajs(new Decoder(batch))
      expect(decoded.records).toHaveLength(3)
      expect(decoded.records[0]).toMatchObject({ offset: '5', timestamp: '1700000000000', key: records[0]!.key })
      expect(decoded.records[1]).toMatchObject({ key: null, value: null })
      expect(decoded.records[2].headers.h).toEqual(Buffer.from('v'))
    }
  })

  it('writes batches that we read', async () => {
    const first = records[0]!.timestamp
    const encoded = await RecordBatch({
      compression: 1,
      firstTimestamp: first,
      maxTimestamp: first + 900,
      producerId: 3,
      producerEpoch: 1,
      firstSequence: 2,
      lastOffsetDelta: 2,
      records: records.map((record, index) =>
        Record({
          ...record,
          offsetDelta: index,
          timestampDelta: record.timestamp - first,
          headers: Object.fromEntries(record.headers.map(({ key, value }) => [key, value])),
        }),
      ),
    })
    const batch: Buffer = encoded.buffer
    expect(isValid(batch)).toBe(true)
    expect(decodeRecords(batch)).toEqual(asRead(records))
    expect(readBatchHeader(batch)).toMatchObject({ producerId: 3n, producerEpoch: 1, baseSequence: 2 })
  })
})

describe('timestamps', () => {
  it('far apart are exact', () => {
    const timestamps = [0, 4_102_444_800_000, -1, 1, 253_402_300_799_999]
    const batch = encodeBatch(timestamps.map((timestamp) => ({ timestamp, key: null, value: null })))
    expect(decodeRecords(batch).map((record) => record.timestamp)).toEqual(timestamps)
  })

  it('a base near the end of int64 does not break the reader', () => {
    const batch = encodeBatch([{ timestamp: 5, key: null, value: null }])
    batch.writeBigInt64BE(2n ** 63n - 1n, AT.baseTimestamp)
    updateCrc(batch, 0)
    expect(decodeRecords(batch)[0]?.timestamp).toBeGreaterThan(9e18)
  })
})
