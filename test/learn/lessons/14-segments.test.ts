import { describe, expect, it } from 'vitest'
import type { RecordFact } from '../../../src/learn/facts/records.ts'
import { batchSizes, segmentBases } from '../../../src/learn/lessons/14-segments/index.ts'

/** Records of batches, each `[base offset, timestamps of its records]`. */
function recordsOf(...batches: [baseOffset: number, timestamps: number[]][]): RecordFact[] {
  return batches.flatMap(([baseOffset, timestamps]) =>
    timestamps.map((timestamp, at) => ({
      ...{ partition: 0, offset: baseOffset + at, timestamp, key: null, value: 'order' },
      batch: { baseOffset, leaderEpoch: 0 },
    })),
  )
}

describe('batches and segments', () => {
  it('counts the records of each batch', () => {
    expect([...batchSizes(recordsOf([0, [5, 6]], [2, [7]]))]).toEqual([
      [0, 2],
      [2, 1],
    ])
    expect(batchSizes([]).size).toBe(0)
  })

  it('begins a segment with a batch that is too new for the one before, and not earlier', () => {
    expect(segmentBases([], 1000)).toEqual([])
    expect(segmentBases(recordsOf([0, [0]], [1, [1000]]), 1000)).toEqual([0])
    expect(segmentBases(recordsOf([0, [0]], [1, [1001]]), 1000)).toEqual([0, 1])
  })

  it('measures from the first batch of the segment, and from the newest record of a batch', () => {
    expect(segmentBases(recordsOf([0, [0]], [1, [900]], [2, [1800]], [3, [2700]]), 1000)).toEqual([0, 2])
    expect(segmentBases(recordsOf([0, [0, 500]], [2, [1400]], [3, [1400, 1600]]), 1000)).toEqual([0, 3])
  })
})
