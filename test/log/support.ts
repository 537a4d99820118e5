/** What the tests of the log floor share: settings, batches made by hand, an environment, a scratch directory. */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach } from 'vitest'
import type { Clock } from '../../src/base/clock.ts'
import { crc32c } from '../../src/base/crc32c.ts'
import { type FileSystem, nodeFileSystem } from '../../src/base/file-system.ts'
import { type Logger, lineLogger } from '../../src/base/logger.ts'
import { seededRandom } from '../../src/base/random.ts'
import { BufferPool } from '../../src/log/buffer-pool.ts'
import { openLog } from '../../src/log/loader.ts'
import type { UnifiedLog } from '../../src/log/log.ts'
import type { LogEnvironment } from '../../src/log/log-environment.ts'
import { OpenFiles } from '../../src/log/log-file.ts'
import type { AppendOptions, LogConfig } from '../../src/log/types.ts'
import { AT, BATCH_HEADER_BYTES, makeAttributes } from '../../src/protocol/records/record-batch.ts'
import { TEST_CONFIG } from './config.ts'

export { TEST_CONFIG }

/** For tests that do a lot, on a machine that has other things to do. */
export const SLOW_MS = 180_000

export const START_MS = 1_700_000_000_000

/** A clock that stands still until told; timers run when it passes them. */
export class TestClock implements Clock {
  nowMs = START_MS
  private readonly timers = new Set<{ dueMs: number; callback: () => void }>()

  now(): number {
    return this.nowMs
  }
  monotonic(): number {
    return this.nowMs - START_MS
  }
  setTimer(delayMs: number, callback: () => void) {
    const timer = { dueMs: this.nowMs + delayMs, callback }
    this.timers.add(timer)
    return { cancel: () => void this.timers.delete(timer) }
  }
  advance(ms: number): void {
    const target = this.nowMs + ms
    for (;;) {
      const next = [...this.timers].filter((timer) => timer.dueMs <= target).sort((a, b) => a.dueMs - b.dueMs)[0]
      if (next === undefined) break
      this.timers.delete(next)
      this.nowMs = Math.max(this.nowMs, next.dueMs)
      next.callback()
    }
    this.nowMs = target
  }
}

const directories: string[] = []

/** A directory that is removed after the test. */
export function scratchDirectory(): string {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-log-'))
  directories.push(directory)
  return directory
}

afterEach(() => {
  for (const directory of directories.splice(0)) fs.rmSync(directory, { recursive: true, force: true })
})

export interface TestEnvironment extends LogEnvironment {
  readonly clock: TestClock
  readonly lines: string[]
  readonly deleted: string[]
  readonly failures: unknown[]
}

/** Synchronous file system: background flushes are done when the call returns. */
export const syncFileSystem: FileSystem = { ...nodeFileSystem, fsyncLater: undefined }

export function testEnvironment(options: { files?: FileSystem; clock?: TestClock } = {}): TestEnvironment {
  const lines: string[] = []
  const deleted: string[] = []
  const failures: unknown[] = []
  const logger: Logger = lineLogger((line) => void lines.push(line), 'DEBUG')
  return {
    files: options.files ?? syncFileSystem,
    clock: options.clock ?? new TestClock(),
    random: seededRandom(1),
    logger,
    buffers: new BufferPool(),
    openFiles: new OpenFiles(),
    producerIdExpirationMs: 86_400_000,
    deleteLater: (paths) => void deleted.push(...paths),
    onFailure: (_, error) => void failures.push(error),
    lines,
    deleted,
    failures,
  }
}

export interface OpenTestLog {
  readonly env: TestEnvironment
  readonly directory: string
  readonly config?: Partial<LogConfig>
  readonly cleanShutdown?: boolean
  readonly recoveryPoint?: number
  readonly logStartOffset?: number
}

export function openTestLog({ env, directory, config, ...rest }: OpenTestLog): UnifiedLog {
  return openLog(env, {
    directory,
    topic: 'orders',
    partition: 0,
    topicId: null,
    config: { ...TEST_CONFIG, ...config },
    ...rest,
  })
}

export interface TestRecord {
  readonly key?: string | null
  readonly value?: string | Buffer | null
  readonly timestamp?: number
}

export interface TestBatch {
  readonly records?: readonly TestRecord[]
  readonly baseOffset?: number
  readonly leaderEpoch?: number
  readonly producerId?: bigint
  readonly producerEpoch?: number
  readonly baseSequence?: number
  readonly transactional?: boolean
  readonly control?: boolean
  readonly logAppendTime?: boolean
  /** Raw bytes of the records, in place of `records`. */
  readonly body?: Buffer
  readonly recordCount?: number
  /** In place of the records' largest. */
  readonly maxTimestamp?: number
}

export function varint(value: number): Buffer {
  let rest = value >= 0 ? value * 2 : -value * 2 - 1
  const bytes: number[] = []
  while (rest >= 0x80) {
    bytes.push((rest % 128) | 0x80)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
  return Buffer.from(bytes)
}

const field = (value: string | Buffer | null): Buffer => {
  if (value === null) return varint(-1)
  const bytes = Buffer.from(value)
  return Buffer.concat([varint(bytes.length), bytes])
}

function recordBytes(record: TestRecord, offsetDelta: number, baseTimestamp: number): Buffer {
  const body = Buffer.concat([
    Buffer.from([0]),
    varint((record.timestamp ?? START_MS) - baseTimestamp),
    varint(offsetDelta),
    field(record.key ?? null),
    field(record.value ?? null),
    varint(0),
  ])
  return Buffer.concat([varint(body.length), body])
}

/** Recomputes the checksum after a test changed something. */
export function sealBatch(batch: Buffer): Buffer {
  batch.writeUInt32BE(crc32c(batch, AT.attributes), AT.crc)
  return batch
}

/** A batch as a producer would send it, written out independently of the code under test. */
export function batchOf(options: TestBatch = {}): Buffer {
  const records = options.records ?? [{ value: 'hello' }]
  const timestamps = records.map((record) => record.timestamp ?? START_MS)
  const baseTimestamp = timestamps[0] ?? -1
  const body = options.body ?? Buffer.concat(records.map((record, index) => recordBytes(record, index, baseTimestamp)))
  const batch = Buffer.alloc(BATCH_HEADER_BYTES + body.length)
  batch.writeBigInt64BE(BigInt(options.baseOffset ?? 0), AT.baseOffset)
  batch.writeInt32BE(batch.length - 12, AT.batchLength)
  batch.writeInt32BE(options.leaderEpoch ?? -1, AT.partitionLeaderEpoch)
  batch.writeInt8(2, AT.magic)
  batch.writeInt16BE(makeAttributes(options), AT.attributes)
  batch.writeInt32BE(records.length - 1, AT.lastOffsetDelta)
  batch.writeBigInt64BE(BigInt(baseTimestamp), AT.baseTimestamp)
  batch.writeBigInt64BE(BigInt(options.maxTimestamp ?? Math.max(-1, ...timestamps)), AT.maxTimestamp)
  batch.writeBigInt64BE(options.producerId ?? -1n, AT.producerId)
  batch.writeInt16BE(options.producerEpoch ?? -1, AT.producerEpoch)
  batch.writeInt32BE(options.baseSequence ?? -1, AT.baseSequence)
  batch.writeInt32BE(options.recordCount ?? records.length, AT.recordCount)
  body.copy(batch, AT.records)
  return sealBatch(batch)
}

/** An end-transaction marker. */
export function markerOf(
  options: TestBatch & { readonly commit: boolean; readonly coordinatorEpoch?: number },
): Buffer {
  const key = Buffer.from([0, 0, 0, options.commit ? 1 : 0])
  const value = Buffer.alloc(6)
  value.writeInt32BE(options.coordinatorEpoch ?? 0, 2)
  const body = Buffer.concat([Buffer.from([0]), varint(0), varint(0), field(key), field(value), varint(0)])
  return batchOf({
    ...options,
    transactional: true,
    control: true,
    body: Buffer.concat([varint(body.length), body]),
  })
}

export const CLIENT: AppendOptions = { leaderEpoch: 0, origin: 'client' }
export const COORDINATOR: AppendOptions = { leaderEpoch: 0, origin: 'coordinator' }
export const RAFT_LEADER: AppendOptions = { leaderEpoch: 0, origin: 'raft-leader' }

/** A batch of `count` records with values of `valueBytes`, for filling segments. */
export function fillBatch(count = 1, valueBytes = 100, timestamp = START_MS): Buffer {
  const value = Buffer.alloc(valueBytes, 'x')
  return batchOf({ records: Array.from({ length: count }, () => ({ value, timestamp })) })
}

/** First and last offset of each batch in `records`, which must be whole batches. */
export function baseOffsetsIn(records: Buffer): { base: number; last: number }[] {
  const found: { base: number; last: number }[] = []
  let at = 0
  for (; at < records.length; at += records.readInt32BE(at + AT.batchLength) + 12) {
    const base = Number(records.readBigInt64BE(at))
    found.push({ base, last: base + records.readInt32BE(at + AT.lastOffsetDelta) })
  }
  if (at !== records.length) throw new Error(`the last batch is cut short: ${records.length} of ${at} bytes`)
  return found
}
