import { describe, expect, it } from 'vitest'
import { LogSegment } from '../../src/log/segment.ts'
import { SegmentList } from '../../src/log/segment-list.ts'
import { START_MS, scratchDirectory, TEST_CONFIG, testEnvironment } from './support.ts'

function listOf(...bases: number[]): SegmentList {
  const { files, openFiles } = testEnvironment()
  const directory = scratchDirectory()
  const list = new SegmentList()
  for (const baseOffset of bases) {
    const rest = { config: TEST_CONFIG, rollJitterMs: 0, nowMs: START_MS }
    list.add(LogSegment.create({ files, openFiles, directory, baseOffset, ...rest }))
  }
  return list
}

describe('SegmentList', () => {
  it('keeps its order however segments are added', () => {
    const list = listOf(20, 0, 10)
    expect(list.baseOffsets).toEqual([0, 10, 20])
    expect([list.first.baseOffset, list.active.baseOffset, list.length]).toEqual([0, 20, 3])
  })

  it.each([
    [-1, undefined],
    [0, 0],
    [9, 0],
    [10, 10],
    [19, 10],
    [20, 20],
    [999, 20],
  ])('finds the segment for %i', (offset, base) => {
    expect(listOf(0, 10, 20).floor(offset)?.baseOffset).toBe(base)
  })

  it('knows neighbours', () => {
    const list = listOf(0, 10, 20)
    expect(list.higher(0)?.baseOffset).toBe(10)
    expect(list.higher(20)).toBeNull()
    expect(list.lower(20)?.baseOffset).toBe(10)
    expect(list.lower(0)).toBeNull()
    expect([list.has(10), list.has(11)]).toEqual([true, false])
  })

  it('gives the segments that may hold a range', () => {
    const list = listOf(5, 10, 20)
    const bases = (from: number, to: number) => list.range(from, to).map((segment) => segment.baseOffset)
    expect(bases(0, 100)).toEqual([5, 10, 20])
    expect(bases(12, 20)).toEqual([10])
    expect(bases(12, 21)).toEqual([10, 20])
    expect(bases(30, 40)).toEqual([20])
  })

  it('replaces a segment of the same base and removes by identity', () => {
    const list = listOf(0, 10)
    const other = listOf(10).active
    const replaced = list.active
    list.add(other)
    expect(list.length).toBe(2)
    list.remove(replaced)
    expect(list.active).toBe(other)
    list.remove(other)
    expect(list.baseOffsets).toEqual([0])
  })

  it('is never asked for an active segment while empty', () => {
    expect(() => new SegmentList().active).toThrow('at least one segment')
  })
})
