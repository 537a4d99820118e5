import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/base/random.ts'
import {
  offsetName,
  offsetOf,
  parsePartitionDirectory,
  partitionName,
  renamedDirectory,
  segmentPath,
} from '../../src/log/file-names.ts'

describe('file names', () => {
  it('pads offsets to 20 digits, up to the largest exact one', () => {
    expect(offsetName(42)).toBe('00000000000000000042')
    expect(offsetName(Number.MAX_SAFE_INTEGER)).toBe('00009007199254740991')
    expect(segmentPath('/data/a-0', 7, '.log')).toBe('/data/a-0/00000000000000000007.log')
  })

  it.each([
    ['00000000000000000042.log', 42],
    ['00000000000000000042.timeindex.deleted', 42],
    ['00000000000000000042-0000000003.checkpoint', null],
    ['leader-epoch-checkpoint', null],
    ['.lock', null],
  ])('finds the offset in %s', (name, offset) => {
    expect(offsetOf(name)).toBe(offset)
  })

  const id = 'a'.repeat(32)
  it.each([
    ['orders-0', { topic: 'orders', partition: 0, kind: 'log' }],
    ['my-topic-12', { topic: 'my-topic', partition: 12, kind: 'log' }],
    [`my-topic-12.${id}-delete`, { topic: 'my-topic', partition: 12, kind: 'deleted' }],
    [`a.b-1.${id}-stray`, { topic: 'a.b', partition: 1, kind: 'stray' }],
    [`a-1.${id}-future`, { topic: 'a', partition: 1, kind: 'future' }],
    ['orders', null],
    ['orders-', null],
    ['-0', null],
    ['orders-x', null],
    ['lost+found', null],
  ])('parses the directory %s', (name, expected) => {
    expect(parsePartitionDirectory(name)).toEqual(expected)
  })

  it('names a deleted directory so that it parses again, within what file systems take', () => {
    const random = seededRandom(1)
    const name = renamedDirectory('orders', 3, 'delete', random)
    expect(parsePartitionDirectory(name)).toEqual({ topic: 'orders', partition: 3, kind: 'deleted' })
    const long = renamedDirectory('t'.repeat(249), 12345, 'delete', random)
    expect(long.length).toBe(255)
    expect(parsePartitionDirectory(long)?.kind).toBe('deleted')
    expect(partitionName('t', 1)).toBe('t-1')
  })
})
