import * as fs from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { segmentPath } from '../../src/log/file-names.ts'
import { LogSegment, type SegmentOptions } from '../../src/log/segment.ts'
import type { LogConfig } from '../../src/log/types.ts'
import { readBatchHeader, setBaseOffset } from '../../src/protocol/records/record-batch.ts'
import { fillBatch, START_MS, scratchDirectory, TEST_CONFIG, testEnvironment } from './support.ts'

const BASE = 100
let options: SegmentOptions

beforeEach(() => {
  options = optionsWith({})
})

function optionsWith(config: Partial<LogConfig>): SegmentOptions {
  const { files, openFiles } = testEnvironment()
  const settings = { ...TEST_CONFIG, indexIntervalBytes: 300, ...config }
  const rest = { directory: scratchDirectory(), baseOffset: BASE, rollJitterMs: 0, nowMs: START_MS }
  return { files, openFiles, config: settings, ...rest }
}

function append(segment: LogSegment, baseOffset: number, count = 1, ms = 0): void {
  const batch = fillBatch(count, 100, START_MS + ms)
  setBaseOffset(batch, 0, baseOffset)
  segment.append(batch, [readBatchHeader(batch)])
}

function filled(batches = 10): LogSegment {
  const segment = LogSegment.create(options)
  for (let i = 0; i < batches; i++) append(segment, BASE + i * 2, 2, i)
  return segment
}

describe('LogSegment', () => {
  it('makes its files, replacing those in the way', () => {
    for (const suffix of ['.log', '.index', '.timeindex', '.txnindex']) {
      fs.writeFileSync(segmentPath(options.directory, BASE, suffix), 'old')
    }
    const segment = LogSegment.create(options)
    expect(fs.readdirSync(options.directory).map((name) => name.slice(20))).toEqual(['.index', '.log', '.timeindex'])
    expect([segment.size, segment.readNextOffset()]).toEqual([0, BASE])
  })

  it('is the same when opened again', () => {
    const segment = filled()
    segment.close()
    const again = LogSegment.open(options)
    expect([again.size, again.readNextOffset()]).toEqual([segment.size, BASE + 20])
    expect(again.maxTimestampSoFar).toEqual({ timestamp: START_MS + 9, offset: BASE + 19 })
    expect(again.largestTimestamp).toBe(START_MS + 9)
  })

  it('indexes one batch per interval, with the largest timestamp so far', () => {
    const segment = LogSegment.create(options)
    for (const [i, ms] of [5, 9, 7, 8, 20, 1, 2].entries()) append(segment, BASE + i, 1, ms)
    const size = segment.size / 7
    const positions = [0, 1, 2, 3, 4, 5, 6].map((i) => segment.offsetIndex.lookup(BASE + i) / size)
    expect(positions).toEqual([0, 0, 2, 2, 4, 4, 6])
    // 9 came with the second batch, 20 with the fifth; the seventh brought nothing later.
    expect([8, 9, 19, 20].map((ms) => segment.timeIndex.lookup(START_MS + ms).offset - BASE)).toEqual([0, 1, 1, 4])
  })

  it('locates the batch of every offset', () => {
    const segment = filled()
    const size = segment.size / 10
    for (let offset = BASE; offset < BASE + 20; offset++) {
      expect(segment.locate(offset)).toMatchObject({ position: Math.floor((offset - BASE) / 2) * size })
    }
    expect(segment.locate(BASE + 20)).toBeNull()
    expect(segment.locate(0)).toMatchObject({ position: 0 })
    expect(segment.locate(BASE + 5, 2 * size)).toMatchObject({ position: 2 * size })
  })

  it('locates the next batch where offsets have a gap', () => {
    const segment = LogSegment.create(options)
    append(segment, BASE)
    append(segment, BASE + 50)
    expect(segment.locate(BASE + 20)).toMatchObject({ baseOffset: BASE + 50 })
    expect(segment.readNextOffset()).toBe(BASE + 51)
  })

  it.each([0, 1, 2, 9, 10, 19, 20])('truncates to its offset %i', (relative) => {
    const segment = filled()
    const size = segment.size / 10
    const removed = segment.truncateTo(BASE + relative, START_MS)
    const kept = Math.floor(relative / 2)
    expect([segment.size, removed]).toEqual([kept * size, (10 - kept) * size])
    expect(segment.maxTimestampSoFar.timestamp).toBe(kept === 0 ? -1 : START_MS + kept - 1)
    expect(segment.readNextOffset()).toBe(BASE + kept * 2)
    append(segment, BASE + 40, 1, 100)
    segment.close()
    expect(LogSegment.open(options).maxTimestampSoFar.timestamp).toBe(START_MS + 100)
  })

  it('waits for its roll by record time, then by its own age', () => {
    const segment = LogSegment.create(options)
    expect(segment.waitedForRollMs(START_MS + 70, START_MS + 5)).toBe(70)
    append(segment, BASE, 1, 10)
    expect(segment.waitedForRollMs(START_MS + 70, START_MS + 15)).toBe(5)
    segment.close()
    expect(LogSegment.open(options).waitedForRollMs(START_MS + 70, START_MS + 17)).toBe(7)
    segment.truncateTo(0, START_MS + 60)
    expect(segment.waitedForRollMs(START_MS + 70, START_MS)).toBe(10)
  })

  it('rolls earlier by its jitter', () => {
    const segment = LogSegment.create({ ...options, rollJitterMs: 400 })
    append(segment, BASE)
    const config = { ...TEST_CONFIG, segmentMs: 1000 }
    const question = { config, nowMs: START_MS, batchesBytes: 1, lastOffset: BASE + 1 }
    expect(segment.shouldRoll({ ...question, maxTimestamp: START_MS + 600 })).toBe(false)
    expect(segment.shouldRoll({ ...question, maxTimestamp: START_MS + 601 })).toBe(true)
  })

  it('holds 2^31 offsets from its base', () => {
    const segment = LogSegment.create(options)
    expect(segment.holdsOffset(BASE + 2 ** 31 - 1)).toBe(true)
    expect(segment.holdsOffset(BASE + 2 ** 31)).toBe(false)
    expect(segment.holdsOffset(BASE - 1)).toBe(false)
  })

  it('renames all its files at once, and follows its directory', () => {
    const segment = filled()
    segment.transactionIndex.append({ producerId: 1n, firstOffset: 1, lastOffset: 2, lastStableOffset: 3 })
    segment.writeIndexes()
    const paths = segment.changeSuffix('', '.deleted')
    expect(paths.every((path) => path.endsWith('.deleted') && fs.existsSync(path))).toBe(true)
    segment.changeSuffix('.deleted', '')
    const moved = `${options.directory}-moved`
    segment.abandon()
    fs.renameSync(options.directory, moved)
    segment.moveTo(moved)
    expect(segment.locate(BASE + 3)).toMatchObject({ baseOffset: BASE + 2 })
    expect(segment.transactionIndex.all()).toHaveLength(1)
    segment.abandon()
    fs.rmSync(moved, { recursive: true })
  })

  it('names the files that have to be durable', () => {
    const segment = filled()
    const suffixes = (): string[] => segment.durableFiles().map((path) => path.slice(path.lastIndexOf('.')))
    expect(suffixes()).toEqual(['.log', '.index', '.timeindex'])
    segment.transactionIndex.append({ producerId: 1n, firstOffset: 1, lastOffset: 2, lastStableOffset: 3 })
    expect(suffixes()).toEqual(['.log', '.index', '.timeindex', '.txnindex'])
  })

  it('stores nothing of a batch whose write fails', () => {
    const segment = filled(2)
    const { size } = segment
    const batch = fillBatch()
    setBaseOffset(batch, 0, BASE + 4)
    const { write } = options.files
    options.files.write = () => {
      throw new Error('disk full')
    }
    expect(() => segment.append(batch, [readBatchHeader(batch)])).toThrow('disk full')
    options.files.write = write
    expect([segment.size, segment.readNextOffset()]).toEqual([size, BASE + 4])
  })
})
