import * as fs from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nodeFileSystem } from '../../src/base/file-system.ts'
import { CorruptFileError } from '../../src/log/errors.ts'
import { OffsetIndex } from '../../src/log/offset-index.ts'
import { scratchDirectory } from './support.ts'

const BASE = 1000

function newIndex(maxBytes = 1024, path = join(scratchDirectory(), '00000000000000001000.index')): OffsetIndex {
  const index = new OffsetIndex(nodeFileSystem, path, BASE, maxBytes)
  index.create()
  return index
}

const reopen = (index: OffsetIndex): OffsetIndex => new OffsetIndex(nodeFileSystem, index.file.path, BASE, 1024)

describe('OffsetIndex', () => {
  it('writes relative offset and position, big-endian', () => {
    const index = newIndex()
    index.append(1010, 0x0102)
    index.append(1500, 70_000)
    index.file.write()
    expect(fs.readFileSync(index.file.path).toString('hex')).toBe('0000000a00000102' + '000001f400011170')
  })

  it('touches the file only when told to', () => {
    const index = newIndex()
    index.append(1010, 1)
    expect(fs.statSync(index.file.path).size).toBe(0)
    index.file.write()
    index.file.write()
    expect(fs.statSync(index.file.path).size).toBe(8)
  })

  it('finds the last entry that is not above an offset', () => {
    const index = newIndex()
    for (const [offset, position] of [
      [1010, 100],
      [1020, 200],
      [1030, 300],
    ] as const) {
      index.append(offset, position)
    }
    const check = (of: OffsetIndex): void => {
      expect([1000, 1009, 1010, 1015, 1020, 1029, 1030, 9999].map((offset) => of.lookup(offset))).toEqual([
        0, 0, 100, 100, 200, 200, 300, 300,
      ])
      expect([of.length, of.lastOffset]).toEqual([3, 1030])
    }
    check(index)
    index.file.freeze()
    check(index)
    check(reopen(index))
  })

  it('agrees with a plain search, mirrored or frozen', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(500), { maxLength: 60 }), fc.nat(520), (relatives, target) => {
        const index = newIndex()
        const offsets = relatives.sort((a, b) => a - b).map((relative) => BASE + 1 + relative)
        for (const [i, offset] of offsets.entries()) index.append(offset, i + 1)
        const expected = offsets.filter((offset) => offset <= BASE + target).length
        expect(index.lookup(BASE + target)).toBe(expected)
        index.file.freeze()
        expect(index.lookup(BASE + target)).toBe(expected)
      }),
      { numRuns: 60 },
    )
  })

  it('goes on after it was frozen', () => {
    const index = newIndex()
    index.append(1010, 1)
    index.file.freeze()
    index.append(1020, 2)
    index.file.write()
    expect(reopen(index).lookup(1020)).toBe(2)
    expect(reopen(index).lookup(1019)).toBe(1)
  })

  it.each([
    [999, 0],
    [1010, 0],
    [1011, 1],
    [1020, 1],
    [1029, 2],
    [1030, 2],
    [1031, 3],
  ])('keeps what lies below offset %i', (offset, kept) => {
    const index = newIndex()
    for (const at of [1010, 1020, 1030]) index.append(at, at)
    index.file.write()
    index.truncateTo(offset)
    expect(index.length).toBe(kept)
    expect(fs.statSync(index.file.path).size).toBe(kept * 8)
    index.append(2000, 5)
    index.file.write()
    expect(reopen(index).lookup(2000)).toBe(5)
  })

  it('truncates entries that were never written', () => {
    const index = newIndex()
    for (const at of [1010, 1020, 1030]) index.append(at, at)
    index.truncateTo(1020)
    index.file.write()
    expect(fs.statSync(index.file.path).size).toBe(8)
  })

  it('is full at its size, rounded down to entries', () => {
    const index = newIndex(20)
    expect(index.maxEntries).toBe(2)
    index.append(1001, 1)
    expect(index.full).toBe(false)
    index.append(1002, 2)
    expect(index.full).toBe(true)
  })

  it('refuses offsets that do not ascend', () => {
    const index = newIndex()
    index.append(1010, 1)
    expect(() => index.append(1010, 2)).toThrow('not above')
  })

  it('knows what cannot be an index', () => {
    const index = newIndex()
    index.append(1010, 500)
    index.file.write()
    reopen(index).sanityCheck(501)
    expect(() => reopen(index).sanityCheck(500)).toThrow(CorruptFileError)
    fs.appendFileSync(index.file.path, 'xyz')
    expect(() => reopen(index).sanityCheck(10_000)).toThrow('not a multiple of 8')
    fs.writeFileSync(index.file.path, Buffer.from('ffffffff00000000', 'hex'))
    expect(() => reopen(index).sanityCheck(10_000)).toThrow('below the segment')
  })
})
