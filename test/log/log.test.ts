import * as fs from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { segmentPath } from '../../src/log/file-names.ts'
import type { UnifiedLog } from '../../src/log/log.ts'
import type { LogConfig } from '../../src/log/types.ts'
import { ErrorCode, type ErrorName, KafkaError } from '../../src/protocol/error-codes.ts'
import { loadAllCodecs } from '../../src/protocol/records/compression.ts'
import { decodeRecords } from '../../src/protocol/records/record.ts'
import { AT } from '../../src/protocol/records/record-batch.ts'
import { failingFileSystem, shortWrites } from '../support/failing-file-system.ts'
import {
  baseOffsetsIn,
  batchOf,
  CLIENT,
  COORDINATOR,
  fillBatch,
  markerOf,
  openTestLog,
  SLOW_MS,
  START_MS,
  scratchDirectory,
  sealBatch,
  type TestBatch,
  type TestEnvironment,
  testEnvironment,
} from './support.ts'

let env: TestEnvironment
let directory: string

beforeEach(() => {
  env = testEnvironment()
  directory = join(scratchDirectory(), 'orders-0')
})

const open = (config: Partial<LogConfig> = {}): UnifiedLog => openTestLog({ env, directory, config })

function expectKafkaError(name: ErrorName, act: () => unknown): KafkaError {
  let thrown: unknown
  try {
    act()
  } catch (error) {
    thrown = error
  }
  expect(thrown).toBeInstanceOf(KafkaError)
  expect((thrown as KafkaError).errorName).toBe(name)
  return thrown as KafkaError
}

function readAll(log: UnifiedLog, from = log.logStartOffset, maxBytes = 1 << 20): number[] {
  const offsets: number[] = []
  for (let offset = from; offset < log.logEndOffset; ) {
    const data = log.read(offset, maxBytes, 'log-end', true)
    const found = baseOffsetsIn(data.records)
    expect(found.length).toBeGreaterThan(0)
    offsets.push(...found.map(({ base }) => base))
    offset = found.at(-1)!.last + 1
    data.release()
  }
  return offsets
}

describe('appending', () => {
  it('assigns offsets and the leader epoch in place', () => {
    const log = open()
    const batch = batchOf({ records: [{ value: 'a' }, { value: 'b' }] })
    const info = log.appendAsLeader(batch, { leaderEpoch: 7, origin: 'client' })
    expect(info).toMatchObject({ firstOffset: 0, lastOffset: 1, maxTimestamp: START_MS, logAppendTimeMs: -1 })
    expect(log.appendAsLeader(batchOf(), { leaderEpoch: 7, origin: 'client' }).firstOffset).toBe(2)
    expect(batch.readInt32BE(AT.partitionLeaderEpoch)).toBe(7)
    expect(log.latestEpoch).toBe(7)
    expect(log.logEndOffset).toBe(3)
    expect(fs.readFileSync(segmentPath(directory, 0, '.log')).subarray(0, batch.length)).toEqual(batch)
  })

  it('ignores what follows the batch, as Kafka does', () => {
    const log = open()
    log.appendAsLeader(Buffer.concat([batchOf(), Buffer.alloc(5)]), CLIENT)
    expect(log.size).toBe(batchOf().length)
  })

  it.each<[string, ErrorName, Buffer]>([
    ['nothing at all', 'INVALID_RECORD', Buffer.alloc(0)],
    ['half a batch', 'INVALID_RECORD', batchOf().subarray(0, 70)],
    ['two batches', 'INVALID_RECORD', Buffer.concat([batchOf(), batchOf()])],
    ['a base offset', 'INVALID_RECORD', batchOf({ baseOffset: 5 })],
    ['a control batch', 'INVALID_RECORD', markerOf({ commit: true, producerId: 1n, producerEpoch: 0 })],
    ['a lying record count', 'INVALID_RECORD', batchOf({ recordCount: 4 })],
    ['a producer without a sequence', 'INVALID_RECORD', batchOf({ producerId: 3n, producerEpoch: 0 })],
    ['records that are none', 'INVALID_RECORD', batchOf({ body: Buffer.from([0x7f, 1, 2, 3]) })],
  ])('refuses %s from a client and stores nothing', (_, name, records) => {
    const log = open()
    expectKafkaError(name, () => log.appendAsLeader(records, CLIENT))
    expect(log.logEndOffset).toBe(0)
    expect(log.size).toBe(0)
    expect(fs.statSync(segmentPath(directory, 0, '.log')).size).toBe(0)
  })

  it('refuses a wrong checksum', () => {
    const batch = batchOf()
    batch.writeUInt8(batch.readUInt8(65) ^ 1, 65)
    const log = open()
    expect(expectKafkaError('CORRUPT_MESSAGE', () => log.appendAsLeader(batch, CLIENT)).message).toContain('orders-0')
  })

  it('refuses batches above max.message.bytes, and above segment.bytes', () => {
    const log = open({ maxMessageBytes: 200, segmentBytes: 150 })
    expectKafkaError('MESSAGE_TOO_LARGE', () => log.appendAsLeader(fillBatch(1, 500), CLIENT))
    expectKafkaError('RECORD_LIST_TOO_LARGE', () => log.appendAsLeader(fillBatch(1, 100), CLIENT))
    expect(log.logEndOffset).toBe(0)
  })

  it('lets a coordinator and the quorum leader write control batches and several at once', () => {
    const log = open()
    const marker = markerOf({ commit: true, producerId: 1n, producerEpoch: 0 })
    log.appendAsLeader(Buffer.concat([batchOf(), marker]), COORDINATOR)
    log.appendAsLeader(Buffer.concat([batchOf(), batchOf()]), { leaderEpoch: 1, origin: 'raft-leader' })
    expect(readAll(log)).toEqual([0, 1, 2, 3])
  })

  it('writes the whole batch even when the disk takes a few bytes at a time', () => {
    env = testEnvironment({ files: shortWrites(7) })
    const log = open()
    for (let i = 0; i < 10; i++) log.appendAsLeader(fillBatch(), CLIENT)
    expect(readAll(log)).toHaveLength(10)
  })

  it('has partition.metadata on the disk before the first record, once: a log without it is moved aside as a stray', () => {
    const files = failingFileSystem()
    env = testEnvironment({ files })
    const log = open()
    log.assignTopicId('c0ffee00QbC1oBz6vHmLtg')
    expect(files.synced).toEqual([])
    files.fail({ operation: 'write', path: /0\.log$/ })
    expectKafkaError('KAFKA_STORAGE_ERROR', () => log.appendAsLeader(fillBatch(), CLIENT))
    expect(files.synced).toContain(join(directory, 'partition.metadata'))
    const again = open()
    again.appendAsLeader(fillBatch(), CLIENT)
    const syncs = files.synced.length
    again.appendAsLeader(fillBatch(), CLIENT)
    expect(files.synced).toHaveLength(syncs)
  })

  it('flushes after flush.messages', () => {
    const files = failingFileSystem()
    env = testEnvironment({ files })
    const log = open({ flushMessages: 3 })
    log.appendAsLeader(fillBatch(2), CLIENT)
    expect(files.synced).toEqual([])
    log.appendAsLeader(fillBatch(1), CLIENT)
    expect(files.synced).toContain(segmentPath(directory, 0, '.log'))
    expect(log.recoveryPoint).toBe(3)
  })
})

describe('timestamps of appended batches', () => {
  it('replaces them with the time of the append for LogAppendTime', () => {
    const log = open({ messageTimestampType: 'LogAppendTime' })
    env.clock.advance(5000)
    const info = log.appendAsLeader(batchOf({ records: [{ timestamp: 5 }] }), CLIENT)
    expect(info).toMatchObject({ logAppendTimeMs: START_MS + 5000, maxTimestamp: START_MS + 5000 })
    expect(log.offsetForTimestamp(START_MS + 5000)).toMatchObject({ offset: 0 })
    const stored = fs.readFileSync(segmentPath(directory, 0, '.log'))
    expect(stored.readInt16BE(AT.attributes) & 8).toBe(8)
    log.close()
    expect(openTestLog({ env, directory }).logEndOffset).toBe(1)
  })

  it('refuses records too far from now, and names each of them', () => {
    const log = open({ messageTimestampAfterMaxMs: 1000, messageTimestampBeforeMaxMs: 1000 })
    const records = [{ timestamp: START_MS }, { timestamp: START_MS + 1001 }, { timestamp: START_MS - 1001 }]
    const error = expectKafkaError('INVALID_TIMESTAMP', () => log.appendAsLeader(batchOf({ records }), CLIENT))
    expect(error).toMatchObject({ recordErrors: [{ batchIndex: 1 }, { batchIndex: 2 }] })
    expect(log.logEndOffset).toBe(0)
  })

  it.each([1_000_000, 2 ** 62])('survives timestamps at the end of time, with a delta of %i', (delta) => {
    const log = open({ messageTimestampAfterMaxMs: Number.MAX_VALUE, indexIntervalBytes: 0 })
    const producer = { producerId: 5n, producerEpoch: 0, baseSequence: 0 }
    const batch = batchOf({ ...producer, records: [{ timestamp: 0 }, { timestamp: delta }] })
    batch.writeBigInt64BE(2n ** 63n - 1n, AT.baseTimestamp)
    batch.writeBigInt64BE(2n ** 63n - 1n, AT.maxTimestamp)
    expectKafkaError('INVALID_TIMESTAMP', () => log.appendAsLeader(sealBatch(batch), CLIENT))
    for (const baseOffset of [0, 2]) {
      batch.writeBigInt64BE(BigInt(baseOffset), AT.baseOffset)
      log.appendAsFollower(batch, 0)
    }
    log.close()
    expect(log.failed).toBe(false)
  })

  it('wants a key for every record of a compacted topic', () => {
    const log = open({ cleanupCompact: true })
    const error = expectKafkaError('INVALID_RECORD', () =>
      log.appendAsLeader(batchOf({ records: [{ key: 'k', value: 'v' }, { value: 'v' }] }), CLIENT),
    )
    expect(error).toMatchObject({ recordErrors: [{ batchIndex: 1 }] })
  })

  it('corrects a largest timestamp that is not the records’', () => {
    const log = open()
    const batch = batchOf({ records: [{ timestamp: START_MS }, { timestamp: START_MS + 10 }], maxTimestamp: START_MS })
    expect(log.appendAsLeader(batch, CLIENT).maxTimestamp).toBe(START_MS + 10)
    expect(log.maxTimestampOffset()).toEqual({ timestamp: START_MS + 10, offset: 1, leaderEpoch: 0 })
  })
})

describe('following a leader', () => {
  const from = (baseOffset: number, leaderEpoch = 1, records = 2): Buffer =>
    batchOf({ baseOffset, leaderEpoch, records: Array.from({ length: records }, () => ({ value: 'v' })) })

  it('stores batches as they are and learns the epochs', () => {
    const log = open()
    const info = log.appendAsFollower(Buffer.concat([from(0), from(2, 2), from(4, 2)]), 2)
    expect(info).toMatchObject({ firstOffset: 0, lastOffset: 5 })
    expect(log.endOffsetForEpoch(1)).toEqual({ leaderEpoch: 1, endOffset: 2 })
    expect(log.endOffsetForEpoch(2)).toEqual({ leaderEpoch: 2, endOffset: 6 })
  })

  it('takes the whole batches of an answer that ends inside one', () => {
    const log = open()
    log.appendAsFollower(Buffer.concat([from(0), from(2).subarray(0, 30)]), 1)
    expect(log.logEndOffset).toBe(2)
    expect(log.appendAsFollower(from(2).subarray(0, 30), 1).firstOffset).toBe(-1)
  })

  it('refuses a batch that ends before it begins', () => {
    const backwards = from(5)
    backwards.writeInt32BE(-3, AT.lastOffsetDelta)
    const log = open()
    expectKafkaError('INVALID_RECORD', () => log.appendAsFollower(sealBatch(backwards), 1))
    expectKafkaError('INVALID_RECORD', () => log.appendAsLeader(backwards, COORDINATOR))
    expect(log.logEndOffset).toBe(0)
  })

  it('leaves batches of a later epoch to the next fetch', () => {
    const log = open()
    log.appendAsFollower(Buffer.concat([from(0, 1), from(2, 5)]), 1)
    expect(log.logEndOffset).toBe(2)
  })

  it('starts anywhere, keeps gaps, refuses what it has', () => {
    const log = open()
    log.appendAsFollower(from(100), 1)
    log.appendAsFollower(from(200), 1)
    expectKafkaError('UNKNOWN_SERVER_ERROR', () => log.appendAsFollower(from(150), 1))
    expect(log.logEndOffset).toBe(202)
    expect(baseOffsetsIn(log.read(150, 10_000, 'log-end', true).records)[0]!.base).toBe(200)
  })

  it('refuses a wrong checksum', () => {
    const bad = from(0)
    bad.writeUInt8(bad.readUInt8(70) ^ 1, 70)
    expectKafkaError('CORRUPT_MESSAGE', () => open().appendAsFollower(bad, 1))
  })
})

describe('reading', () => {
  it('gives whole batches, the first one holding the offset', () => {
    const log = open()
    for (let i = 0; i < 20; i++) log.appendAsLeader(fillBatch(5, 50), CLIENT)
    const size = fillBatch(5, 50).length
    const data = log.read(42, size * 3 + 10, 'log-end', true)
    expect(baseOffsetsIn(data.records)).toEqual([
      { base: 40, last: 44 },
      { base: 45, last: 49 },
      { base: 50, last: 54 },
    ])
    expect(data.fetchOffset).toBe(42)
  })

  it('gives at least one batch, or none, as asked', () => {
    const log = open()
    log.appendAsLeader(fillBatch(1, 50_000), CLIENT)
    expect(log.read(0, 100, 'log-end', true).records.length).toBe(fillBatch(1, 50_000).length)
    expect(log.read(0, 100, 'log-end', false).records.length).toBe(0)
    expect(log.read(0, 0, 'log-end', true).records.length).toBe(fillBatch(1, 50_000).length)
    expect(log.read(0, 0, 'log-end', false).records.length).toBe(0)
  })

  it('stays below the high watermark', () => {
    const log = open()
    for (let i = 0; i < 3; i++) log.appendAsLeader(fillBatch(2), CLIENT)
    expect(log.read(0, 1e6, 'high-watermark', true).records.length).toBe(0)
    expect(log.updateHighWatermark(4)).toBe(true)
    expect(log.updateHighWatermark(3)).toBe(false)
    expect(baseOffsetsIn(log.read(0, 1e6, 'high-watermark', true).records).map(({ base }) => base)).toEqual([0, 2])
    expect(log.read(4, 1e6, 'high-watermark', true).records.length).toBe(0)
    expect(baseOffsetsIn(log.read(4, 1e6, 'log-end', true).records)).toHaveLength(1)
    expect(log.updateHighWatermark(99)).toBe(true)
    expect(log.highWatermark).toBe(6)
  })

  it('refuses offsets outside of the log and is empty at its end', () => {
    const log = open()
    log.appendAsLeader(fillBatch(3), CLIENT)
    log.updateHighWatermark(3)
    log.deleteRecordsBefore(1)
    expectKafkaError('OFFSET_OUT_OF_RANGE', () => log.read(0, 100, 'log-end', true))
    expectKafkaError('OFFSET_OUT_OF_RANGE', () => log.read(4, 100, 'log-end', true))
    expect(log.read(3, 100, 'log-end', true).records.length).toBe(0)
  })

  it('goes from segment to segment', () => {
    const log = open({ segmentBytes: 1000 })
    for (let i = 0; i < 50; i++) log.appendAsLeader(fillBatch(1, 200), CLIENT)
    expect(log.segmentCount).toBeGreaterThan(5)
    expect(readAll(log)).toEqual(Array.from({ length: 50 }, (_, i) => i))
    expect(readAll(log, 0, 1)).toHaveLength(50)
    for (let offset = 0; offset < 50; offset++) {
      expect(baseOffsetsIn(log.read(offset, 1, 'log-end', true).records)[0]!.base).toBe(offset)
    }
  })

  it('counts the bytes a fetch could get', () => {
    const log = open({ segmentBytes: 1000 })
    for (let i = 0; i < 10; i++) log.appendAsLeader(fillBatch(1, 200), CLIENT)
    const size = fillBatch(1, 200).length
    log.updateHighWatermark(7)
    expect(log.bytesAfter(0, 'log-end')).toBe(10 * size)
    expect(log.bytesAfter(0, 'high-watermark')).toBe(7 * size)
    expect(log.bytesAfter(5, 'high-watermark')).toBe(2 * size)
    expect(log.bytesAfter(7, 'high-watermark')).toBe(0)
    expect(log.bytesAfter(9, 'log-end')).toBe(size)
    expect(log.bytesAfter(10, 'log-end')).toBe(0)
  })

  it('takes its buffers from the pool and gives them back', () => {
    const log = open()
    log.appendAsLeader(fillBatch(), CLIENT)
    log.read(0, 1e6, 'log-end', true).release()
    expect(env.buffers.idleBytes).toBe(4096)
    const first = log.read(0, 1e6, 'log-end', true)
    expect(env.buffers.idleBytes).toBe(0)
    const second = log.read(0, 1e6, 'log-end', true)
    expect(second.records.buffer).not.toBe(first.records.buffer)
    log.read(0, 10, 'log-end', false)
    first.release()
    second.release()
    expect(env.buffers.idleBytes).toBe(3 * 4096)
  })
})

describe('rolling', () => {
  it('starts a segment when the bytes do not fit', () => {
    const log = open({ segmentBytes: 500 })
    for (let i = 0; i < 4; i++) log.appendAsLeader(fillBatch(1, 150), CLIENT)
    expect(log.segmentBaseOffsets).toEqual([0, 2])
  })

  it('starts a segment by the time of records, counted from the first one', () => {
    const log = open({ segmentMs: 1000 })
    const at = (ms: number) => log.appendAsLeader(fillBatch(1, 10, START_MS + ms), CLIENT)
    at(0)
    at(1000)
    env.clock.advance(50_000)
    at(900)
    expect(log.segmentCount).toBe(1)
    at(1001)
    expect(log.segmentBaseOffsets).toEqual([0, 3])
  })

  it('falls back to the wall clock where records have no time', () => {
    const log = open({ segmentMs: 1000 })
    log.appendAsLeader(fillBatch(1, 10, -1), CLIENT)
    env.clock.advance(1001)
    log.appendAsLeader(fillBatch(1, 10, -1), CLIENT)
    expect(log.segmentCount).toBe(2)
  })

  it('starts a segment when an index is full', () => {
    const log = open({ segmentIndexBytes: 36, indexIntervalBytes: 0 })
    for (let i = 0; i < 10; i++) log.appendAsLeader(fillBatch(1, 10, START_MS + i), CLIENT)
    expect(log.segmentCount).toBeGreaterThan(2)
    expect(readAll(log)).toHaveLength(10)
  })

  it('starts a segment when a relative offset no longer fits', () => {
    const log = open()
    log.appendAsFollower(batchOf({ baseOffset: 0, leaderEpoch: 0 }), 0)
    const far = 2 ** 31 + 5
    log.appendAsFollower(batchOf({ baseOffset: far, leaderEpoch: 0 }), 0)
    expect(log.segmentBaseOffsets).toEqual([0, far])
    expect(baseOffsetsIn(log.read(1, 1e6, 'log-end', true).records)[0]!.base).toBe(far)
  })

  it('leaves an empty segment alone', () => {
    const log = open()
    log.roll()
    expect(log.segmentBaseOffsets).toEqual([0])
  })

  it('freezes what it leaves: indexes trimmed, a snapshot, the recovery point moved', () => {
    const log = open({ indexIntervalBytes: 100 })
    for (let i = 0; i < 10; i++) log.appendAsLeader(fillBatch(1, 100, START_MS + i), CLIENT)
    log.roll()
    expect(fs.readdirSync(directory).sort()).toEqual([
      '00000000000000000000.index',
      '00000000000000000000.log',
      '00000000000000000000.timeindex',
      '00000000000000000010.index',
      '00000000000000000010.log',
      '00000000000000000010.snapshot',
      '00000000000000000010.timeindex',
      'leader-epoch-checkpoint',
    ])
    const timeIndex = fs.readFileSync(segmentPath(directory, 0, '.timeindex'))
    expect(Number(timeIndex.readBigInt64BE(timeIndex.length - 12))).toBe(START_MS + 9)
    expect(log.recoveryPoint).toBe(10)
  })
})

describe('shortening', () => {
  const filled = (count = 10, config: Partial<LogConfig> = {}): UnifiedLog => {
    const log = open({ segmentBytes: 1000, ...config })
    for (let i = 0; i < count; i++) log.appendAsLeader(fillBatch(2, 200, START_MS + i), { ...CLIENT, leaderEpoch: i })
    log.updateHighWatermark(log.logEndOffset)
    return log
  }

  it.each([0, 1, 2, 3, 9, 10, 11, 19])('truncates to offset %i at a batch boundary', (offset) => {
    const log = filled()
    log.truncateTo(offset)
    // A batch that holds the offset goes as a whole.
    const kept = Math.floor(offset / 2)
    expect(log.logEndOffset).toBe(offset)
    expect(log.highWatermark).toBe(offset)
    expect(log.segmentBaseOffsets.every((base) => base <= offset)).toBe(true)
    if (offset % 2 === 0) expect(readAll(log)).toEqual(Array.from({ length: kept }, (_, i) => i * 2))
    expect(log.appendAsLeader(fillBatch(), { ...CLIENT, leaderEpoch: 20 }).firstOffset).toBe(offset)
  })

  it('changes nothing past its end', () => {
    const log = filled()
    log.truncateTo(20)
    log.truncateTo(1000)
    expect(log.logEndOffset).toBe(20)
  })

  it('is on the disk when it returns: a power failure must not undo it behind what is written next', () => {
    const files = failingFileSystem()
    env = testEnvironment({ files })
    const log = open({ segmentBytes: 1000 })
    for (let i = 0; i < 5; i++) log.appendAsLeader(fillBatch(2, 200, START_MS + i), { ...CLIENT, leaderEpoch: i })
    log.truncateTo(4)
    expect(files.synced).toContain(segmentPath(directory, 0, '.log'))
    log.truncateFullyAndStartAt(100)
    expect(files.synced).toContain(segmentPath(directory, 100, '.log'))
  })

  it('forgets the epochs it cuts off', () => {
    const log = filled()
    log.truncateTo(6)
    expect(log.latestEpoch).toBe(2)
    expect(log.endOffsetForEpoch(2)).toEqual({ leaderEpoch: 2, endOffset: 6 })
    expect(log.endOffsetForEpoch(7)).toEqual({ leaderEpoch: -1, endOffset: -1 })
  })

  it('starts anew at any offset', () => {
    const log = filled()
    log.truncateFullyAndStartAt(1000)
    expect([log.logStartOffset, log.highWatermark, log.logEndOffset, log.segmentCount]).toEqual([1000, 1000, 1000, 1])
    expect(log.latestEpoch).toBeNull()
    log.appendAsLeader(fillBatch(), CLIENT)
    expect(readAll(log)).toEqual([1000])
    expect(env.deleted.length).toBeGreaterThan(0)
  })

  it('starts anew at an offset that has a segment already', () => {
    const log = filled()
    const base = log.segmentBaseOffsets.at(-1)!
    log.truncateFullyAndStartAt(base)
    log.appendAsLeader(fillBatch(), CLIENT)
    expect(readAll(log)).toEqual([base])
    for (const path of env.deleted) expect(path).toMatch(/\.deleted$/)
  })

  it('deletes records: the start moves, whole segments below it go', () => {
    const log = filled()
    const [, second, third] = log.segmentBaseOffsets
    expect(log.deleteRecordsBefore(third! + 1)).toBe(third! + 1)
    expect(log.segmentBaseOffsets[0]).toBe(third)
    expect(log.epochForOffset(third! + 1)).not.toBeNull()
    expect(log.deleteRecordsBefore(second!)).toBe(third! + 1)
    expect(log.deleteRecordsBefore(-1)).toBe(20)
    expect(env.deleted.every((path) => path.endsWith('.deleted'))).toBe(true)
  })

  it('deletes no records above the high watermark', () => {
    const log = open()
    log.appendAsLeader(fillBatch(5), CLIENT)
    log.updateHighWatermark(3)
    expectKafkaError('OFFSET_OUT_OF_RANGE', () => log.deleteRecordsBefore(4))
    expect(log.deleteRecordsBefore(-1)).toBe(3)
  })

  it('keeps the log start through a reopening when the manager says so', () => {
    const log = filled()
    log.deleteRecordsBefore(5)
    log.close()
    expect(openTestLog({ env, directory, cleanShutdown: true, logStartOffset: 5 }).logStartOffset).toBe(5)
  })
})

describe('retention', () => {
  const day = 86_400_000

  it('drops segments whose newest record is too old, the active one after rolling it', () => {
    const log = open({ retentionMs: day, segmentBytes: 500 })
    for (let i = 0; i < 6; i++) log.appendAsLeader(fillBatch(1, 150, START_MS + i * 1000), CLIENT)
    log.updateHighWatermark(6)
    expect(log.deleteOldSegments()).toBe(0)
    env.clock.advance(day + 2500)
    expect(log.deleteOldSegments()).toBe(1)
    expect(log.logStartOffset).toBe(2)
    env.clock.advance(day)
    expect(log.deleteOldSegments()).toBe(2)
    expect([log.logStartOffset, log.logEndOffset, log.size, log.segmentCount]).toEqual([6, 6, 0, 1])
    expect(log.deleteOldSegments()).toBe(0)
    expect(log.appendAsLeader(fillBatch(), CLIENT).firstOffset).toBe(6)
  })

  it('drops the oldest segments above retention.bytes and never falls below it', () => {
    const size = fillBatch(1, 150).length
    const log = open({ retentionBytes: 4 * size, segmentBytes: 2 * size })
    for (let i = 0; i < 9; i++) log.appendAsLeader(fillBatch(1, 150), CLIENT)
    log.updateHighWatermark(9)
    expect(log.deleteOldSegments()).toBe(2)
    expect(log.size).toBe(5 * size)
  })

  it('keeps everything at or above the high watermark', () => {
    const log = open({ retentionMs: 1, segmentBytes: 500 })
    for (let i = 0; i < 6; i++) log.appendAsLeader(fillBatch(1, 150), CLIENT)
    env.clock.advance(day)
    expect(log.deleteOldSegments()).toBe(0)
    log.updateHighWatermark(3)
    expect(log.deleteOldSegments()).toBe(1)
    expect(log.logStartOffset).toBe(2)
  })

  it('uses the file’s age where records have no time', () => {
    const log = open({ retentionMs: day })
    log.appendAsLeader(fillBatch(1, 10, -1), CLIENT)
    log.updateHighWatermark(1)
    const past = (START_MS - 2 * day) / 1000
    fs.utimesSync(segmentPath(directory, 0, '.log'), past, past)
    expect(log.deleteOldSegments()).toBe(1)
  })

  it('leaves compacted logs to the cleaner', () => {
    const log = open({ retentionMs: 1, cleanupDelete: false, cleanupCompact: true })
    log.appendAsLeader(batchOf({ records: [{ key: 'k' }] }), CLIENT)
    log.updateHighWatermark(1)
    env.clock.advance(day)
    expect(log.deleteOldSegments()).toBe(0)
  })

  it('reads on while the files wait to be deleted', () => {
    const log = open({ retentionMs: 1, segmentBytes: 500 })
    for (let i = 0; i < 6; i++) log.appendAsLeader(fillBatch(1, 150), CLIENT)
    log.read(0, 100, 'log-end', true).release()
    log.updateHighWatermark(4)
    env.clock.advance(day)
    log.deleteOldSegments()
    expectKafkaError('OFFSET_OUT_OF_RANGE', () => log.read(0, 100, 'log-end', true))
    expect(readAll(log)).toEqual([4, 5])
    for (const path of env.deleted.filter((name) => !name.includes('.txnindex'))) expect(fs.existsSync(path)).toBe(true)
  })
})

describe('time', () => {
  it('finds the first record at or after a timestamp', () => {
    const log = open({ indexIntervalBytes: 200, segmentBytes: 5000 })
    for (let i = 0; i < 100; i++) {
      const at = START_MS + i * 100
      log.appendAsLeader(
        batchOf({ records: [{ timestamp: at }, { timestamp: at + 50, value: 'x'.repeat(90) }] }),
        CLIENT,
      )
    }
    for (const [ms, offset] of [
      [0, 0],
      [1, 1],
      [50, 1],
      [51, 2],
      [5000, 100],
      [9951, null],
    ] as const) {
      const found = log.offsetForTimestamp(START_MS + ms)
      expect(found?.offset ?? null).toBe(offset)
    }
    expect(log.offsetForTimestamp(START_MS + 9950)).toEqual({ timestamp: START_MS + 9950, offset: 199, leaderEpoch: 0 })
  })

  it('finds it where timestamps go back and forth', () => {
    const log = open({ indexIntervalBytes: 0 })
    for (const ms of [10, 30, 20, 5, 40]) log.appendAsLeader(fillBatch(1, 10, START_MS + ms), CLIENT)
    expect(log.offsetForTimestamp(START_MS + 11)).toMatchObject({ offset: 1 })
    expect(log.offsetForTimestamp(START_MS + 31)).toMatchObject({ offset: 4 })
    expect(log.maxTimestampOffset()).toMatchObject({ offset: 4, timestamp: START_MS + 40 })
  })

  it('never answers below the log start', () => {
    const log = open()
    for (let i = 0; i < 5; i++) log.appendAsLeader(fillBatch(2, 10, START_MS), CLIENT)
    log.updateHighWatermark(10)
    log.deleteRecordsBefore(5)
    expect(log.offsetForTimestamp(0)).toMatchObject({ offset: 5 })
  })

  it('looks on in the next segment when the late records of one were deleted', () => {
    const log = open({ segmentBytes: 400 })
    for (const ms of [50, 0, 50, 60]) log.appendAsLeader(fillBatch(1, 100, START_MS + ms), CLIENT)
    log.updateHighWatermark(4)
    log.deleteRecordsBefore(1)
    expect(log.segmentBaseOffsets).toEqual([0, 2])
    expect(log.offsetForTimestamp(START_MS + 50)).toMatchObject({ offset: 2 })
  })

  it('says nothing of an empty log or of records without time', () => {
    const log = open()
    expect(log.offsetForTimestamp(0)).toBeNull()
    expect(log.maxTimestampOffset()).toBeNull()
    log.appendAsLeader(fillBatch(1, 10, -1), CLIENT)
    expect(log.maxTimestampOffset()).toBeNull()
  })
})

describe('idempotent producers', () => {
  const from = (options: TestBatch): Buffer =>
    batchOf({ producerId: 9n, producerEpoch: 0, baseSequence: 0, records: [{}, {}], ...options })

  it('recognises any of the last five batches and answers as the first time', () => {
    const log = open()
    for (let i = 0; i < 7; i++) log.appendAsLeader(from({ baseSequence: i * 2 }), CLIENT)
    for (let i = 2; i < 7; i++) {
      const again = log.appendAsLeader(from({ baseSequence: i * 2 }), CLIENT)
      expect(again).toMatchObject({ duplicate: true, firstOffset: i * 2, lastOffset: i * 2 + 1 })
    }
    expectKafkaError('OUT_OF_ORDER_SEQUENCE_NUMBER', () => log.appendAsLeader(from({ baseSequence: 2 }), CLIENT))
    expect(log.logEndOffset).toBe(14)
  })

  it('refuses a gap and accepts any sequence of a producer it does not know', () => {
    const log = open()
    log.appendAsLeader(from({ baseSequence: 40 }), CLIENT)
    expectKafkaError('OUT_OF_ORDER_SEQUENCE_NUMBER', () => log.appendAsLeader(from({ baseSequence: 43 }), CLIENT))
    log.appendAsLeader(from({ baseSequence: 42 }), CLIENT)
  })

  it('wants a new epoch to start at 0, and refuses an old one', () => {
    const log = open()
    log.appendAsLeader(from({ producerEpoch: 1 }), CLIENT)
    expectKafkaError('OUT_OF_ORDER_SEQUENCE_NUMBER', () =>
      log.appendAsLeader(from({ producerEpoch: 2, baseSequence: 2 }), CLIENT),
    )
    log.appendAsLeader(from({ producerEpoch: 2 }), CLIENT)
    expectKafkaError('INVALID_PRODUCER_EPOCH', () =>
      log.appendAsLeader(from({ producerEpoch: 1, baseSequence: 2 }), CLIENT),
    )
  })

  it('wraps sequences around', () => {
    const log = open()
    log.appendAsLeader(from({ baseSequence: 2 ** 31 - 2 }), CLIENT)
    log.appendAsLeader(from({ baseSequence: 0 }), CLIENT)
    expect(log.activeProducers()[0]).toMatchObject({ lastSequence: 1 })
    expect(log.appendAsLeader(from({ baseSequence: 2 ** 31 - 2 }), CLIENT).duplicate).toBe(true)
  })

  it('remembers over restarts, clean or not, and forgets after a day', () => {
    let log = open()
    for (let i = 0; i < 3; i++) log.appendAsLeader(from({ baseSequence: i * 2 }), CLIENT)
    log.close()
    log = openTestLog({ env, directory, cleanShutdown: true })
    expect(log.appendAsLeader(from({ baseSequence: 4 }), CLIENT).duplicate).toBe(true)
    log.appendAsLeader(from({ baseSequence: 6 }), CLIENT)
    log.abandon()
    log = openTestLog({ env, directory })
    expect(log.appendAsLeader(from({ baseSequence: 6 }), CLIENT).duplicate).toBe(true)
    env.clock.advance(86_400_001)
    log.removeExpiredProducers(86_400_000)
    expect(log.activeProducers()).toEqual([])
  })

  it('does not remember what a truncation cut off', () => {
    const log = open()
    for (let i = 0; i < 3; i++) log.appendAsLeader(from({ baseSequence: i * 2 }), CLIENT)
    log.truncateTo(4)
    expect(log.activeProducers()[0]).toMatchObject({ lastSequence: 3 })
    expect(log.appendAsLeader(from({ baseSequence: 4 }), CLIENT)).toMatchObject({ duplicate: false, firstOffset: 4 })
  })
})

describe('transactions', () => {
  const data = (producerId: bigint, baseSequence: number): Buffer =>
    batchOf({ producerId, producerEpoch: 0, baseSequence, transactional: true, records: [{}] })
  const end = (producerId: bigint, commit: boolean): Buffer => markerOf({ producerId, producerEpoch: 0, commit })

  /** Offsets: 0 tx A, 1 tx B, 2 plain, 3 abort A, 4 commit B. */
  function interleaved(config: Partial<LogConfig> = {}): UnifiedLog {
    const log = open(config)
    log.appendAsLeader(data(1n, 0), CLIENT)
    log.appendAsLeader(data(2n, 0), CLIENT)
    log.appendAsLeader(batchOf(), CLIENT)
    log.appendAsLeader(end(1n, false), COORDINATOR)
    log.appendAsLeader(end(2n, true), COORDINATOR)
    return log
  }

  it('holds the last stable offset at the first open transaction', () => {
    const log = open()
    log.appendAsLeader(batchOf(), CLIENT)
    log.appendAsLeader(data(1n, 0), CLIENT)
    log.appendAsLeader(data(2n, 0), CLIENT)
    expect(log.lastStableOffset).toBe(0)
    log.updateHighWatermark(3)
    expect(log.lastStableOffset).toBe(1)
    log.appendAsLeader(end(1n, true), COORDINATOR)
    // Its marker is not replicated yet.
    expect(log.lastStableOffset).toBe(1)
    log.updateHighWatermark(4)
    expect(log.lastStableOffset).toBe(2)
    expect(baseOffsetsIn(log.read(0, 1e6, 'committed', true).records).map(({ base }) => base)).toEqual([0, 1])
    log.appendAsLeader(end(2n, false), COORDINATOR)
    log.updateHighWatermark(5)
    expect(log.lastStableOffset).toBe(5)
  })

  it('names the aborted transactions of what was read, and writes them to the transaction index', () => {
    const log = interleaved()
    log.updateHighWatermark(5)
    const { abortedTransactions } = log.read(0, 1e6, 'committed', true)
    expect(abortedTransactions).toEqual([{ producerId: 1n, firstOffset: 0 }])
    expect(log.read(4, 1e6, 'committed', true).abortedTransactions).toEqual([])
    expect(log.read(0, 1e6, 'high-watermark', true).abortedTransactions).toBeNull()
    const index = fs.readFileSync(segmentPath(directory, 0, '.txnindex'))
    expect([2, 10, 18, 26].map((at) => Number(index.readBigInt64BE(at)))).toEqual([1, 0, 3, 1])
  })

  it('finds aborts whose marker lies in a later segment', () => {
    const log = open({ segmentBytes: 200 })
    log.appendAsLeader(data(1n, 0), CLIENT)
    for (let i = 0; i < 10; i++) log.appendAsLeader(batchOf(), CLIENT)
    log.appendAsLeader(end(1n, false), COORDINATOR)
    log.updateHighWatermark(log.logEndOffset)
    expect(log.segmentCount).toBeGreaterThan(3)
    expect(log.read(0, 1, 'committed', true).abortedTransactions).toEqual([{ producerId: 1n, firstOffset: 0 }])
  })

  it('refuses plain records inside a transaction', () => {
    const log = open()
    log.appendAsLeader(data(1n, 0), CLIENT)
    const plain = batchOf({ producerId: 1n, producerEpoch: 0, baseSequence: 1 })
    expectKafkaError('INVALID_TXN_STATE', () => log.appendAsLeader(plain, CLIENT))
  })

  it('fences old coordinators and old producers', () => {
    const log = open()
    const marker = (coordinatorEpoch: number, producerEpoch: number): Buffer =>
      markerOf({ producerId: 1n, producerEpoch, commit: true, coordinatorEpoch })
    log.appendAsLeader(marker(5, 3), COORDINATOR)
    expectKafkaError('TRANSACTION_COORDINATOR_FENCED', () => log.appendAsLeader(marker(4, 3), COORDINATOR))
    expectKafkaError('INVALID_PRODUCER_EPOCH', () => log.appendAsLeader(marker(5, 2), COORDINATOR))
  })

  it('wants a newer epoch in markers of version 2 transactions, but lets them be repeated', () => {
    const log = open()
    const version2 = { ...COORDINATOR, transactionVersion: 2 }
    const marker = (producerEpoch: number): Buffer => markerOf({ producerId: 1n, producerEpoch, commit: true })
    log.appendAsLeader(data(1n, 0), CLIENT)
    expectKafkaError('INVALID_PRODUCER_EPOCH', () => log.appendAsLeader(marker(0), version2))
    log.appendAsLeader(marker(1), version2)
    log.appendAsLeader(marker(1), version2)
    expect(log.activeProducers()[0]).toMatchObject({ producerEpoch: 1, currentTransactionStartOffset: null })
  })

  it.each([true, false])('is the same after reopening (clean: %s)', (clean) => {
    const log = interleaved({ segmentBytes: 150 })
    log.appendAsLeader(data(3n, 0), CLIENT)
    log.updateHighWatermark(6)
    const before = log.read(0, 1e6, 'committed', true)
    if (clean) log.close()
    else log.abandon()
    const again = openTestLog({ env, directory, cleanShutdown: clean, config: { segmentBytes: 150 } })
    again.updateHighWatermark(6)
    expect(again.lastStableOffset).toBe(5)
    expect(again.read(0, 1e6, 'committed', true).abortedTransactions).toEqual(before.abortedTransactions)
    expect(new Set(again.activeProducers())).toEqual(new Set(log.activeProducers()))
  })
})

describe('failures', () => {
  it.each(['ENOSPC', 'EIO'])('refuses appends after %s, keeps what it has readable', (code) => {
    const files = failingFileSystem()
    env = testEnvironment({ files })
    const log = open()
    for (let i = 0; i < 5; i++) log.appendAsLeader(fillBatch(), CLIENT)
    const size = log.size
    files.fail({ operation: 'write', path: /\.log$/, code, partialBytes: 40 })
    expectKafkaError('KAFKA_STORAGE_ERROR', () => log.appendAsLeader(fillBatch(), CLIENT))
    expect([log.failed, log.logEndOffset, env.failures.length]).toEqual([true, 5, 1])
    // The partial write was cut off again.
    expect(fs.statSync(segmentPath(directory, 0, '.log')).size).toBe(size)
    expectKafkaError('KAFKA_STORAGE_ERROR', () => log.appendAsLeader(fillBatch(), CLIENT))
    expect(readAll(log)).toEqual([0, 1, 2, 3, 4])
    log.close()
    env = testEnvironment()
    const again = open()
    expect(readAll(again)).toEqual([0, 1, 2, 3, 4])
    expect(again.appendAsLeader(fillBatch(), CLIENT).firstOffset).toBe(5)
  })

  it('recovers from a partial write that could not be cut off', () => {
    const files = failingFileSystem()
    env = testEnvironment({ files })
    const log = open()
    log.appendAsLeader(fillBatch(), CLIENT)
    files.fail({ operation: 'write', path: /\.log$/, partialBytes: 40 })
    files.fail({ operation: 'truncate', sticky: true })
    expectKafkaError('KAFKA_STORAGE_ERROR', () => log.appendAsLeader(fillBatch(), CLIENT))
    expect(readAll(log)).toEqual([0])
    files.heal()
    log.close()
    env = testEnvironment()
    expect(readAll(open())).toEqual([0])
    expect(env.lines.join('')).toMatch(/removed 40 bytes at position \d+, 40 bytes are less than a batch header/)
  })

  it.each(['fsync', 'writeFile', 'rename'] as const)('fails the append whose roll hits a failing %s', (operation) => {
    const files = failingFileSystem()
    env = testEnvironment({ files })
    const log = open({ segmentBytes: 400 })
    log.appendAsLeader(fillBatch(1, 200), CLIENT)
    files.fail({ operation, sticky: true })
    let failed = false
    for (let i = 0; i < 3 && !failed; i++) {
      try {
        log.appendAsLeader(fillBatch(1, 200), CLIENT)
      } catch (error) {
        expect((error as KafkaError).code).toBe(ErrorCode.KAFKA_STORAGE_ERROR)
        failed = true
      }
    }
    expect(log.failed).toBe(true)
    expect(readAll(log).length).toBe(log.logEndOffset)
    const acknowledged = log.logEndOffset
    files.heal()
    log.close()
    env = testEnvironment()
    expect(open({ segmentBytes: 400 }).logEndOffset).toBeGreaterThanOrEqual(acknowledged)
  })

  it('answers a read that the disk refuses with a storage error, and goes on', () => {
    const files = failingFileSystem()
    env = testEnvironment({ files })
    const log = open()
    log.appendAsLeader(fillBatch(), CLIENT)
    files.fail({ operation: 'read', path: /\.log$/, nth: 2 })
    expectKafkaError('KAFKA_STORAGE_ERROR', () => log.read(0, 1e6, 'log-end', true))
    expect(log.failed).toBe(false)
    expect(readAll(log)).toEqual([0])
    files.fail({ operation: 'read', path: /\.log$/ })
    expectKafkaError('KAFKA_STORAGE_ERROR', () => log.offsetForTimestamp(START_MS))
    expect(log.appendAsLeader(fillBatch(), CLIENT).firstOffset).toBe(1)
  })

  it('answers a read of a file that was cut behind its back with a storage error', () => {
    const log = open()
    log.appendAsLeader(fillBatch(), CLIENT)
    fs.truncateSync(segmentPath(directory, 0, '.log'), 100)
    expectKafkaError('KAFKA_STORAGE_ERROR', () => log.read(0, 1e6, 'log-end', true))
    expect(env.buffers.idleBytes).toBeLessThanOrEqual(4096)
  })

  it('answers appends after close with a storage error', () => {
    const log = open()
    log.close()
    log.close()
    expectKafkaError('KAFKA_STORAGE_ERROR', () => log.appendAsLeader(batchOf(), CLIENT))
  })
})

describe('preallocation', () => {
  it('reserves segment.bytes and trims on roll and close', () => {
    const log = open({ preallocate: true, segmentBytes: 10_000 })
    log.appendAsLeader(fillBatch(), CLIENT)
    const file = (offset: number): number => fs.statSync(segmentPath(directory, offset, '.log')).size
    expect(file(0)).toBe(10_000)
    log.roll()
    expect([file(0), file(1)]).toEqual([log.size, 10_000])
    log.close()
    expect(file(1)).toBe(0)
  })

  it('is cut back by recovery after a kill', () => {
    const log = open({ preallocate: true, segmentBytes: 10_000 })
    log.appendAsLeader(fillBatch(), CLIENT)
    log.abandon()
    expect(openTestLog({ env, directory }).size).toBe(log.size)
  })
})

describe('batches from strangers', () => {
  beforeAll(() => loadAllCodecs())

  const flips = fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 6 })
  const whole = () =>
    batchOf({ records: Array.from({ length: 5 }, (_, i) => ({ key: `k${i}`, value: 'x'.repeat(40) })) })

  it(
    'are refused with an error of the protocol, or can be read back and recovered',
    () => {
      let accepted = 0
      fc.assert(
        fc.property(flips, fc.boolean(), (changes, client) => {
          directory = join(scratchDirectory(), 'orders-0')
          const batch = whole()
          for (const [at, value] of changes) batch.writeUInt8(value, at % batch.length)
          sealBatch(batch)
          const log = open()
          try {
            log.appendAsLeader(batch, client ? CLIENT : COORDINATOR)
          } catch (error) {
            expect(error).toBeInstanceOf(KafkaError)
            expect([log.logEndOffset, log.size]).toEqual([0, 0])
            log.close()
            return
          }
          accepted++
          const { records } = log.read(0, 1e6, 'log-end', true)
          expect(decodeRecords(records).length).toBe(batch.readInt32BE(AT.recordCount))
          log.abandon()
          expect(open().logEndOffset).toBe(log.logEndOffset)
        }),
        { numRuns: 150 },
      )
      expect(accepted).toBeGreaterThan(5)
    },
    SLOW_MS,
  )
})
