import * as fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { nodeFileSystem } from '../../src/base/file-system.ts'
import { CorruptFileError } from '../../src/log/errors.ts'
import { type AbortedTransactionEntry, TransactionIndex } from '../../src/log/transaction-index.ts'
import { scratchDirectory } from './support.ts'

const entry = (producerId: bigint, firstOffset: number, lastOffset: number, lastStableOffset: number) =>
  ({ producerId, firstOffset, lastOffset, lastStableOffset }) satisfies AbortedTransactionEntry

/** The overlapping transactions of Kafka's own design example. */
const ENTRIES = [entry(0n, 0, 10, 2), entry(1n, 5, 15, 16), entry(2n, 18, 35, 25), entry(3n, 32, 50, 40)]

function filled(): TransactionIndex {
  const index = new TransactionIndex(nodeFileSystem, join(scratchDirectory(), 'x.txnindex'), 0)
  for (const aborted of ENTRIES) index.append(aborted)
  return index
}

const reopen = (index: TransactionIndex, base = 0): TransactionIndex =>
  new TransactionIndex(nodeFileSystem, index.path, base)

describe('TransactionIndex', () => {
  it('makes its file at the first abort', () => {
    const index = new TransactionIndex(nodeFileSystem, join(scratchDirectory(), 'x.txnindex'), 0)
    expect(index.all()).toEqual([])
    index.reset()
    expect(fs.existsSync(index.path)).toBe(false)
    index.append(entry(0x0102n, 3, 4, 5))
    expect(fs.readFileSync(index.path).toString('hex')).toBe(
      '0000' + '0000000000000102' + '0000000000000003' + '0000000000000004' + '0000000000000005',
    )
  })

  it('comes back from the file, a torn entry left out and written over', () => {
    const index = filled()
    expect(reopen(index).all()).toEqual(ENTRIES)
    fs.appendFileSync(index.path, Buffer.alloc(20, 7))
    const again = reopen(index)
    expect(again.all()).toEqual(ENTRIES)
    again.append(entry(9n, 60, 70, 71))
    expect(reopen(index).all()).toHaveLength(5)
  })

  it.each([
    [0, 100, [0, 1, 2, 3], false],
    [0, 32, [0, 1, 2], true],
    [0, 35, [0, 1, 2, 3], true],
    [10, 35, [0, 1, 2, 3], true],
    [11, 35, [1, 2, 3], true],
    [20, 41, [2, 3], false],
    [51, 100, [], false],
    [0, 2, [0], true],
  ])('finds aborts overlapping [%i, %i)', (from, to, expected, complete) => {
    const result = filled().search(from, to)
    expect(result.aborted.map(({ producerId }) => Number(producerId))).toEqual(expected)
    expect(result.complete).toBe(complete)
  })

  it.each([
    [51, 4],
    [50, 3],
    [35, 2],
    [0, 0],
  ])('truncates to %i', (offset, kept) => {
    const index = filled()
    index.truncateTo(offset)
    expect(index.all()).toHaveLength(kept)
    expect(reopen(index).all()).toEqual(ENTRIES.slice(0, kept))
  })

  it('empties itself', () => {
    const index = filled()
    index.reset()
    expect(reopen(index).all()).toEqual([])
  })

  it('knows what cannot belong to its segment, or to any', () => {
    const index = filled()
    reopen(index, 10).sanityCheck()
    expect(() => reopen(index, 11).sanityCheck()).toThrow(CorruptFileError)
    const bytes = fs.readFileSync(index.path)
    bytes.writeInt16BE(9, 34)
    fs.writeFileSync(index.path, bytes)
    expect(() => reopen(index).all()).toThrow('version 9')
  })
})
