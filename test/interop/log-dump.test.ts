/**
 * The referee on our files: Apache's kafka-dump-log reads every file of a log `kt` wrote, closed in order or not,
 * without complaint. And the other way round: our loader opens what a live Apache broker has on disk.
 */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nodeFileSystem } from '../../src/base/file-system.ts'
import { readBatches } from '../../src/log/dump/index.ts'
import type { UnifiedLog } from '../../src/log/log.ts'
import { LogManager } from '../../src/log/log-manager.ts'
import type { BatchOptions } from '../../src/protocol/records/batch-builder.ts'
import { loadAllCodecs, loadedCodec } from '../../src/protocol/records/compression.ts'
import { encodeEndTxnMarker } from '../../src/protocol/records/control-record.ts'
import { encodeBatch } from '../../src/protocol/records/record.ts'
import {
  CLIENT,
  COORDINATOR,
  openTestLog,
  START_MS,
  scratchDirectory,
  TEST_CONFIG,
  testEnvironment,
} from '../log/support.ts'
import { type ApacheKafka, apacheKafkaHome, runScript, startApacheKafka } from '../support/apache-kafka.ts'

const home = await apacheKafkaHome()
/** More than a segment holds. */
const ROUNDS = 60
const SEGMENT_BYTES = 64 * 1024

function records(count: number, timestamp: number) {
  return Array.from({ length: count }, (_, index) => ({
    timestamp: timestamp + index,
    key: Buffer.from(`key-${index}`),
    value: Buffer.from(`value-${index}-${'x'.repeat(80)}`),
    headers: index % 3 === 0 ? [{ key: 'trace', value: Buffer.from('abc') }] : [],
  }))
}

/** Everything a partition can hold: all codecs, idempotent and transactional producers, both kinds of marker. */
function fill(log: UnifiedLog): void {
  let sequence = 0
  for (let round = 0; round < ROUNDS; round++) {
    const timestamp = START_MS + round * 1000
    const append = (options: BatchOptions): void =>
      void log.appendAsLeader(encodeBatch(records(10, timestamp), options), CLIENT)
    for (const id of [0, 1, 2, 3, 4]) append({ codec: loadedCodec(id) })
    append({ producerId: 1n, producerEpoch: 0, baseSequence: sequence })
    append({ producerId: 2n, producerEpoch: 3, baseSequence: sequence, transactional: true })
    append({ producerId: 3n, producerEpoch: 1, baseSequence: sequence, transactional: true, codec: loadedCodec(4) })
    sequence += 10
    const marker = { coordinatorEpoch: 5, timestamp }
    const commit = encodeEndTxnMarker({ ...marker, commit: true, producerId: 2n, producerEpoch: 3 })
    const abort = encodeEndTxnMarker({ ...marker, commit: false, producerId: 3n, producerEpoch: 1 })
    log.appendAsLeader(commit, COORDINATOR)
    log.appendAsLeader(abort, COORDINATOR)
    if (round === ROUNDS / 2) log.setLeaderEpochStart(1, log.logEndOffset)
  }
}

async function dump(files: readonly string[], ...flags: string[]): Promise<string> {
  const result = await runScript(home!, 'kafka-dump-log', ['--files', files.join(','), ...flags])
  // It takes the first offset of any file but the first one for a gap, Apache's own files included.
  const complaints = result.stderr.replace(/^Non-consecutive offsets in .*\n {2}-1 is followed by .*\n/gm, '')
  expect(complaints.replace(/^.*WARN.*$/gm, '').trim()).toBe('')
  expect(result.code).toBe(0)
  return result.stdout
}

const filesOf = (directory: string, ...suffixes: string[]): string[] =>
  fs
    .readdirSync(directory)
    .filter((name) => suffixes.some((suffix) => name.endsWith(suffix)))
    .sort()
    .map((name) => path.join(directory, name))

async function expectNoComplaint(directory: string, endOffset: number): Promise<void> {
  const logs = filesOf(directory, '.log')
  expect(logs.length).toBeGreaterThan(3)
  const data = await dump(logs, '--deep-iteration', '--print-data-log')
  expect(data).not.toMatch(/isvalid: false|Found|Exception|invalid/)
  const offsets = [...data.matchAll(/^\| offset: (\d+) /gm)].map((match) => Number(match[1]))
  expect(offsets).toEqual(Array.from({ length: endOffset }, (_, index) => index))

  const indexes = filesOf(directory, '.index', '.timeindex')
  const sane = await dump(indexes, '--index-sanity-check')
  // The active segment of a killed node may have no entry yet.
  const verdicts = new Set(sane.split('\n'))
  const fine = (file: string) => verdicts.has(`${file} passed sanity check.`) || verdicts.has(`${file} is empty.`)
  expect(indexes.filter((file) => !fine(file))).toEqual([])
  const verified = await dump(indexes, '--verify-index-only')
  expect(verified).not.toMatch(/Mismatches|not found|out of order|Found/)

  const rest = await dump(filesOf(directory, '.txnindex', '.snapshot'))
  expect(rest).toMatch(/version: 0 producerId: 3 firstOffset: \d+ lastOffset: \d+ lastStableOffset: \d+/)
  expect(rest).toMatch(/producerId: 1 producerEpoch: 0 coordinatorEpoch: -1 currentTxnFirstOffset: /)
  expect(rest).not.toMatch(/Exception|corrupt/i)
}

describe.skipIf(home === null)('kafka-dump-log on our files', () => {
  beforeAll(() => loadAllCodecs())

  it('reads a log that was closed in order', async () => {
    const directory = path.join(scratchDirectory(), 'orders-0')
    const log = openTestLog({ env: testEnvironment(), directory, config: { segmentBytes: SEGMENT_BYTES } })
    fill(log)
    log.close()
    await expectNoComplaint(directory, log.logEndOffset)
  })

  it('reads a log whose node was killed, before and after recovery', async () => {
    const directory = path.join(scratchDirectory(), 'orders-0')
    const config = { segmentBytes: SEGMENT_BYTES }
    const log = openTestLog({ env: testEnvironment(), directory, config })
    fill(log)
    log.abandon()
    await expectNoComplaint(directory, log.logEndOffset)
    const recovered = openTestLog({ env: testEnvironment(), directory, config })
    expect(recovered.logEndOffset).toBe(log.logEndOffset)
    recovered.close()
    await expectNoComplaint(directory, log.logEndOffset)
  })
})

describe.skipIf(home === null)('our loader on the files of a live Apache broker', () => {
  let apache: ApacheKafka

  beforeAll(async () => {
    apache = await startApacheKafka(home!, { 'log.segment.bytes': '1048576', 'offsets.topic.num.partitions': '1' })
    const produce = (codec: string) =>
      runScript(home!, 'kafka-producer-perf-test', [
        ...['--topic', 'b-orders', '--num-records', '20000', '--record-size', '200', '--throughput', '-1'],
        ...['--bootstrap-server', apache.bootstrapServers, '--command-property', `compression.type=${codec}`],
      ])
    for (const codec of ['none', 'zstd']) expect((await produce(codec)).stderr).not.toMatch(/ERROR/)
  })
  afterAll(() => apache?.stop())

  it('opens a copy taken while it runs, cuts nothing whole, reads everything', async () => {
    const directory = path.join(scratchDirectory(), 'data')
    fs.cpSync(apache.dataDirectory, directory, { recursive: true })
    fs.rmSync(path.join(directory, '.lock'))
    const manager = await LogManager.open({ directory, configFor: () => ({ ...TEST_CONFIG, segmentBytes: 2 ** 20 }) })
    await loadAllCodecs()
    const log = manager.get('b-orders', 0)!
    expect(log.logEndOffset).toBe(40_000)
    expect(log.segmentCount).toBeGreaterThan(3)
    expect(log.topicId).not.toBeNull()
    expect(log.activeProducers().map((producer) => producer.lastSequence)).toEqual([19_999, 19_999])
    let records = 0
    for (let offset = 0; offset < log.logEndOffset; ) {
      const { records: bytes, release } = log.read(offset, 2 ** 20, 'log-end', true)
      for (let at = 0; at < bytes.length; at += bytes.readInt32BE(at + 8) + 12) {
        records += bytes.readInt32BE(at + 57)
        offset = Number(bytes.readBigInt64BE(at)) + bytes.readInt32BE(at + 23) + 1
      }
      release()
    }
    expect(records).toBe(40_000)
    expect(log.maxTimestampOffset()!.offset).toBeGreaterThan(20_000)
    manager.close()
    const files = filesOf(path.join(directory, 'b-orders-0'), '.log')
    for (const file of files) expect([...readBatches(nodeFileSystem, file)].every(({ valid }) => valid)).toBe(true)
  })
})
