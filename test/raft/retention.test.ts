import { describe, expect, it } from 'vitest'
import { expiredSnapshots, type StoredSnapshot } from '../../src/raft/retention.ts'

const snapshot = (endOffset: number, sizeInBytes: number, writtenMs: number): StoredSnapshot => ({
  id: { endOffset, epoch: 1 },
  sizeInBytes,
  writtenMs,
})
const stored = [snapshot(10, 100, 0), snapshot(20, 100, 1_000), snapshot(30, 100, 2_000)]
const offsets = (logSize: number, nowMs: number, retentionBytes: number, retentionMs: number): number[] =>
  expiredSnapshots(stored, logSize, nowMs, { retentionBytes, retentionMs }).map(({ endOffset }) => endOffset)

describe('snapshots that may go', () => {
  it('none without limits', () => {
    expect(offsets(10_000, 10 ** 12, -1, -1)).toEqual([])
  })
  it('the oldest while there is too much', () => {
    expect(offsets(50, 0, 350, -1)).toEqual([])
    expect(offsets(50, 0, 349, -1)).toEqual([10])
    expect(offsets(50, 0, 249, -1)).toEqual([10, 20])
  })
  it('the old ones', () => {
    expect(offsets(0, 2_500, -1, 2_000)).toEqual([10])
    expect(offsets(0, 9_000, -1, 2_000)).toEqual([10, 20])
  })
  it('never the newest', () => {
    expect(offsets(10 ** 9, 10 ** 12, 0, 0)).toEqual([10, 20])
    expect(expiredSnapshots([], 10, 0, { retentionBytes: 0, retentionMs: 0 })).toEqual([])
  })
})
