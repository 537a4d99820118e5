import { beforeAll, describe, expect, it } from 'vitest'
import { type LeaderAppend, validateForLeader } from '../../src/log/append-validation.ts'
import type { LogConfig } from '../../src/log/types.ts'
import { KafkaError } from '../../src/protocol/error-codes.ts'
import { loadAllCodecs, loadedCodec } from '../../src/protocol/records/compression.ts'
import { decodeRecords, encodeBatch } from '../../src/protocol/records/record.ts'
import {
  AT,
  COMPRESSION_NAMES,
  type CompressionName,
  compressionOf,
  readBatchHeader,
} from '../../src/protocol/records/record-batch.ts'
import { validateBatch } from '../../src/protocol/records/validate.ts'
import { batchOf, CLIENT, COORDINATOR, markerOf, START_MS, TEST_CONFIG } from './support.ts'

beforeAll(() => loadAllCodecs())

const RECORDS = Array.from({ length: 20 }, (_, index) => ({
  timestamp: START_MS + index,
  key: Buffer.from(`k${index}`),
  value: Buffer.from('v'.repeat(200)),
  headers: [{ key: 'h', value: Buffer.from('x') }],
}))

const batch = (codec: CompressionName): Buffer =>
  encodeBatch(RECORDS, { codec: loadedCodec(COMPRESSION_NAMES.indexOf(codec)) })

function validate(records: Buffer, config: Partial<LogConfig> = {}, rest: Partial<LeaderAppend> = {}) {
  return validateForLeader({
    records,
    options: CLIENT,
    config: { ...TEST_CONFIG, ...config },
    partition: 'orders-0',
    nextOffset: 500,
    nowMs: START_MS,
    ...rest,
  })
}

const contents = (bytes: Buffer) =>
  decodeRecords(bytes).map(({ timestamp, key, value }) => [timestamp, `${key}`, `${value}`])

describe('compression.type', () => {
  const types = ['uncompressed', 'gzip', 'snappy', 'lz4', 'zstd'] as const
  it.each(types.flatMap((type) => COMPRESSION_NAMES.map((from) => [from, type] as const)))(
    'turns %s into %s',
    (from, compressionType) => {
      const given = batch(from)
      const { records, batches } = validate(given, { compressionType })
      const target = compressionType === 'uncompressed' ? 'none' : compressionType
      expect(COMPRESSION_NAMES[compressionOf(batches[0]!.attributes)]).toBe(target)
      expect(contents(records)).toEqual(contents(batch(from)))
      expect(batches[0]).toMatchObject({ baseOffset: 500, lastOffset: 519, recordCount: 20 })
      expect(validateBatch(records, 0, { client: false, partition: 'orders-0' })).toMatchObject({ ok: true })
      // Nothing is copied where the producer chose the same.
      if (from === target) expect(records.buffer).toBe(given.buffer)
    },
  )

  it.each(COMPRESSION_NAMES)('leaves %s alone for producer', (from) => {
    const given = batch(from)
    const before = Buffer.from(given.subarray(AT.magic))
    const { records } = validate(given)
    expect(records.buffer).toBe(given.buffer)
    expect(records.subarray(AT.magic)).toEqual(before)
  })

  it('leaves control batches alone', () => {
    const marker = markerOf({ commit: true, producerId: 1n, producerEpoch: 0 })
    const { batches } = validate(marker, { compressionType: 'zstd' }, { options: COORDINATOR })
    expect(compressionOf(batches[0]!.attributes)).toBe(0)
  })

  it('refuses what gets too large by it', () => {
    const limits: Partial<LogConfig> = { compressionType: 'uncompressed', maxMessageBytes: 1000 }
    expect(() => validate(batch('zstd'), limits)).toThrow(/exceeds the maximum configured size of 1000/)
  })

  it('refuses a batch whose compressed bytes are none', () => {
    const broken = batch('gzip')
    broken.fill(0, AT.records)
    const sealed = batchOf({ body: Buffer.from('not gzip') })
    sealed.writeInt16BE(1, AT.attributes)
    expect(() => validate(sealed)).toThrow(KafkaError)
    expect(() => validate(broken)).toThrow(/corrupt/)
  })
})

describe('several batches', () => {
  it('get consecutive offsets, from a coordinator', () => {
    const { batches, records } = validate(
      Buffer.concat([batchOf({ records: [{}, {}] }), batchOf()]),
      {},
      { options: COORDINATOR },
    )
    expect(batches.map(({ baseOffset, lastOffset }) => [baseOffset, lastOffset])).toEqual([
      [500, 501],
      [502, 502],
    ])
    expect(readBatchHeader(records, batches[0]!.sizeInBytes).baseOffset).toBe(502)
  })

  it('are stored all or none', () => {
    const bad = batchOf({ body: Buffer.from([1]) })
    const both = Buffer.concat([batchOf(), bad])
    const before = Buffer.from(both)
    expect(() => validate(both, {}, { options: COORDINATOR })).toThrow(KafkaError)
    expect(both).toEqual(before)
  })
})

describe('the quorum leader', () => {
  it('writes its own batches: the checksum is all that is looked at', () => {
    const odd = batchOf({ body: Buffer.from([1, 2, 3]), baseOffset: 77 })
    const options = { leaderEpoch: 4, origin: 'raft-leader' } as const
    const { batches } = validate(odd, { messageTimestampType: 'LogAppendTime', cleanupCompact: true }, { options })
    expect(batches[0]).toMatchObject({ baseOffset: 500, partitionLeaderEpoch: 4, maxTimestamp: START_MS })
    odd.writeUInt8(9, AT.records)
    expect(() => validate(odd, {}, { options })).toThrow(/corrupt/)
  })
})
