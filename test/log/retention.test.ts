import * as fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  type RetentionState,
  segmentsBelowLogStart,
  segmentsExpired,
  segmentsOverSize,
} from '../../src/log/retention.ts'
import { LogSegment } from '../../src/log/segment.ts'
import { SegmentList } from '../../src/log/segment-list.ts'
import type { LogConfig } from '../../src/log/types.ts'
import { readBatchHeader, setBaseOffset } from '../../src/protocol/records/record-batch.ts'
import { fillBatch, START_MS, scratchDirectory, TEST_CONFIG, testEnvironment } from './support.ts'

const SIZE = fillBatch(1, 100).length

/** One record per segment, `ages` in seconds before now; a last age of null makes the active segment empty. */
function stateOf(
  ages: readonly (number | null)[],
  rest: Partial<Omit<RetentionState, 'config'>> & { readonly config?: Partial<LogConfig> } = {},
) {
  const { files, openFiles } = testEnvironment()
  const directory = scratchDirectory()
  const segments = new SegmentList()
  for (const [baseOffset, age] of ages.entries()) {
    const options = { files, openFiles, directory, baseOffset, config: TEST_CONFIG, rollJitterMs: 0, nowMs: START_MS }
    const segment = LogSegment.create(options)
    if (age !== null) {
      const batch = fillBatch(1, 100, START_MS - age * 1000)
      setBaseOffset(batch, 0, baseOffset)
      segment.append(batch, [readBatchHeader(batch)])
    }
    segments.add(segment)
  }
  const logEndOffset = ages.filter((age) => age !== null).length
  return {
    segments,
    highWatermark: logEndOffset,
    logStartOffset: 0,
    logEndOffset,
    nowMs: START_MS,
    ...rest,
    config: { ...TEST_CONFIG, ...rest.config },
  } satisfies RetentionState
}

const bases = (segments: readonly LogSegment[]): number[] => segments.map(({ baseOffset }) => baseOffset)

describe('segmentsExpired', () => {
  const config = { retentionMs: 10_000 }

  it('takes leading segments older than retention.ms', () => {
    expect(bases(segmentsExpired(stateOf([30, 20, 10, 5], { config })))).toEqual([0, 1])
  })

  it('stops at the first young one, however old those after it are', () => {
    expect(bases(segmentsExpired(stateOf([30, 5, 30, 30], { config })))).toEqual([0])
  })

  it('takes the active segment, but not an empty one', () => {
    expect(bases(segmentsExpired(stateOf([30, 20], { config })))).toEqual([0, 1])
    expect(bases(segmentsExpired(stateOf([30, null], { config })))).toEqual([0])
    expect(bases(segmentsExpired(stateOf([null], { config })))).toEqual([])
  })

  it('takes nothing at or above the high watermark', () => {
    expect(bases(segmentsExpired(stateOf([30, 30, 30], { config, highWatermark: 1 })))).toEqual([0])
    expect(bases(segmentsExpired(stateOf([30, 30, 30], { config, highWatermark: 2 })))).toEqual([0, 1])
  })

  it('keeps records from the future, and everything without a limit', () => {
    expect(bases(segmentsExpired(stateOf([-30, 30], { config })))).toEqual([])
    expect(bases(segmentsExpired(stateOf([30, 30])))).toEqual([])
    expect(bases(segmentsExpired(stateOf([30, 30], { config: { retentionMs: 0 } })))).toEqual([0, 1])
  })

  it('goes by the file where records have no time', () => {
    const state = stateOf([(START_MS + 1) / 1000, 5], { config })
    expect(state.segments.first.largestTimestamp).toBeGreaterThan(START_MS)
    const old = (START_MS - 60_000) / 1000
    fs.utimesSync(state.segments.first.log.path, old, old)
    expect(bases(segmentsExpired(state))).toEqual([0])
  })
})

describe('segmentsOverSize', () => {
  it.each([
    [4 * SIZE, []],
    [4 * SIZE + 1, []],
    [3 * SIZE + 1, []],
    [3 * SIZE, [0]],
    [2 * SIZE, [0, 1]],
    [2 * SIZE - 1, [0, 1]],
    [0, [0, 1, 2, 3]],
    [-1, []],
  ])('leaves at least retention.bytes of %i', (retentionBytes, expected) => {
    expect(bases(segmentsOverSize(stateOf([4, 3, 2, 1], { config: { retentionBytes } })))).toEqual(expected)
  })
})

describe('segmentsBelowLogStart', () => {
  it.each([
    [0, []],
    [1, [0]],
    [2, [0, 1]],
    [3, [0, 1]],
  ])('takes segments wholly below %i, never the active one', (logStartOffset, expected) => {
    expect(bases(segmentsBelowLogStart(stateOf([3, 2, 1], { logStartOffset })))).toEqual(expected)
  })
})
