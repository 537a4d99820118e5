import * as fs from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { KtError } from '../../src/base/errors.ts'
import type { FileSystem } from '../../src/base/file-system.ts'
import { lineLogger } from '../../src/base/logger.ts'
import { seededRandom } from '../../src/base/random.ts'
import { LogManager, type LogManagerOptions } from '../../src/log/log-manager.ts'
import type { LogConfig } from '../../src/log/types.ts'
import { KafkaError } from '../../src/protocol/error-codes.ts'
import { failingFileSystem } from '../support/failing-file-system.ts'
import {
  batchOf,
  CLIENT,
  fillBatch,
  START_MS,
  scratchDirectory,
  syncFileSystem,
  TEST_CONFIG,
  TestClock,
} from './support.ts'

const TOPIC_ID = 'c0ffee00QbC1oBz6vHmLtg'
const OTHER_ID = 'deadbeefQbC1oBz6vHmLtg'

let directory: string
let clock: TestClock
let lines: string[]
let failures: unknown[]

beforeEach(() => {
  directory = join(scratchDirectory(), 'data')
  clock = new TestClock()
  lines = []
  failures = []
})

interface Options extends Partial<LogManagerOptions> {
  readonly config?: Partial<LogConfig>
}

function open({ config, files = syncFileSystem, ...rest }: Options = {}): Promise<LogManager> {
  return LogManager.open({
    directory,
    configFor: () => ({ ...TEST_CONFIG, ...config }),
    files,
    clock,
    random: seededRandom(1),
    logger: lineLogger((line) => void lines.push(line), 'DEBUG'),
    onFailure: (_, error) => void failures.push(error),
    ...rest,
  })
}

const file = (name: string): string => fs.readFileSync(join(directory, name), 'utf8')
const create = (manager: LogManager, topic = 'orders', partition = 0, config: Partial<LogConfig> = {}) =>
  manager.getOrCreate(topic, partition, TOPIC_ID, { ...TEST_CONFIG, ...config })

describe('LogManager', () => {
  it('makes a log once, with its topic id, and finds it again', async () => {
    const manager = await open()
    expect(manager.get('orders', 0)).toBeNull()
    const log = create(manager)
    expect(create(manager)).toBe(log)
    expect(manager.get('orders', 0)).toBe(log)
    expect(file('orders-0/partition.metadata')).toBe(`version: 0\ntopic_id: ${TOPIC_ID}`)
    expect(Array.from(manager.logs())).toEqual([log])
    manager.close()
    const again = await open()
    expect(again.get('orders', 0)).toMatchObject({ topicId: TOPIC_ID, topic: 'orders', partition: 0 })
    again.close()
  })

  it('refuses the directory of another topic with the same name', async () => {
    const manager = await open()
    create(manager)
    const attempt = () => manager.getOrCreate('orders', 0, OTHER_ID, TEST_CONFIG)
    expect(attempt).toThrow(KafkaError)
    expect(attempt).toThrow(/already contained topic ID/)
    manager.close()
  })

  it('writes the topic id again where it was lost', async () => {
    const manager = await open()
    create(manager)
    manager.close()
    fs.writeFileSync(join(directory, 'orders-0/partition.metadata'), '')
    const again = await open()
    expect(again.get('orders', 0)!.topicId).toBeNull()
    expect(create(again).topicId).toBe(TOPIC_ID)
    expect(file('orders-0/partition.metadata')).toContain(TOPIC_ID)
    again.close()
  })

  it('brings everything back after a clean end: offsets, watermark, start, no recovery', async () => {
    const manager = await open()
    const log = create(manager)
    for (let i = 0; i < 10; i++) log.appendAsLeader(fillBatch(2), CLIENT)
    log.updateHighWatermark(14)
    log.deleteRecordsBefore(5)
    manager.close(1234)
    expect(file('recovery-point-offset-checkpoint')).toBe('0\n1\norders 0 20\n')
    expect(file('replication-offset-checkpoint')).toBe('0\n1\norders 0 14\n')
    expect(file('log-start-offset-checkpoint')).toBe('0\n1\norders 0 5\n')
    expect(file('.kafka_cleanshutdown')).toBe('{"version":0,"brokerEpoch":1234}')

    lines = []
    const again = await open()
    expect(again.hadCleanShutdown).toBe(true)
    expect(again.previousBrokerEpoch).toBe(1234)
    expect(fs.existsSync(join(directory, '.kafka_cleanshutdown'))).toBe(false)
    const reopened = again.get('orders', 0)!
    expect([reopened.logStartOffset, reopened.highWatermark, reopened.logEndOffset]).toEqual([5, 14, 20])
    expect(lines.join('')).not.toContain('Recovering')
    again.close()
  })

  it('recovers after a kill', async () => {
    const manager = await open()
    const log = create(manager)
    for (let i = 0; i < 10; i++) log.appendAsLeader(fillBatch(2), CLIENT)
    manager.checkpointHighWatermarks()
    releaseLock()
    fs.appendFileSync(join(directory, 'orders-0/00000000000000000000.log'), 'torn')
    const again = await open()
    expect(again.hadCleanShutdown).toBe(false)
    expect(again.get('orders', 0)!.logEndOffset).toBe(20)
    expect(lines.join('')).toMatch(/removed 4 bytes/)
    again.close()
  })

  it('takes back at once what checkpoints say of a log that was cut', async () => {
    const manager = await open()
    const log = create(manager)
    for (let i = 0; i < 10; i++) log.appendAsLeader(fillBatch(2), CLIENT)
    log.updateHighWatermark(16)
    log.flush()
    manager.checkpointRecoveryPoints()
    manager.checkpointHighWatermarks()
    log.truncateTo(18)
    expect(file('recovery-point-offset-checkpoint')).toBe('0\n1\norders 0 18\n')
    expect(file('replication-offset-checkpoint')).toBe('0\n1\norders 0 16\n')
    log.truncateTo(8)
    expect(file('recovery-point-offset-checkpoint')).toBe('0\n1\norders 0 8\n')
    expect(file('replication-offset-checkpoint')).toBe('0\n1\norders 0 8\n')
    manager.close()
  })

  it('moves a stray aside, where nobody opens or deletes it', async () => {
    const manager = await open()
    create(manager).appendAsLeader(fillBatch(2), CLIENT)
    expect(manager.moveAside('orders', 0)).toBe(true)
    expect(manager.moveAside('orders', 0)).toBe(false)
    clock.advance(600_000)
    manager.close()
    const again = await open()
    expect(again.get('orders', 0)).toBeNull()
    const left = fs.readdirSync(directory).filter((name) => name.startsWith('orders'))
    expect(left).toEqual([expect.stringMatching(/^orders-0\.[0-9a-f]{32}-stray$/)])
    again.close()
  })

  it('starts without checkpoints that make no sense', async () => {
    const manager = await open()
    create(manager).appendAsLeader(batchOf(), CLIENT)
    manager.close()
    for (const name of ['recovery-point', 'replication', 'log-start']) {
      fs.writeFileSync(join(directory, `${name}-offset-checkpoint`), 'what?')
    }
    const again = await open()
    expect(again.get('orders', 0)!.logEndOffset).toBe(1)
    expect(lines.filter((line) => line.includes('starting without'))).toHaveLength(3)
    again.close()
  })

  it('leaves the metadata log to its owner, clean or not', async () => {
    const manager = await open()
    const metadata = manager.getOrCreate('__cluster_metadata', 0, 'AAAAAAAAAAAAAAAAAAAAAQ', TEST_CONFIG)
    metadata.appendAsLeader(batchOf(), { leaderEpoch: 1, origin: 'raft-leader' })
    manager.close()
    lines = []
    const again = await open()
    expect(again.get('__cluster_metadata', 0)).toBeNull()
    const reopened = again.getOrCreate('__cluster_metadata', 0, 'AAAAAAAAAAAAAAAAAAAAAQ', TEST_CONFIG)
    expect(reopened.logEndOffset).toBe(1)
    expect(lines.join('')).not.toContain('Recovering')
    again.close()
  })

  it('ignores what is no partition', async () => {
    fs.mkdirSync(join(directory, 'lost+found'), { recursive: true })
    fs.writeFileSync(join(directory, 'orders-0'), 'a file, not a directory')
    fs.mkdirSync(join(directory, `orders-1.${'a'.repeat(32)}-stray`))
    const manager = await open()
    expect(Array.from(manager.logs())).toEqual([])
    manager.close()
  })
})

/** Forgets that this process holds the directory, as the kernel would for a dead one. */
function releaseLock(): void {
  fs.writeFileSync(join(directory, '.lock'), '')
}

describe('deleting', () => {
  it('renames at once, deletes after file.delete.delay.ms', async () => {
    const manager = await open()
    const log = create(manager)
    log.appendAsLeader(batchOf(), CLIENT)
    expect(manager.remove('orders', 0)).toBe(true)
    expect(manager.remove('orders', 0)).toBe(false)
    expect(manager.get('orders', 0)).toBeNull()
    const renamed = () => fs.readdirSync(directory).filter((name) => /^orders-0\.[0-9a-f]{32}-delete$/.test(name))
    expect(renamed()).toHaveLength(1)
    expect(() => log.appendAsLeader(batchOf(), CLIENT)).toThrow(/closed/)
    clock.advance(59_999)
    expect(renamed()).toHaveLength(1)
    clock.advance(1)
    expect(renamed()).toEqual([])
    manager.close()
  })

  it('lets a topic of the same name be made again, empty', async () => {
    const manager = await open()
    create(manager).appendAsLeader(batchOf(), CLIENT)
    manager.remove('orders', 0)
    const log = manager.getOrCreate('orders', 0, OTHER_ID, TEST_CONFIG)
    expect([log.logEndOffset, log.topicId]).toEqual([0, OTHER_ID])
    manager.close()
  })

  it('does not carry old offsets over to a topic made again', async () => {
    const manager = await open()
    const log = create(manager)
    for (let i = 0; i < 5; i++) log.appendAsLeader(batchOf(), CLIENT)
    log.updateHighWatermark(5)
    log.deleteRecordsBefore(5)
    manager.close()
    const again = await open()
    again.remove('orders', 0)
    expect(again.getOrCreate('orders', 0, OTHER_ID, TEST_CONFIG)).toMatchObject({ logStartOffset: 0, logEndOffset: 0 })
    again.close()
  })

  it('finishes at the next start what a kill interrupted', async () => {
    const manager = await open()
    create(manager).appendAsLeader(batchOf(), CLIENT)
    manager.remove('orders', 0)
    releaseLock()
    const again = await open()
    clock.advance(1)
    expect(fs.readdirSync(directory).filter((name) => name.startsWith('orders'))).toEqual([])
    again.close()
  })

  it('removes what waits when it closes', async () => {
    const manager = await open()
    create(manager)
    manager.remove('orders', 0)
    manager.close()
    expect(fs.readdirSync(directory).filter((name) => name.startsWith('orders'))).toEqual([])
  })
})

describe('the lock', () => {
  it('keeps a second manager out, and names the holder', async () => {
    const manager = await open()
    const error = await open().catch((thrown) => thrown)
    expect(error).toBeInstanceOf(KtError)
    expect(error).toMatchObject({ kind: 'conflict', message: `Failed to acquire lock on file .lock in ${directory}.` })
    expect(error.facts.join()).toContain(String(process.pid))
    manager.close()
    ;(await open()).close()
  })

  it('is released when loading fails', async () => {
    const manager = await open()
    create(manager)
    manager.close()
    const files: FileSystem = {
      ...syncFileSystem,
      list(path) {
        if (path.endsWith('orders-0')) throw new Error('unreadable')
        return syncFileSystem.list(path)
      },
    }
    await expect(open({ files })).rejects.toThrow('unreadable')
    ;(await open()).close()
  })
})

describe('maintenance', () => {
  it('applies retention every five minutes', async () => {
    const manager = await open()
    const log = create(manager, 'orders', 0, { retentionMs: 1000 })
    log.appendAsLeader(fillBatch(1, 10, START_MS), CLIENT)
    log.updateHighWatermark(1)
    clock.advance(30_000)
    expect(log.logStartOffset).toBe(1)
    log.appendAsLeader(fillBatch(1, 10, START_MS), CLIENT)
    log.updateHighWatermark(2)
    clock.advance(299_000)
    expect(log.logStartOffset).toBe(1)
    clock.advance(1000)
    expect(log.logStartOffset).toBe(2)
    manager.close()
  })

  it('writes checkpoints at their times, and none while nothing changes', async () => {
    const files = failingFileSystem()
    const manager = await open({ files })
    const log = create(manager)
    log.appendAsLeader(fillBatch(3), CLIENT)
    log.updateHighWatermark(2)
    clock.advance(5000)
    expect(file('replication-offset-checkpoint')).toBe('0\n1\norders 0 2\n')
    clock.advance(120_000)
    expect(file('recovery-point-offset-checkpoint')).toBe('0\n1\norders 0 0\n')
    const renames = files.count('rename')
    clock.advance(600_000)
    expect(files.count('rename')).toBe(renames)
    manager.close()
  })

  it('brings index files up to date for onlookers', async () => {
    const manager = await open()
    const log = create(manager, 'orders', 0, { indexIntervalBytes: 10 })
    for (let i = 0; i < 5; i++) log.appendAsLeader(fillBatch(), CLIENT)
    const index = join(directory, 'orders-0/00000000000000000000.index')
    expect(fs.statSync(index).size).toBe(0)
    clock.advance(5000)
    expect(fs.statSync(index).size).toBe(4 * 8)
    manager.close()
  })

  it('flushes logs when flush.ms has passed', async () => {
    const manager = await open({ intervals: { flushSchedulerIntervalMs: 1000 } })
    const log = create(manager, 'orders', 0, { flushMs: 3000 })
    log.appendAsLeader(fillBatch(3), CLIENT)
    clock.advance(2999)
    expect(log.recoveryPoint).toBe(0)
    clock.advance(1001)
    expect(log.recoveryPoint).toBe(3)
    manager.close()
  })

  it('forgets idle producers', async () => {
    const manager = await open({ producerIdExpirationMs: 60_000 })
    const log = create(manager)
    log.appendAsLeader(batchOf({ producerId: 1n, producerEpoch: 0, baseSequence: 0 }), CLIENT)
    clock.advance(700_000)
    expect(log.activeProducers()).toEqual([])
    manager.close()
  })

  it('goes through many logs, one failing or not', async () => {
    const files = failingFileSystem()
    const manager = await open({ files })
    for (let partition = 0; partition < 40; partition++) {
      const log = create(manager, 'orders', partition, { retentionMs: 1, fileDeleteDelayMs: 1 })
      log.appendAsLeader(fillBatch(1, 10, START_MS), CLIENT)
      log.updateHighWatermark(1)
    }
    files.fail({ operation: 'rename', path: /orders-7\/.*\.log$/ })
    clock.advance(40_000)
    const logs = Array.from(manager.logs())
    expect(logs.filter((log) => log.failed).map((log) => log.partition)).toEqual([7])
    expect(logs.every((log) => log.failed || log.logStartOffset === 1)).toBe(true)
    expect(failures).toHaveLength(1)
    manager.close()
  })
})

describe('a failed log', () => {
  it('keeps the directory from being called clean, and is recovered', async () => {
    const files = failingFileSystem()
    const manager = await open({ files })
    const log = create(manager)
    const other = create(manager, 'other')
    log.appendAsLeader(fillBatch(2), CLIENT)
    other.appendAsLeader(fillBatch(3), CLIENT)
    files.fail({ operation: 'write', path: /orders-0.*\.log$/, code: 'ENOSPC', partialBytes: 10 })
    expect(() => log.appendAsLeader(fillBatch(), CLIENT)).toThrow(KafkaError)
    expect(failures).toHaveLength(1)
    expect(other.appendAsLeader(fillBatch(), CLIENT).firstOffset).toBe(3)
    manager.close()
    expect(fs.existsSync(join(directory, '.kafka_cleanshutdown'))).toBe(false)
    const again = await open()
    expect(again.get('orders', 0)!.logEndOffset).toBe(2)
    expect(again.get('other', 0)!.logEndOffset).toBe(4)
    again.close()
  })

  it('answers a log that cannot be made with a storage error', async () => {
    const files = failingFileSystem()
    const manager = await open({ files })
    files.fail({ operation: 'writeFile', code: 'ENOSPC', sticky: true })
    expect(() => create(manager)).toThrow(/ENOSPC/)
    files.heal()
    expect(create(manager).logEndOffset).toBe(0)
    manager.close()
  })
})
