import * as fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { nodeFileSystem } from '../../src/base/file-system.ts'
import { CorruptFileError } from '../../src/log/errors.ts'
import { TimeIndex } from '../../src/log/time-index.ts'
import { scratchDirectory } from './support.ts'

const BASE = 1000

function newIndex(maxBytes = 1024): TimeIndex {
  const index = new TimeIndex(
    nodeFileSystem,
    join(scratchDirectory(), '00000000000000001000.timeindex'),
    BASE,
    maxBytes,
  )
  index.create()
  return index
}

const reopen = (index: TimeIndex): TimeIndex => new TimeIndex(nodeFileSystem, index.file.path, BASE, 1024)

describe('TimeIndex', () => {
  it('writes timestamp and relative offset, big-endian', () => {
    const index = newIndex()
    index.maybeAppend(1_700_000_000_123, 1007)
    index.file.write()
    expect(fs.readFileSync(index.file.path).toString('hex')).toBe('0000018bcfe5687b00000007')
  })

  it('takes only timestamps above the last one', () => {
    const index = newIndex()
    expect(index.lastEntry).toEqual({ timestamp: -1, offset: BASE })
    index.maybeAppend(-1, 1001)
    index.maybeAppend(50, 1002)
    index.maybeAppend(50, 1003)
    index.maybeAppend(40, 1004)
    index.maybeAppend(60, 1005)
    expect(index.length).toBe(2)
    expect(index.lastEntry).toEqual({ timestamp: 60, offset: 1005 })
  })

  it('refuses offsets that go back', () => {
    const index = newIndex()
    index.maybeAppend(50, 1010)
    expect(() => index.maybeAppend(60, 1009)).toThrow('below')
  })

  it('finds the last entry that is not later', () => {
    const index = newIndex()
    for (const [timestamp, offset] of [
      [100, 1010],
      [200, 1020],
      [300, 1030],
    ] as const) {
      index.maybeAppend(timestamp, offset)
    }
    const check = (of: TimeIndex): void => {
      expect([0, 99, 100, 150, 300, 999].map((timestamp) => of.lookup(timestamp).offset)).toEqual([
        1000, 1000, 1010, 1010, 1030, 1030,
      ])
    }
    check(index)
    index.file.freeze()
    check(index)
    check(reopen(index))
  })

  it.each([
    [1009, 0],
    [1010, 0],
    [1011, 1],
    [1030, 2],
    [1031, 3],
  ])('keeps what lies below offset %i', (offset, kept) => {
    const index = newIndex()
    for (const at of [1010, 1020, 1030]) index.maybeAppend(at, at)
    index.truncateTo(offset)
    expect(index.length).toBe(kept)
    index.file.write()
    expect(reopen(index).lastEntry.timestamp).toBe(kept === 0 ? -1 : 1000 + kept * 10)
  })

  it('keeps a slot free for the entry of the roll', () => {
    const index = newIndex(24)
    expect(index.full).toBe(false)
    index.maybeAppend(1, 1001)
    expect(index.full).toBe(true)
    index.maybeAppend(2, 1002)
    expect(index.length).toBe(2)
  })

  it('knows what cannot be an index', () => {
    const index = newIndex()
    index.maybeAppend(100, 1010)
    index.maybeAppend(200, 1020)
    index.file.write()
    reopen(index).sanityCheck()
    const bytes = fs.readFileSync(index.file.path)
    bytes.writeBigInt64BE(50n, 12)
    fs.writeFileSync(index.file.path, bytes)
    expect(() => reopen(index).sanityCheck()).toThrow(CorruptFileError)
    fs.writeFileSync(index.file.path, bytes.subarray(0, 13))
    expect(() => reopen(index).sanityCheck()).toThrow('not a multiple of 12')
  })
})
