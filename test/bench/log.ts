/**
 * `node --import tsx test/bench/log.ts [directory]`: the log alone, without network. Append with the disk and with a
 * file system that throws everything away (what the log itself costs), sequential and random reads, clean reopening.
 */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { systemClock } from '../../src/base/clock.ts'
import { type FileSystem, nodeFileSystem } from '../../src/base/file-system.ts'
import { silentLogger } from '../../src/base/logger.ts'
import { seededRandom } from '../../src/base/random.ts'
import { BufferPool } from '../../src/log/buffer-pool.ts'
import { openLog } from '../../src/log/loader.ts'
import type { UnifiedLog } from '../../src/log/log.ts'
import type { LogEnvironment } from '../../src/log/log-environment.ts'
import { OpenFiles } from '../../src/log/log-file.ts'
import { encodeBatch } from '../../src/protocol/records/record.ts'
import { AT, setBaseOffset, updateCrc } from '../../src/protocol/records/record-batch.ts'
import { TEST_CONFIG } from '../log/config.ts'

const VOLUME_BYTES = 300e6

/** Takes every `.log` byte and keeps none. */
const discarding: FileSystem = { ...nodeFileSystem, write: (_fd, _source, _offset, length) => length }

function environment(files: FileSystem): LogEnvironment {
  return {
    files,
    clock: systemClock,
    random: seededRandom(1),
    logger: silentLogger,
    buffers: new BufferPool(),
    openFiles: new OpenFiles(),
    producerIdExpirationMs: 86_400_000,
    deleteLater: () => undefined,
    onFailure: (_, error) => {
      throw error
    },
  }
}

const open = (files: FileSystem, directory: string, cleanShutdown = false): UnifiedLog =>
  openLog(environment(files), {
    directory,
    topic: 'bench',
    partition: 0,
    topicId: null,
    config: TEST_CONFIG,
    cleanShutdown,
  })

interface Shape {
  readonly label: string
  readonly batchBytes: number
  readonly valueBytes: number
}

const SHAPES: readonly Shape[] = [
  { label: '64 KiB of 1 KiB', batchBytes: 65_536, valueBytes: 1024 },
  { label: '16 KiB of 100 B', batchBytes: 16_384, valueBytes: 100 },
  { label: '1 x 100 B', batchBytes: 1, valueBytes: 100 },
]

function batchFor({ batchBytes, valueBytes }: Shape): Buffer {
  const value = Buffer.alloc(valueBytes, 'v')
  const count = Math.max(1, Math.floor(batchBytes / (valueBytes + 10)))
  return encodeBatch(Array.from({ length: count }, () => ({ timestamp: Date.now(), key: null, value })))
}

/** MB/s of appending the same batch again and again, as a client would send it. */
function appendRate(log: UnifiedLog, shape: Shape, idempotent: boolean): { mbPerSecond: number; perSecond: number } {
  const batch = batchFor(shape)
  const volume = shape.batchBytes === 1 ? 20e6 : VOLUME_BYTES
  const appends = Math.floor(volume / batch.length)
  const count = batch.readInt32BE(AT.recordCount)
  const started = performance.now()
  for (let i = 0; i < appends; i++) {
    setBaseOffset(batch, 0, 0)
    if (idempotent) {
      batch.writeBigInt64BE(7n, AT.producerId)
      batch.writeInt16BE(0, AT.producerEpoch)
      batch.writeInt32BE(i * count, AT.baseSequence)
      updateCrc(batch, 0)
    }
    log.appendAsLeader(batch, { leaderEpoch: 0, origin: 'client' })
  }
  const seconds = (performance.now() - started) / 1000
  return { mbPerSecond: (appends * batch.length) / 1e6 / seconds, perSecond: appends / seconds }
}

function readRate(log: UnifiedLog, maxBytes: number): number {
  const started = performance.now()
  let bytes = 0
  for (let offset = 0; offset < log.logEndOffset; ) {
    const data = log.read(offset, maxBytes, 'log-end', true)
    bytes += data.records.length
    offset = nextOffset(data.records)
    data.release()
  }
  return bytes / 1e6 / ((performance.now() - started) / 1000)
}

function nextOffset(records: Buffer): number {
  let last = 0
  for (let at = 0; at < records.length; at += records.readInt32BE(at + AT.batchLength) + 12) last = at
  return Number(records.readBigInt64BE(last)) + records.readInt32BE(last + AT.lastOffsetDelta) + 1
}

function randomReads(log: UnifiedLog): number {
  const random = seededRandom(3)
  const reads = 20_000
  const started = performance.now()
  for (let i = 0; i < reads; i++) {
    log.read(Math.floor(random.next() * log.logEndOffset), 1, 'log-end', true).release()
  }
  return ((performance.now() - started) / reads) * 1000
}

const print = (label: string, value: string): void => void process.stdout.write(`${label.padEnd(58)} ${value}\n`)

function benchShape(root: string, shape: Shape): void {
  for (const idempotent of [false, true]) {
    const suffix = `${shape.label}${idempotent ? ', idempotent' : ''}`
    for (const [name, files] of [
      ['to disk', nodeFileSystem],
      ['without the disk', discarding],
    ] as const) {
      const directory = path.join(root, `bench-${Math.random().toString(36).slice(2)}`)
      const log = open(files, directory)
      appendRate(log, { ...shape, batchBytes: Math.min(shape.batchBytes, 4096) }, false)
      const { mbPerSecond, perSecond } = appendRate(log, shape, idempotent)
      print(`append ${name}: ${suffix}`, `${mbPerSecond.toFixed(0)} MB/s, ${perSecond.toFixed(0)} batches/s`)
      if (files === nodeFileSystem && !idempotent) benchReads(log, directory, shape)
      log.abandon()
      fs.rmSync(directory, { recursive: true })
    }
  }
}

function benchReads(log: UnifiedLog, directory: string, shape: Shape): void {
  print(`read 1 MiB at a time: ${shape.label}`, `${readRate(log, 2 ** 20).toFixed(0)} MB/s (first)`)
  print(`read 1 MiB at a time: ${shape.label}`, `${readRate(log, 2 ** 20).toFixed(0)} MB/s (again)`)
  print(`read at a random offset: ${shape.label}`, `${randomReads(log).toFixed(1)} us`)
  log.close()
  const started = performance.now()
  const again = open(nodeFileSystem, directory, true)
  print(`open after a clean shutdown: ${shape.label}`, `${(performance.now() - started).toFixed(2)} ms`)
  again.abandon()
  const recovering = performance.now()
  const recovered = open(nodeFileSystem, directory, false)
  print(
    `recover: ${shape.label}`,
    `${(recovered.size / 1e6 / ((performance.now() - recovering) / 1000)).toFixed(0)} MB/s`,
  )
  recovered.abandon()
}

const root = process.argv[2] ?? fs.mkdtempSync(path.join(os.tmpdir(), 'kt-bench-log-'))
fs.mkdirSync(root, { recursive: true })
for (const shape of SHAPES) benchShape(root, shape)
if (process.argv[2] === undefined) fs.rmSync(root, { recursive: true })
