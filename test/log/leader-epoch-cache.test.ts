import * as fs from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { nodeFileSystem } from '../../src/base/file-system.ts'
import { CorruptFileError } from '../../src/log/errors.ts'
import { LeaderEpochCache } from '../../src/log/leader-epoch-cache.ts'
import { scratchDirectory } from './support.ts'

let directory: string
let cache: LeaderEpochCache

beforeEach(() => {
  directory = scratchDirectory()
  cache = new LeaderEpochCache(nodeFileSystem, directory)
})

const text = (): string => fs.readFileSync(join(directory, 'leader-epoch-checkpoint'), 'utf8')
const entries = (of = cache) => of.all.map(({ epoch, startOffset }) => [epoch, startOffset])

function assign(...pairs: [number, number][]): void {
  for (const [epoch, startOffset] of pairs) cache.assign(epoch, startOffset)
}

describe('LeaderEpochCache', () => {
  it('is written at every change, and read again', () => {
    assign([0, 0], [2, 10], [5, 30])
    expect(text()).toBe('0\n3\n0 0\n2 10\n5 30\n')
    const again = new LeaderEpochCache(nodeFileSystem, directory)
    again.load()
    expect(entries(again)).toEqual([
      [0, 0],
      [2, 10],
      [5, 30],
    ])
  })

  it('keeps the first offset of an epoch', () => {
    assign([1, 10], [1, 20])
    expect(entries()).toEqual([[1, 10]])
    assign([1, 5])
    expect(entries()).toEqual([[1, 5]])
  })

  it('drops entries that a new one contradicts', () => {
    assign([1, 10], [2, 20], [3, 30])
    assign([2, 15])
    expect(entries()).toEqual([
      [1, 10],
      [2, 15],
    ])
    assign([4, 5])
    expect(entries()).toEqual([[4, 5]])
  })

  it('refuses negative epochs and offsets', () => {
    expect(() => cache.assign(-1, 0)).toThrow('leader epoch')
    expect(() => cache.assign(0, -1)).toThrow('leader epoch')
  })

  it.each([
    [2, 2, 11],
    [3, 3, 15],
    [4, 3, 15],
    [5, 5, 40],
    [1, 1, 7],
    [6, -1, -1],
    [-1, -1, -1],
  ])('knows where epoch %i ends', (asked, leaderEpoch, endOffset) => {
    assign([2, 7], [3, 11], [5, 15])
    expect(cache.endOffsetFor(asked, 40)).toEqual({ leaderEpoch, endOffset })
  })

  it('knows nothing when empty', () => {
    expect(cache.endOffsetFor(0, 10)).toEqual({ leaderEpoch: -1, endOffset: -1 })
    expect([cache.latest, cache.earliest, cache.epochForOffset(3)]).toEqual([null, null, null])
  })

  it('knows the epoch of an offset', () => {
    assign([2, 7], [3, 11])
    expect([6, 7, 10, 11, 99].map((offset) => cache.epochForOffset(offset))).toEqual([null, 2, 2, 3, 3])
  })

  it('forgets what a truncation of the end cut off', () => {
    assign([2, 7], [3, 11], [5, 15])
    cache.truncateFromEnd(16)
    expect(entries()).toHaveLength(3)
    cache.truncateFromEnd(11)
    expect(entries()).toEqual([[2, 7]])
    expect(text()).toBe('0\n1\n2 7\n')
  })

  it('moves the spanning epoch when the start goes', () => {
    assign([2, 7], [3, 11], [5, 15])
    cache.truncateFromStart(6)
    expect(entries()).toHaveLength(3)
    cache.truncateFromStart(12)
    expect(entries()).toEqual([
      [3, 12],
      [5, 15],
    ])
    cache.truncateFromStart(99)
    expect(entries()).toEqual([[5, 99]])
    cache.clear()
    expect(text()).toBe('0\n0\n')
  })

  it.each(['0\n1\nx y\n', '0\n3\n0 0\n', ''])('says so when the checkpoint is broken: %j', (broken) => {
    fs.writeFileSync(join(directory, 'leader-epoch-checkpoint'), broken)
    expect(() => cache.load()).toThrow(CorruptFileError)
  })
})
