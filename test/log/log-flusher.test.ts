/** Flushes that run while the log goes on: what counts as flushed, and when. */
import { basename, join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { type FileSystem, nodeFileSystem } from '../../src/base/file-system.ts'
import type { UnifiedLog } from '../../src/log/log.ts'
import { KafkaError } from '../../src/protocol/error-codes.ts'
import { failingFileSystem } from '../support/failing-file-system.ts'
import {
  CLIENT,
  fillBatch,
  openTestLog,
  START_MS,
  scratchDirectory,
  type TestEnvironment,
  testEnvironment,
} from './support.ts'

/** Background syncs wait until the test lets them finish. */
let waiting: ((error: Error | null) => void)[]
let env: TestEnvironment
let log: UnifiedLog

beforeEach(() => {
  waiting = []
  const files: FileSystem = { ...nodeFileSystem, fsyncLater: (_fd, done) => void waiting.push(done) }
  env = testEnvironment({ files })
  log = openTestLog({ env, directory: join(scratchDirectory(), 'orders-0') })
})

function finishAll(error: Error | null = null): void {
  while (waiting.length > 0) waiting.shift()!(error)
}

function appendAndRoll(): void {
  log.appendAsLeader(fillBatch(10), CLIENT)
  log.roll()
}

describe('LogFlusher', () => {
  it('moves the recovery point only when every file has reached the disk', () => {
    appendAndRoll()
    expect(log.recoveryPoint).toBe(0)
    waiting.shift()!(null)
    waiting.shift()!(null)
    expect(log.recoveryPoint).toBe(0)
    waiting.shift()!(null)
    expect([log.recoveryPoint, waiting.length]).toEqual([10, 0])
  })

  it('catches up with segments that were rolled meanwhile', () => {
    appendAndRoll()
    appendAndRoll()
    appendAndRoll()
    expect(waiting).toHaveLength(1)
    finishAll()
    expect(log.recoveryPoint).toBe(30)
  })

  it('does not count a flush that a truncation overtook', () => {
    appendAndRoll()
    log.truncateTo(5)
    finishAll()
    expect(log.recoveryPoint).toBe(0)
    appendAndRoll()
    finishAll()
    expect(log.recoveryPoint).toBe(log.logEndOffset)
  })

  it('flushes segments that are deleted meanwhile as well as it can', () => {
    appendAndRoll()
    appendAndRoll()
    log.updateHighWatermark(20)
    log.deleteRecordsBefore(20)
    finishAll()
    expect([log.recoveryPoint, log.failed]).toEqual([20, false])
  })

  it('fails the log when the disk refuses', () => {
    appendAndRoll()
    finishAll(new Error('EIO'))
    expect(log.failed).toBe(true)
    expect(env.failures).toHaveLength(1)
    expect(() => log.appendAsLeader(fillBatch(), CLIENT)).toThrow(KafkaError)
  })

  it('is forgotten when the log closes, which flushes for itself', () => {
    appendAndRoll()
    log.appendAsLeader(fillBatch(), CLIENT)
    log.close()
    expect(log.recoveryPoint).toBe(11)
    finishAll(new Error('too late'))
    expect(log.failed).toBe(false)
  })

  it('syncs no more than recovery needs while the log is open, and everything when it closes', () => {
    const files = failingFileSystem()
    const directory = join(scratchDirectory(), 'orders-0')
    const other = openTestLog({ env: testEnvironment({ files }), directory, config: { indexIntervalBytes: 10 } })
    const names = () => files.synced.splice(0).map((path) => basename(path))
    for (let i = 0; i < 3; i++) other.appendAsLeader(fillBatch(2, 10, START_MS + i), CLIENT)
    other.flush()
    expect(names()).toEqual(['00000000000000000000.log', 'leader-epoch-checkpoint'])
    other.appendAsLeader(fillBatch(), CLIENT)
    other.flush()
    expect(names()).toEqual(['00000000000000000000.log'])
    other.close()
    expect(names()).toEqual([
      '00000000000000000007.snapshot',
      '00000000000000000000.index',
      '00000000000000000000.timeindex',
    ])
  })

  it('flushes everything on demand, once', () => {
    log.appendAsLeader(fillBatch(3), CLIENT)
    env.clock.advance(500)
    log.flush()
    expect([log.recoveryPoint, log.lastFlushMs]).toEqual([3, env.clock.nowMs])
    env.clock.advance(500)
    log.flush()
    expect(log.lastFlushMs).toBe(env.clock.nowMs - 500)
  })
})
