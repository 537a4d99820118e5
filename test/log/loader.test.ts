import { spawn } from 'node:child_process'
import * as fs from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { nodeFileSystem } from '../../src/base/file-system.ts'
import { segmentPath } from '../../src/log/file-names.ts'
import type { UnifiedLog } from '../../src/log/log.ts'
import type { LogConfig } from '../../src/log/types.ts'
import { decodeRecords } from '../../src/protocol/records/record.ts'
import { AT, batchSizeAt } from '../../src/protocol/records/record-batch.ts'
import { type FailingFileSystem, failingFileSystem, type Operation } from '../support/failing-file-system.ts'
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
  syncFileSystem,
  type TestEnvironment,
  testEnvironment,
} from './support.ts'

let env: TestEnvironment
let directory: string

beforeEach(() => {
  env = testEnvironment()
  directory = join(scratchDirectory(), 'orders-0')
})

const CONFIG: Partial<LogConfig> = { segmentBytes: 2000, indexIntervalBytes: 200 }

function filled(batches = 30): UnifiedLog {
  const log = openTestLog({ env, directory, config: CONFIG })
  for (let i = 0; i < batches; i++) log.appendAsLeader(fillBatch(2, 100, START_MS + i), CLIENT)
  return log
}

const reopen = (options: { cleanShutdown?: boolean; recoveryPoint?: number; logStartOffset?: number } = {}) =>
  openTestLog({ env, directory, config: CONFIG, ...options })

function offsets(log: UnifiedLog): number[] {
  const found: number[] = []
  for (let offset = log.logStartOffset; offset < log.logEndOffset; ) {
    const data = log.read(offset, 100_000, 'log-end', true)
    for (const { base, last } of baseOffsetsIn(data.records)) {
      found.push(base)
      offset = last + 1
    }
    data.release()
  }
  return found
}

const even = (count: number): number[] => Array.from({ length: count }, (_, i) => i * 2)
const logged = (): string => env.lines.join('')
const listing = (): string[] => fs.readdirSync(directory).sort()

describe('after a kill', () => {
  it('finds every batch that was whole and cuts the torn one, at any byte of it', () => {
    const log = openTestLog({ env, directory })
    for (let i = 0; i < 4; i++) log.appendAsLeader(fillBatch(2, 20), CLIENT)
    log.abandon()
    const whole = fs.readFileSync(segmentPath(directory, 0, '.log'))
    const last = fillBatch(2, 20).length
    for (let cut = 0; cut <= last; cut++) {
      fs.writeFileSync(segmentPath(directory, 0, '.log'), whole.subarray(0, whole.length - cut))
      env = testEnvironment()
      const again = openTestLog({ env, directory })
      expect(again.logEndOffset).toBe(cut === 0 ? 8 : 6)
      expect(offsets(again)).toEqual(even(cut === 0 ? 4 : 3))
      expect(again.appendAsLeader(fillBatch(), CLIENT).firstOffset).toBe(again.logEndOffset - 1)
      again.abandon()
      const removed = last - cut
      if (cut > 0 && removed > 0)
        expect(logged()).toContain(`removed ${removed} bytes at position ${whole.length - last}`)
    }
  })

  it('cuts where a byte of the last batch changed, whichever it is', () => {
    const log = openTestLog({ env, directory })
    for (let i = 0; i < 2; i++) log.appendAsLeader(fillBatch(1, 20), CLIENT)
    log.abandon()
    const whole = fs.readFileSync(segmentPath(directory, 0, '.log'))
    const start = fillBatch(1, 20).length
    for (let at = start; at < whole.length; at++) {
      // Base offset and leader epoch lie outside of the checksum.
      if (at - start < AT.batchLength || (at - start >= AT.partitionLeaderEpoch && at - start < AT.magic)) continue
      const bad = Buffer.from(whole)
      bad.writeUInt8(bad.readUInt8(at) ^ 0x20, at)
      fs.writeFileSync(segmentPath(directory, 0, '.log'), bad)
      expect(reopen().logEndOffset).toBe(1)
    }
  })

  it('says what it removed and why', () => {
    filled(4).abandon()
    const path = segmentPath(directory, 0, '.log')
    const bytes = fs.readFileSync(path)
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1)
    fs.writeFileSync(path, bytes)
    reopen()
    expect(logged()).toMatch(
      /WARN \[orders-0\] Corruption found in segment 0, truncating to offset 6: removed \d+ bytes at position \d+, the checksum of the batch at offset 6 is wrong/,
    )
  })

  it('cuts zeros, as a power failure leaves them', () => {
    filled(4).abandon()
    fs.appendFileSync(segmentPath(directory, 0, '.log'), Buffer.alloc(500))
    expect(offsets(reopen())).toEqual(even(4))
    expect(logged()).toContain('removed 500 bytes')
  })

  it('drops the segments after a corruption', () => {
    const log = filled()
    log.abandon()
    const [, second, third] = log.segmentBaseOffsets
    const path = segmentPath(directory, second!, '.log')
    const bytes = fs.readFileSync(path)
    fs.writeFileSync(path, bytes.subarray(0, bytes.length - 3))
    const again = reopen()
    expect(again.logEndOffset).toBeLessThan(third!)
    expect(again.segmentBaseOffsets).toEqual([0, second])
    expect(listing().filter((name) => name.startsWith(String(third).padStart(20, '0')))).toEqual([])
    expect(offsets(again)).toEqual(even(again.logEndOffset / 2))
  })

  it('drops the segments behind a gap, as a power failure can leave one that cuts whole batches', () => {
    for (const left of ['the first batch', 'nothing']) {
      fs.rmSync(directory, { recursive: true, force: true })
      const log = filled()
      log.abandon()
      const [, second, third] = log.segmentBaseOffsets
      const path = segmentPath(directory, second!, '.log')
      const bytes = fs.readFileSync(path)
      fs.writeFileSync(path, bytes.subarray(0, left === 'nothing' ? 0 : batchSizeAt(bytes, 0)))
      const again = reopen()
      expect(again.segmentBaseOffsets).toEqual([0, second])
      expect(again.logEndOffset).toBe(left === 'nothing' ? second : second! + 2)
      expect(offsets(again)).toEqual(even(again.logEndOffset / 2))
      expect(logged()).toContain(`Deleting segments ${third}`)
      expect(again.appendAsLeader(fillBatch(), CLIENT).firstOffset).toBe(again.logEndOffset - 1)
      expect(listing().filter((name) => name.startsWith(String(third).padStart(20, '0')))).toEqual([])
      again.abandon()
    }
  })

  it('drops the segments behind one whose file is gone, flushed or not', () => {
    const log = filled()
    log.abandon()
    const [, second, third] = log.segmentBaseOffsets
    fs.rmSync(segmentPath(directory, second!, '.log'))
    const again = reopen({ recoveryPoint: second! })
    expect(again.segmentBaseOffsets).toEqual([0])
    expect(again.logEndOffset).toBe(second)
    expect(logged()).toContain(`Deleting segments ${third}`)
  })

  it('keeps the gaps of a compacted log, and those below the recovery point', () => {
    const log = filled()
    log.abandon()
    const all = log.segmentBaseOffsets
    const path = segmentPath(directory, all[1]!, '.log')
    const bytes = fs.readFileSync(path)
    fs.writeFileSync(path, bytes.subarray(0, batchSizeAt(bytes, 0)))
    const compacted = openTestLog({ env, directory, config: { ...CONFIG, cleanupCompact: true } })
    expect(compacted.segmentBaseOffsets).toEqual(all)
    expect(compacted.logEndOffset).toBe(60)
    compacted.abandon()
    expect(reopen({ recoveryPoint: all[2]! }).segmentBaseOffsets).toEqual(all)
  })

  it('looks only at segments from the recovery point on', () => {
    const log = filled()
    log.abandon()
    const { recoveryPoint } = log
    expect(recoveryPoint).toBe(log.segmentBaseOffsets.at(-1))
    const reads = new Set<string>()
    const paths = new Map<number, string>()
    env = testEnvironment({
      files: {
        ...syncFileSystem,
        open(path, flags) {
          const fd = nodeFileSystem.open(path, flags)
          paths.set(fd, path)
          return fd
        },
        read(fd, ...rest) {
          reads.add(paths.get(fd)!)
          return nodeFileSystem.read(fd, ...rest)
        },
      },
    })
    expect(reopen({ recoveryPoint }).logEndOffset).toBe(60)
    expect(Array.from(reads).filter((path) => path.endsWith('.log'))).toEqual([
      segmentPath(directory, recoveryPoint, '.log'),
    ])
  })

  it('rebuilds the indexes of what it recovers', () => {
    const log = filled()
    log.writeIndexes()
    const before = fs.readFileSync(segmentPath(directory, 0, '.index'))
    log.abandon()
    for (const base of log.segmentBaseOffsets) fs.writeFileSync(segmentPath(directory, base, '.index'), 'garbage!')
    reopen().close()
    expect(fs.readFileSync(segmentPath(directory, 0, '.index'))).toEqual(before)
  })

  it('rebuilds leader epochs and aborted transactions from the batches', () => {
    const log = openTestLog({ env, directory })
    const transactional = batchOf({ producerId: 4n, producerEpoch: 0, baseSequence: 0, transactional: true })
    log.appendAsLeader(transactional, { leaderEpoch: 3, origin: 'client' })
    log.appendAsLeader(markerOf({ producerId: 4n, producerEpoch: 0, commit: false }), COORDINATOR)
    log.appendAsLeader(batchOf(), { leaderEpoch: 5, origin: 'client' })
    log.updateHighWatermark(3)
    const { abortedTransactions } = log.read(0, 1e6, 'committed', true)
    log.abandon()
    fs.rmSync(join(directory, 'leader-epoch-checkpoint'))
    fs.rmSync(segmentPath(directory, 0, '.txnindex'))
    const again = reopen()
    again.updateHighWatermark(3)
    expect(again.latestEpoch).toBe(5)
    expect(again.read(0, 1e6, 'committed', true).abortedTransactions).toEqual(abortedTransactions)
  })

  it('takes the epochs from the batches when the checkpoint is broken, even after a clean end', () => {
    const log = filled(4)
    log.close()
    fs.writeFileSync(join(directory, 'leader-epoch-checkpoint'), '')
    const again = reopen({ cleanShutdown: true, recoveryPoint: 8 })
    expect([again.latestEpoch, again.logEndOffset]).toEqual([0, 8])
    expect(logged()).toContain('leader epochs are taken from the batches')
  })

  it('opens a log whose batches contradict each other', () => {
    const log = openTestLog({ env, directory })
    const producer = { producerId: 4n, producerEpoch: 0 }
    log.appendAsLeader(batchOf({ ...producer, baseSequence: 0, transactional: true }), CLIENT)
    log.abandon()
    // Neither a plain record inside a transaction nor a marker without a key could be appended.
    const plain = batchOf({ ...producer, baseSequence: 1, baseOffset: 1 })
    const marker = batchOf({ ...producer, baseOffset: 2, control: true, transactional: true })
    fs.appendFileSync(segmentPath(directory, 0, '.log'), Buffer.concat([plain, marker]))
    const again = reopen()
    expect(offsets(again)).toEqual([0, 1, 2])
    again.updateHighWatermark(3)
    expect(again.lastStableOffset).toBe(0)
  })

  it('recovers twice to the same', () => {
    filled().abandon()
    const first = reopen()
    const before = listing().map((name) => [name, fs.readFileSync(join(directory, name)).toString('base64')])
    first.abandon()
    reopen().abandon()
    expect(listing().map((name) => [name, fs.readFileSync(join(directory, name)).toString('base64')])).toEqual(before)
  })
})

describe('after a clean end', () => {
  it('opens without scanning: a header scan of the tail is all', () => {
    const log = filled(200)
    log.close()
    let bytes = 0
    env = testEnvironment({
      files: {
        ...syncFileSystem,
        read(fd, target, offset, length, position) {
          const read = nodeFileSystem.read(fd, target, offset, length, position)
          bytes += read
          return read
        },
      },
    })
    const again = reopen({ cleanShutdown: true })
    expect(again.logEndOffset).toBe(400)
    expect(bytes).toBeLessThan(log.segmentCount * 50 + 2 * 16_384)
  })

  it('leaves the directory as a closed Kafka log', () => {
    filled(4).close()
    expect(listing()).toEqual([
      '00000000000000000000.index',
      '00000000000000000000.log',
      '00000000000000000000.timeindex',
      '00000000000000000008.snapshot',
      'leader-epoch-checkpoint',
    ])
    expect(fs.statSync(segmentPath(directory, 0, '.index')).size % 8).toBe(0)
  })

  it.each([
    ['.index', 'missing'],
    ['.timeindex', 'missing'],
    ['.index', 'torn'],
    ['.timeindex', 'torn'],
    ['.index', 'pointing past the end'],
  ])('rebuilds an %s that is %s', (suffix, how) => {
    const log = filled()
    log.close()
    const path = segmentPath(directory, 0, suffix)
    const before = fs.readFileSync(path)
    if (how === 'missing') fs.rmSync(path)
    if (how === 'torn') fs.writeFileSync(path, before.subarray(0, before.length - 3))
    if (how.startsWith('pointing')) {
      const bad = Buffer.from(before)
      bad.writeInt32BE(1 << 30, bad.length - 4)
      fs.writeFileSync(path, bad)
    }
    const again = reopen({ cleanShutdown: true })
    expect(logged()).toContain('rebuilding its index files')
    expect(fs.readFileSync(path)).toEqual(before)
    expect(offsets(again)).toEqual(even(30))
    expect(again.offsetForTimestamp(START_MS + 3)).toMatchObject({ offset: 6 })
  })

  it('removes an index without its log file', () => {
    filled(4).close()
    fs.writeFileSync(segmentPath(directory, 77, '.index'), '')
    reopen({ cleanShutdown: true })
    expect(listing().some((name) => name.includes('77'))).toBe(false)
  })
})

describe('leftovers', () => {
  it('removes what was marked for deletion and what was never finished', () => {
    filled(4).close()
    for (const name of ['00000000000000000000.log.deleted', '00000000000000000000.log.cleaned', 'x.tmp']) {
      fs.writeFileSync(join(directory, name), 'x')
    }
    fs.writeFileSync(join(directory, '00000000000000000099-0000000001.checkpoint.deleted'), 'x')
    reopen({ cleanShutdown: true })
    expect(listing().filter((name) => /deleted|cleaned|tmp/.test(name))).toEqual([
      '00000000000000000099-0000000001.checkpoint.deleted',
    ])
  })

  it('finishes an interrupted swap: the new segment replaces those it covers', () => {
    const log = filled()
    log.close()
    const [first, second, third] = log.segmentBaseOffsets as [number, number, number]
    const merged = Buffer.concat([first, second].map((base) => fs.readFileSync(segmentPath(directory, base, '.log'))))
    fs.writeFileSync(segmentPath(directory, first, '.log.swap'), merged)
    fs.writeFileSync(segmentPath(directory, first, '.index.swap'), '')
    fs.writeFileSync(segmentPath(directory, first, '.timeindex.swap'), '')
    const again = reopen({ cleanShutdown: true })
    expect(again.segmentBaseOffsets.slice(0, 2)).toEqual([first, third])
    expect(offsets(again)).toEqual(even(30))
    expect(listing().some((name) => name.endsWith('.swap'))).toBe(false)
  })

  it('throws a swap away that belongs to an unfinished split', () => {
    const log = filled()
    log.close()
    const second = log.segmentBaseOffsets[1]!
    fs.writeFileSync(segmentPath(directory, 0, '.log.cleaned'), 'half')
    fs.writeFileSync(segmentPath(directory, second, '.log.swap'), 'half')
    expect(offsets(reopen({ cleanShutdown: true }))).toEqual(even(30))
  })

  it('starts anew when the segments lie wholly below the log start', () => {
    filled(4).close()
    const again = reopen({ cleanShutdown: true, logStartOffset: 100 })
    expect([again.logStartOffset, again.logEndOffset, again.size]).toEqual([100, 100, 0])
    expect(logged()).toContain('below the log start offset 100')
    expect(again.appendAsLeader(fillBatch(), CLIENT).firstOffset).toBe(100)
  })

  it('uses a snapshot that a kill left behind only up to its offset', () => {
    const log = filled(4)
    log.appendAsLeader(batchOf({ producerId: 8n, producerEpoch: 0, baseSequence: 0 }), CLIENT)
    log.close()
    const path = segmentPath(directory, 0, '.log')
    const bytes = fs.readFileSync(path)
    fs.writeFileSync(path, bytes.subarray(0, bytes.length - 1))
    const again = reopen()
    expect([again.logEndOffset, again.activeProducers()]).toEqual([8, []])
    expect(listing()).not.toContain('00000000000000000009.snapshot')
  })
})

describe('any single failure', () => {
  const OPERATIONS: readonly Operation[] = ['write', 'writeFile', 'rename', 'truncate', 'fsync', 'open', 'read']

  /** What was acknowledged before the disk began to fail, by value. */
  function work(files: FailingFileSystem, acknowledged: number[], state = { recoveryPoint: 0 }): void {
    const log = openTestLog({ env: testEnvironment({ files }), directory, config: CONFIG })
    for (let i = 0; i < 40; i++) {
      const value = Buffer.alloc(100, 'x')
      value.writeInt32BE(i)
      const producer = { producerId: 3n, producerEpoch: 0, baseSequence: i }
      log.appendAsLeader(batchOf({ ...producer, records: [{ value, timestamp: START_MS + i }] }), CLIENT)
      acknowledged.push(i)
      state.recoveryPoint = log.recoveryPoint
      if (i === 20) log.flush()
    }
    log.close()
  }

  it.each(OPERATIONS)(
    'of %s loses nothing that was acknowledged',
    (operation) => {
      const whole = failingFileSystem()
      work(whole, [])
      const total = whole.count(operation)
      for (let nth = 1; nth <= total; nth++) {
        directory = join(scratchDirectory(), 'orders-0')
        const files = failingFileSystem()
        files.fail({ operation, nth, partialBytes: 30, sticky: nth % 2 === 0 })
        const acknowledged: number[] = []
        const state = { recoveryPoint: 0 }
        try {
          work(files, acknowledged, state)
        } catch {
          // The node goes on without this log, then ends.
        }
        env = testEnvironment()
        const log = reopen(state)
        const stored = offsets(log)
        expect(stored.slice(0, acknowledged.length), `${operation} ${nth}`).toEqual(acknowledged)
        // At most the append that failed may be there, too.
        expect(stored.length - acknowledged.length).toBeLessThanOrEqual(1)
        const next = { producerId: 3n, producerEpoch: 0, baseSequence: stored.length }
        expect(log.appendAsLeader(batchOf(next), CLIENT)).toMatchObject({
          duplicate: false,
          firstOffset: stored.length,
        })
        log.close()
      }
    },
    SLOW_MS,
  )
})

describe('kill -9', () => {
  /** Starts a writer, kills it after so many acknowledgements; returns the last offset it acknowledged. */
  function writeAndKill(acknowledgements: number): Promise<number> {
    const script = join(import.meta.dirname, 'kill-writer.ts')
    const child = spawn(process.execPath, ['--import', 'tsx', script, directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      if (output.split('\n').length > acknowledgements) child.kill('SIGKILL')
    })
    return new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', () => resolve(Number(output.slice(0, output.lastIndexOf('\n')).split('\n').at(-1))))
    })
  }

  it.each([1, 700])(
    'after %i appends or more: every acknowledged record is there, once, in order',
    async (count) => {
      const last = await writeAndKill(count)
      expect(last).toBeGreaterThanOrEqual(count - 1)
      const log = reopen()
      expect(log.logEndOffset).toBeGreaterThan(last)
      expect(offsets(log)).toEqual(Array.from({ length: log.logEndOffset }, (_, i) => i))
      const data = log.read(last, 1, 'log-end', true)
      expect(decodeRecords(data.records)[0]!.value!.toString()).toMatch(new RegExp(`^record ${last} x+$`))
      expect(log.activeProducers()[0]).toMatchObject({ lastSequence: log.logEndOffset - 1 })
      log.close()
    },
    SLOW_MS,
  )
})
